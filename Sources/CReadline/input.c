/* Waiting for keys, signals and time. Signals are noted by handlers that write to an eventfd, so it
   does not matter which thread they come to. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "editor.h"

static volatile sig_atomic_t seen[NSIG];
static int bell = -1;

static void note(int number) {
  int saved = errno;
  seen[number] = 1;
  eventfd_write(bell, 1);
  errno = saved;
}

bool pvm_signal_take(int number) {
  if (!seen[number]) return false;
  seen[number] = 0;
  return true;
}

bool pvm_interrupt_take(void) { return pvm_signal_take(SIGINT); }

/* No SA_RESTART: what waits has to come back. */
static void listen_for(int number, struct sigaction *former) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  sigaction(number, NULL, former);
  if (former->sa_handler != SIG_IGN || number == SIGWINCH) sigaction(number, &action, NULL);
}

static struct sigaction former_interrupt;

void pvm_signals_begin(void) {
  if (bell < 0) bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  listen_for(SIGINT, &former_interrupt);
}

void pvm_signals_end(void) { sigaction(SIGINT, &former_interrupt, NULL); }

static const int edit_signals[] = {SIGTSTP, SIGCONT, SIGWINCH, SIGTERM, SIGHUP, SIGQUIT};
enum { EDIT_SIGNALS = sizeof edit_signals / sizeof *edit_signals };
static struct sigaction former[EDIT_SIGNALS];

void pvm_edit_signals_begin(void) {
  for (int i = 0; i < EDIT_SIGNALS; i++) listen_for(edit_signals[i], &former[i]);
}

void pvm_edit_signals_end(void) {
  for (int i = 0; i < EDIT_SIGNALS; i++) sigaction(edit_signals[i], &former[i], NULL);
}

static bool is_buffered(void) { return stdin->_IO_read_ptr < stdin->_IO_read_end; }

pvm_wait pvm_await_input(int milliseconds) {
  if (is_buffered()) return PVM_INPUT_IS_THERE;
  struct pollfd sources[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = bell, .events = POLLIN}};
  int count = poll(sources, 2, milliseconds);
  if (sources[1].revents) {
    eventfd_t rings;
    eventfd_read(bell, &rings);
    return PVM_SIGNAL_CAME;
  }
  if (count < 0) return errno == EINTR ? PVM_SIGNAL_CAME : PVM_INPUT_IS_THERE;
  return count > 0 ? PVM_INPUT_IS_THERE : PVM_TIME_IS_UP;
}

/* For readline, which asks in the middle of a line: Ctrl-C ends its asking, and is left for whoever
   asked for the line. */
int pvm_read_byte(bool *is_cut) {
  *is_cut = false;
  while (pvm_await_input(-1) != PVM_INPUT_IS_THERE) {
    *is_cut = seen[SIGINT];
    if (seen[SIGINT] || seen[SIGTERM] || seen[SIGHUP]) return EOF;
  }
  bool asks_terminal = !is_buffered(), was_seen = seen[SIGINT];
  int byte;
  do {
    errno = 0;
    byte = getc_unlocked(stdin);
    if (byte == EOF) clearerr(stdin);
  } while (byte == EOF && errno == EINTR && !seen[SIGINT]);
  *is_cut = asks_terminal && !was_seen && seen[SIGINT];
  return byte;
}

void pvm_clear_streams(void) {
  clearerr(stdin);
  clearerr(stdout);
}
