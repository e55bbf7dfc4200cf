#define _GNU_SOURCE
#include "CProcessVM.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#define CLOSE_RANGE_CLOEXEC_FLAG (1u << 2)

/* What the child says through the pipe when it cannot become the program. */
struct failure {
  int number;
  int in_directory;
};

extern char **environ;

/* Everything from here to execvpe runs between fork and exec: no allocation, no lock. */

/* By the system call, since sigaction(3) keeps its hands off the two signals the C library uses,
 * which may have been inherited as ignored. All zero means SIG_DFL on every architecture. */
static void reset_signals(void) {
  const unsigned long standard[8] = {0};
  for (int signal = 1; signal < NSIG; signal++)
    syscall(SYS_rt_sigaction, signal, standard, NULL, (size_t)8);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A wanted descriptor may itself be 0, 1 or 2, so all are moved out of the way first. */
static int place_stdio(const int wanted[3]) {
  int moved[3];
  for (int i = 0; i < 3; i++) {
    moved[i] = wanted[i] < 0 ? -1 : fcntl(wanted[i], F_DUPFD_CLOEXEC, 3);
    if (wanted[i] >= 0 && moved[i] < 0) return -1;
  }
  for (int i = 0; i < 3; i++)
    if (moved[i] >= 0 && dup2(moved[i], i) < 0) return -1;
  return 0;
}

/* A session of its own, whose signals come from that terminal. */
static int take_terminal(int terminal) {
  if (terminal < 0) return 0;
  return setsid() < 0 ? -1 : ioctl(terminal, TIOCSCTTY, 0);
}

/* Kernels before 5.11 cannot mark the range: there each descriptor is marked by hand. */
static void mark_descriptors(void) {
  if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC_FLAG) == 0) return;
  long limit = sysconf(_SC_OPEN_MAX);
  for (int descriptor = 3; descriptor < (limit > 0 ? limit : 1024); descriptor++)
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/* Limits are only lowered, which is always granted. */
static void limit(int resource, uint64_t most) {
  struct rlimit now;
  if (most == 0 || getrlimit(resource, &now) != 0 || now.rlim_cur <= most) return;
  now.rlim_cur = most;
  setrlimit(resource, &now);
}

/* What a limit ends leaves no core file behind. */
static void set_limits(const struct pvm_spawn_request *request) {
  if (request->most_memory != 0 || request->most_file_bytes != 0 || request->most_seconds != 0)
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  limit(RLIMIT_AS, request->most_memory);
  limit(RLIMIT_FSIZE, request->most_file_bytes);
  limit(RLIMIT_CPU, request->most_seconds);
}

/* Ends the child alone; the library call would run what the parent registered. */
static void end_child(void) { syscall(SYS_exit_group, 127); }

static void become(const struct pvm_spawn_request *request, pid_t parent, int report) {
  struct failure failure = {0, 0};
  reset_signals();
  if (request->die_with_parent) prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (request->die_with_parent && getppid() != parent) end_child();
  mark_descriptors();
  set_limits(request);
  if (take_terminal(request->terminal) == 0 && place_stdio(request->stdio) == 0) {
    if (request->directory != NULL && chdir(request->directory) != 0)
      failure.in_directory = 1;
    else
      execvpe(request->arguments[0], (char *const *)request->arguments,
              request->environment != NULL ? (char *const *)request->environment : environ);
  }
  failure.number = errno;
  while (write(report, &failure, sizeof failure) < 0 && errno == EINTR) continue;
  end_child();
}

/* All signals are blocked over the fork, so that none of our handlers can run in the child. */
static pid_t fork_into(const struct pvm_spawn_request *request, int report) {
  sigset_t all, before;
  pid_t parent = getpid();
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = fork();
  if (pid == 0) become(request, parent, report);
  int number = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return pid < 0 ? -number : pid;
}

pid_t pvm_spawn(const struct pvm_spawn_request *request, bool *directory_failed) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return -errno;
  pid_t pid = fork_into(request, report[1]);
  close(report[1]);
  struct failure failure = {0, 0};
  ssize_t count = 0;
  if (pid > 0)
    while ((count = read(report[0], &failure, sizeof failure)) < 0 && errno == EINTR) continue;
  close(report[0]);
  if (count != (ssize_t)sizeof failure) return pid;
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
  *directory_failed = failure.in_directory != 0;
  return -failure.number;
}

int pvm_memory_file(void) {
  int descriptor = memfd_create("pvmlua", MFD_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int pvm_duplicate(int descriptor) {
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  return copy < 0 ? -errno : copy;
}

int pvm_open_terminal(uint16_t columns, uint16_t rows, int ends[2]) {
  char name[64];
  struct winsize size = {.ws_col = columns, .ws_row = rows};
  int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0) return -errno;
  int theirs = -1;
  if (grantpt(ours) == 0 && unlockpt(ours) == 0 && ptsname_r(ours, name, sizeof name) == 0)
    theirs = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (theirs >= 0 && ioctl(theirs, TIOCSWINSZ, &size) == 0) {
    ends[0] = ours;
    ends[1] = theirs;
    return 0;
  }
  int number = errno;
  if (theirs >= 0) close(theirs);
  close(ours);
  return -number;
}
