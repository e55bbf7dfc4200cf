/* Editing a line on a terminal with GNU readline, in a vocabulary of its own: readline's header has
 * variables that Swift must not touch, and calls that longjmp.
 *
 * Everything but pvm_signal_take happens on the one thread that reads lines. No call here leaves by
 * longjmp, and none may be called from a hook unless its comment says so.
 */
#ifndef CREADLINE_H
#define CREADLINE_H

#include <stdbool.h>
#include <stddef.h>

/* --- input.c: waiting for keys, signals and time --------------------------------------------- */

/* From now on SIGINT is noted and does nothing else, unless it was ignored; until the end. */
void pvm_signals_begin(void);
void pvm_signals_end(void);
/* While a line is edited, those that would leave the terminal in its wrong modes are noted too:
   SIGTSTP, SIGCONT, SIGWINCH, SIGTERM, SIGHUP, SIGQUIT. */
void pvm_edit_signals_begin(void);
void pvm_edit_signals_end(void);
/* Whether the signal has come since it was asked last. Safe from any thread. */
bool pvm_signal_take(int number);
/* The same for SIGINT, as LuaState.setEarlyInterrupt takes it. */
bool pvm_interrupt_take(void);

typedef enum { PVM_TIME_IS_UP, PVM_INPUT_IS_THERE, PVM_SIGNAL_CAME } pvm_wait;
/* Waits for standard input; what its stream holds already counts. Less than 0: for ever. */
pvm_wait pvm_await_input(int milliseconds);
/* One byte from the stream of standard input, waited for by pvm_await_input; -1 at the end, and where
   Ctrl-C came instead. `is_cut`: Ctrl-C came while the terminal was asked, which drops what was typed
   before it: a byte that is answered was typed after it. */
int pvm_read_byte(bool *is_cut);
/* Forgets that the streams met an end or an error. */
void pvm_clear_streams(void);

/* --- editor.c: one line ---------------------------------------------------------------------- */

typedef struct {
  void *context;
  void (*tab)(void *context, bool again);   /* may call the pvm_line functions below */
  void (*hint)(void *context);              /* the same */
  void (*accept)(void *context);            /* the line is about to be accepted: the same */
} pvm_editor_hooks;

/* Before the first line. `name` is what ~/.inputrc asks for with $if. */
void pvm_editor_prepare(const char *name, pvm_editor_hooks hooks);

/* Shows a prompt (bytes between \1 and \2 take no room) and begins a line with a text in it. */
void pvm_editor_begin(const char *prompt, const char *text);
typedef enum { PVM_LINE_TYPING, PVM_LINE_ACCEPTED, PVM_LINE_DROPPED, PVM_LINE_END } pvm_line_state;
/* Takes the keys that are there. Dropped: Ctrl-C came between two of them, and was taken. */
pvm_line_state pvm_editor_step(void);
/* The line that was accepted; the caller frees it. NULL when there is none. */
char *pvm_editor_take(void);
/* Ends a line that is being typed; it stays on the screen behind a ^C. */
void pvm_editor_abandon(void);

/* Takes the line from the screen so that something can be printed in its place, and shows it again. */
void pvm_editor_hide(void);
void pvm_editor_show(void);
/* The terminal has another size. */
void pvm_editor_resize(void);
/* Gives the terminal its own modes, and takes it back. */
void pvm_editor_leave_terminal(void);
void pvm_editor_take_terminal(void);
/* From now on single keys can be read, and are not shown; until the end. Where standard input is no
   terminal nothing happens. */
void pvm_keys_begin(void);
void pvm_keys_end(void);
/* Columns and rows of the terminal, 80 and 24 where it does not say. */
void pvm_terminal_size(int *columns, int *rows);

/* The line being typed, valid until it changes. */
const char *pvm_line_bytes(size_t *count, size_t *cursor);
/* Puts a text in the place of a part of the line, and the cursor behind it. */
void pvm_line_replace(size_t start, size_t end, const char *text);
/* Shows the line as it is now, with the cursor at its end. */
void pvm_line_redraw(void);
/* Prints a text below the line, and the line again below that. */
void pvm_line_show_below(const char *text, size_t count);
/* Prints a text in the place of prompt and line, just before the line is accepted. */
void pvm_line_repaint(const char *text, size_t count);
/* How many rows prompt and line take. */
size_t pvm_line_rows(void);

/* --- history.c: the entries that the arrow keys bring back ----------------------------------- */

/* Adds an entry that is known to be there only once. */
void pvm_history_load(const char *entry);
/* Adds an entry as the newest; the same one from earlier goes. */
void pvm_history_add(const char *entry);
/* Keeps so many. */
void pvm_history_limit(int count);

#endif
