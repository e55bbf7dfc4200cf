/* One line, in readline's callback interface: keys are handed to it when they are there, and so
   signals, timers and messages have their turn while a line is typed. */
#define _GNU_SOURCE
#include "editor.h"

#include <fcntl.h>
#include <langinfo.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

static pvm_editor_hooks hooks;
static pvm_line_state state = PVM_LINE_END;
static char *accepted;
static bool is_open;      /* a line is being typed */
static bool has_terminal; /* readline has set the modes it needs */

/* --- what readline calls ---------------------------------------------------------------------- */

/* A key that no UTF-8 has: what stands for bytes that are none. readline would keep a byte that could
   begin a character, and bring it back in the middle of what is typed next. */
enum { ODD_KEY = 0xFF, LONGEST = 4 };
static char odd[LONGEST + 1];
/* Bytes that were read already. */
static char ahead[LONGEST];
static int ahead_first, ahead_count;
/* The bytes of these two keys around pasted text, in which every byte counts. */
static const char paste_begins[] = "\033[200~", paste_ends[] = "\033[201~";
static bool is_pasting;
static size_t matched;

/* Ctrl-C came between two keys: the line is dropped, and what was typed after it stays. */
static bool is_cut;

/* A byte; where Ctrl-C came, once the key that does nothing, so that readline comes to an end. */
static int next_byte(void) {
  bool cuts;
  int byte = pvm_read_byte(&cuts);
  if (!cuts || is_cut) return byte;
  is_cut = true;
  if (byte != EOF) ungetc(byte, stdin);
  odd[0] = 0;
  return ODD_KEY;
}

static void look_for_paste(int byte) {
  const char *key = is_pasting ? paste_ends : paste_begins;
  matched = byte == key[matched] ? matched + 1 : byte == key[0];
  if (key[matched] != 0) return;
  is_pasting = !is_pasting;
  matched = 0;
}

static bool is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

/* How many bytes follow the first one of a character; -1: it begins none. */
static int following(int byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return 1;
  if (byte >= 0xE0 && byte <= 0xEF) return 2;
  return byte >= 0xF0 && byte <= 0xF4 ? 3 : -1;
}

/* Reads a character on from its first byte: that byte, with the others ahead, or a key that stands for
   what is no character. */
static int read_character(int first) {
  char bytes[LONGEST + 1] = {(char)first};
  int count = 1, last = EOF, wanted = 1 + following(first);
  while (count < wanted && pvm_await_input(50) == PVM_INPUT_IS_THERE) {
    last = next_byte();
    if (is_cut) return ODD_KEY;
    if (last == EOF || (last & 0xC0) != 0x80) break;
    bytes[count++] = (char)last;
    last = EOF;
  }
  mbstate_t shift;
  memset(&shift, 0, sizeof shift);
  bool is_whole = mbrtowc(NULL, bytes, (size_t)count, &shift) == (size_t)count;
  ahead_first = ahead_count = 0;
  if (is_whole) {
    for (int i = 1; i < count; i++) ahead[ahead_count++] = bytes[i];
    return first;
  }
  memcpy(odd, bytes, sizeof odd);
  if (last != EOF) ahead[ahead_count++] = (char)last;
  return ODD_KEY;
}

static int read_key(FILE *stream) {
  (void)stream;
  if (ahead_count > 0) {
    ahead_count -= 1;
    return (unsigned char)ahead[ahead_first++];
  }
  int byte = next_byte();
  if (is_cut) return byte;
  look_for_paste(byte);
  return byte < 0x80 || is_pasting || !is_utf8() ? byte : read_character(byte);
}

static int on_odd(int count, int key) {
  (void)count, (void)key;
  rl_insert_text(odd);
  odd[0] = 0;
  return 0;
}

/* readline sets how long it wants to wait by a function that answers what was set before. */
static int key_is_there(void) {
  if (ahead_count > 0) return 1;
  int microseconds = rl_set_keyboard_input_timeout(0);
  rl_set_keyboard_input_timeout(microseconds);
  return pvm_await_input(microseconds / 1000) == PVM_INPUT_IS_THERE;
}

static void on_line(char *line) {
  rl_callback_handler_remove();
  is_open = has_terminal = false;
  accepted = line;
  state = line ? PVM_LINE_ACCEPTED : PVM_LINE_END;
}

static int on_tab(int count, int key) {
  (void)count, (void)key;
  if (hooks.tab) hooks.tab(hooks.context, rl_last_func == on_tab);
  return 0;
}

static int on_hint(int count, int key) {
  (void)count, (void)key;
  if (hooks.hint) hooks.hint(hooks.context);
  return 0;
}

static int on_accept(int count, int key) {
  rl_deactivate_mark();
  if (hooks.accept) hooks.accept(hooks.context);
  return rl_newline(count, key);
}

/* Whatever way the program ends while a line is typed, the terminal gets its modes back. */
static void at_end(void) {
  if (has_terminal) pvm_editor_leave_terminal();
  pvm_keys_end();
}

void pvm_editor_prepare(const char *name, pvm_editor_hooks given) {
  hooks = given;
  rl_readline_name = name;
  rl_instream = stdin;
  /* A stream of its own, so that what a script prints can be held back beside it. */
  int terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  rl_outstream = terminal >= 0 ? fdopen(terminal, "w") : NULL;
  if (!rl_outstream) rl_outstream = stdout;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;
  rl_getc_function = read_key;
  rl_input_available_hook = key_is_there;
  /* Before ~/.inputrc is read, so that it has the last word on the keys. */
  rl_add_defun("pvmlua-complete", on_tab, '\t');
  rl_add_defun("pvmlua-hint", on_hint, -1);
  rl_add_defun("pvmlua-accept", on_accept, '\r');
  rl_bind_key('\n', on_accept);
  rl_bind_keyseq("\\eh", on_hint);
  rl_bind_key_in_map('\r', on_accept, vi_insertion_keymap);
  rl_bind_key_in_map('\n', on_accept, vi_insertion_keymap);
  rl_bind_key_in_map('\r', on_accept, vi_movement_keymap);
  rl_bind_key_in_map('\n', on_accept, vi_movement_keymap);
  rl_bind_key_in_map('\t', on_tab, vi_insertion_keymap);
  rl_initialize();
  /* Only now are keys of eight bits keys of their own. */
  rl_bind_key_in_map(ODD_KEY, on_odd, emacs_standard_keymap);
  rl_bind_key_in_map(ODD_KEY, on_odd, vi_insertion_keymap);
  atexit(at_end);
}

/* --- a line ------------------------------------------------------------------------------------ */

void pvm_editor_begin(const char *prompt, const char *text) {
  free(accepted);
  accepted = NULL;
  state = PVM_LINE_TYPING;
  is_open = has_terminal = true;
  clearerr(stdin);
  rl_callback_handler_install(prompt, on_line);
  if (*text == 0) return;
  rl_insert_text(text);
  rl_redisplay();
}

/* Ends a line that is being typed, behind a ^C. */
static void drop_line(void) {
  if (is_open) {
    rl_callback_sigcleanup();
    rl_deactivate_mark();
    rl_point = rl_end;
    rl_redisplay();
    fputs("^C", rl_outstream);
    rl_crlf();
    rl_free_line_state();
    rl_replace_line("", 1);
    rl_callback_handler_remove();
  }
  ahead_count = 0;
  is_pasting = is_cut = false;
  matched = 0;
  is_open = has_terminal = false;
  state = PVM_LINE_END;
}

pvm_line_state pvm_editor_step(void) {
  do rl_callback_read_char();
  while (is_open && ahead_count > 0 && !is_cut);
  if (!is_cut) return state;
  drop_line();
  pvm_interrupt_take();
  return PVM_LINE_DROPPED;
}

char *pvm_editor_take(void) {
  char *line = accepted;
  accepted = NULL;
  return line;
}

void pvm_editor_abandon(void) {
  drop_line();
  /* The terminal has dropped what was typed and not yet read; so do we. */
  __fpurge(stdin);
}

/* --- the screen -------------------------------------------------------------------------------- */

void pvm_editor_hide(void) {
  if (!is_open) return;
  rl_clear_visible_line();
  fflush(rl_outstream);
}

void pvm_editor_show(void) {
  if (is_open) rl_forced_update_display();
}

void pvm_editor_resize(void) {
  if (is_open) rl_resize_terminal();
}

void pvm_editor_leave_terminal(void) {
  if (!has_terminal) return;
  has_terminal = false;
  if (rl_deprep_term_function) rl_deprep_term_function();
}

void pvm_editor_take_terminal(void) {
  if (!is_open) return;
  has_terminal = true;
  if (rl_prep_term_function) rl_prep_term_function(1);
  rl_resize_terminal();
  rl_forced_update_display();
}

void pvm_terminal_size(int *columns, int *rows) {
  struct winsize size;
  memset(&size, 0, sizeof size);
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) memset(&size, 0, sizeof size);
  *columns = size.ws_col > 0 ? size.ws_col : 80;
  *rows = size.ws_row > 0 ? size.ws_row : 24;
}

static struct termios former_modes;
static bool has_keys;

void pvm_keys_begin(void) {
  if (has_keys || tcgetattr(STDIN_FILENO, &former_modes) != 0) return;
  struct termios modes = former_modes;
  modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  has_keys = tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) == 0;
}

void pvm_keys_end(void) {
  if (has_keys) tcsetattr(STDIN_FILENO, TCSADRAIN, &former_modes);
  has_keys = false;
}

/* --- the line being typed ---------------------------------------------------------------------- */

const char *pvm_line_bytes(size_t *count, size_t *cursor) {
  *count = (size_t)rl_end;
  *cursor = (size_t)rl_point;
  return rl_line_buffer;
}

void pvm_line_replace(size_t start, size_t end, const char *text) {
  rl_begin_undo_group();
  rl_delete_text((int)start, (int)end);
  rl_point = (int)start;
  rl_insert_text(text);
  rl_end_undo_group();
}

void pvm_line_redraw(void) {
  rl_point = rl_end;
  rl_redisplay();
}

void pvm_line_show_below(const char *text, size_t count) {
  int cursor = rl_point;
  rl_point = rl_end;
  rl_redisplay();
  rl_crlf();
  fwrite(text, 1, count, rl_outstream);
  if (count == 0 || text[count - 1] != '\n') rl_crlf();
  rl_point = cursor;
  rl_forced_update_display();
}

void pvm_line_repaint(const char *text, size_t count) {
  rl_clear_visible_line();
  fwrite(text, 1, count, rl_outstream);
  rl_crlf();
  fflush(rl_outstream);
  rl_on_new_line();
}

/* Columns of a text as the terminal counts them; what lies between \1 and \2 takes none. */
static size_t rows_of(const char *text, size_t count, size_t columns, size_t *column) {
  size_t rows = 0;
  bool is_hidden = false;
  mbstate_t shift;
  memset(&shift, 0, sizeof shift);
  for (size_t i = 0; i < count;) {
    wchar_t character = 0;
    size_t length = mbrtowc(&character, text + i, count - i, &shift);
    int width = 1;
    if (length == (size_t)-1 || length == (size_t)-2 || length == 0) {
      length = 1;
      memset(&shift, 0, sizeof shift);
    } else {
      width = wcwidth(character);
    }
    char byte = text[i];
    i += length;
    if (byte == RL_PROMPT_START_IGNORE) is_hidden = true;
    if (byte == RL_PROMPT_END_IGNORE) {
      is_hidden = false;
      continue;
    }
    if (is_hidden) continue;
    if (byte == '\n') {
      rows += 1;
      *column = 0;
      continue;
    }
    *column += width < 0 ? 2 : (size_t)width;
    if (*column > columns) {
      rows += 1;
      *column = width < 0 ? 2 : (size_t)width;
    }
  }
  return rows;
}

size_t pvm_line_rows(void) {
  int columns, rows;
  pvm_terminal_size(&columns, &rows);
  size_t column = 0;
  const char *prompt = rl_prompt ? rl_prompt : "";
  size_t taken = rows_of(prompt, strlen(prompt), (size_t)columns, &column);
  return 1 + taken + rows_of(rl_line_buffer, (size_t)rl_end, (size_t)columns, &column);
}
