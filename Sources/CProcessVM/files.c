#define _GNU_SOURCE
#include "CProcessVM.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert(PVM_READ_WRITE == O_RDWR && PVM_DIRECTORY == O_DIRECTORY, "as fcntl.h has them");

#define RESULT(call) ({ __typeof__(call) r_ = (call); r_ < 0 ? (__typeof__(r_))-errno : r_; })

int pvm_open(const char *path, int flags) { return RESULT(open(path, flags | O_CLOEXEC)); }

int pvm_create(const char *path) {
  return RESULT(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
}

int pvm_close(int descriptor) { return RESULT(close(descriptor)); }

ssize_t pvm_read(int descriptor, void *buffer, size_t count) {
  return RESULT(read(descriptor, buffer, count));
}

ssize_t pvm_write(int descriptor, const void *bytes, size_t count) {
  return RESULT(write(descriptor, bytes, count));
}

/* The signal is blocked for this thread, and taken back if it came, so that no handler sees it. */
ssize_t pvm_write_quietly(int descriptor, const void *bytes, size_t count) {
  sigset_t pipe_signal, before, pending;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  ssize_t result = RESULT(write(descriptor, bytes, count));
  if (result == -EPIPE && !sigismember(&pending, SIGPIPE))
    sigtimedwait(&pipe_signal, NULL, &(struct timespec){0, 0});
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return result;
}

ssize_t pvm_readlink(const char *path, char *buffer, size_t count) {
  return RESULT(readlink(path, buffer, count));
}

ssize_t pvm_directory_entries(int descriptor, void *buffer, size_t count) {
  return RESULT(syscall(SYS_getdents64, descriptor, buffer, count));
}

int pvm_owner(const char *path, uint32_t *uid) {
  struct stat status;
  int result = RESULT(stat(path, &status));
  if (result == 0) *uid = status.st_uid;
  return result;
}

int pvm_poll(int descriptor, int timeout_milliseconds) {
  struct pollfd one = {.fd = descriptor, .events = POLLIN};
  return RESULT(poll(&one, 1, timeout_milliseconds));
}

int pvm_wait_until(int one, int other, uint64_t moment) {
  struct pollfd both[] = {{.fd = one, .events = POLLIN}, {.fd = other, .events = POLLIN}};
  uint64_t now = pvm_clock(), rest = moment > now ? moment - now : 0;
  struct timespec timeout = {(time_t)(rest / 1000000000u), (long)(rest % 1000000000u)};
  int result = RESULT(ppoll(both, 2, &timeout, NULL));
  if (result <= 0) return result == -EINTR ? 0 : result;
  return (both[0].revents != 0) | (both[1].revents != 0) << 1;
}

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t pvm_coarse_clock(void) { return nanoseconds(CLOCK_MONOTONIC_COARSE); }

uint64_t pvm_clock(void) { return nanoseconds(CLOCK_MONOTONIC); }

uint64_t pvm_date(void) { return nanoseconds(CLOCK_REALTIME); }

void pvm_sleep(uint64_t duration) {
  struct timespec time = {(time_t)(duration / 1000000000u), (long)(duration % 1000000000u)};
  nanosleep(&time, NULL);
}

uint32_t pvm_page_size(void) { return (uint32_t)sysconf(_SC_PAGESIZE); }

uint32_t pvm_clock_ticks(void) { return (uint32_t)sysconf(_SC_CLK_TCK); }

pid_t pvm_own_pid(void) { return getpid(); }

pid_t pvm_own_tid(void) { return gettid(); }

uint32_t pvm_effective_uid(void) { return geteuid(); }

int pvm_pipe(int ends[2]) { return RESULT(pipe2(ends, O_CLOEXEC)); }

const char *pvm_errno_text(int number) { return strerrordesc_np(number); }

const char *pvm_errno_name(int number) { return strerrorname_np(number); }

void *pvm_allocate(size_t count) { return malloc(count); }

void pvm_release(void *memory) { free(memory); }

size_t pvm_first_difference(const void *one, const void *other, size_t count) {
  const unsigned char *left = one, *right = other;
  size_t index = 0;
  for (const size_t block = 4096; index + block <= count; index += block)
    if (memcmp(left + index, right + index, block) != 0) break;
  while (index < count && left[index] == right[index]) index++;
  return index;
}

int pvm_user_name(uint32_t uid, char *name, size_t size) {
  char text[4096];
  struct passwd entry, *found = NULL;
  int failure = getpwuid_r(uid, &entry, text, sizeof text, &found);
  if (failure != 0 || found == NULL || size == 0) return failure != 0 ? -failure : -ENOENT;
  strncpy(name, found->pw_name, size - 1);
  name[size - 1] = 0;
  return 0;
}
