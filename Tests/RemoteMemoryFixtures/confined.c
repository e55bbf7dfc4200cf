/* System calls made as whoever has taken the program over would make them, past all checks of ours. */
#define _GNU_SOURCE
#include "RemoteMemoryFixtures.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(const char *name, long result) {
  printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "done");
}

#define TRY(name, call) (errno = 0, report(name, (long)(call)))

static long fork_once(void) {
  pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  if (child > 0) waitpid(child, NULL, 0);
  return child;
}

static void try_files(void) {
  const char *nowhere = "/nowhere/to/be/found";
  TRY("open for writing", open("/dev/null", O_WRONLY));
  TRY("open for both", open("/dev/null", O_RDWR));
  TRY("openat for appending", openat(AT_FDCWD, "/dev/null", O_WRONLY | O_APPEND));
  TRY("create", open(nowhere, O_RDONLY | O_CREAT, 0600));
  TRY("temporary file", open("/nowhere", O_TMPFILE | O_RDWR, 0600));
  TRY("mkdir", mkdir("/", 0700));
  TRY("unlink", unlink(nowhere));
  TRY("unlinkat", unlinkat(AT_FDCWD, nowhere, 0));
  TRY("rename", rename(nowhere, nowhere));
  TRY("link", link(nowhere, nowhere));
  TRY("symlink", symlink(nowhere, nowhere));
  TRY("chmod", chmod(nowhere, 0));
  TRY("chown", chown(nowhere, 0, 0));
  TRY("truncate", truncate(nowhere, 0));
  TRY("memfd_create", memfd_create("x", 0));
  TRY("typing on the terminal", ioctl(0, TIOCSTI, "x"));
}

static void try_programs(pid_t other) {
  char *none[] = {NULL};
  TRY("execve", execve("/nowhere/to/be/found", none, none));
  TRY("execveat", syscall(SYS_execveat, AT_FDCWD, "/nowhere/to/be/found", none, none, 0));
  TRY("fork", fork_once());
  TRY("clone of a namespace", syscall(SYS_unshare, 0x7f));
  TRY("socket", socket(AF_UNIX, SOCK_STREAM, 0));
  TRY("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0, 0}));
  TRY("kill", kill(other, 0));
  TRY("tgkill", syscall(SYS_tgkill, other, other, 0));
  TRY("tkill", syscall(SYS_tkill, other, 0));
  TRY("signal by pidfd",
      syscall(SYS_pidfd_send_signal, syscall(SYS_pidfd_open, other, 0), SIGCONT, NULL, 0));
  TRY("limits of others", syscall(SYS_prlimit64, other, RLIMIT_CORE, NULL, NULL));
  struct iovec none_at_all = {NULL, 0};
  TRY("writing to others", process_vm_writev(other, &none_at_all, 0, &none_at_all, 0, 0));
  TRY("reading others", process_vm_readv(other, &none_at_all, 0, &none_at_all, 0, 0));
  TRY("ptrace peek", ptrace(PTRACE_PEEKDATA, other, NULL, NULL));
  TRY("ptrace poke", ptrace(PTRACE_POKEDATA, other, NULL, NULL));
  TRY("ptrace registers", ptrace(PTRACE_SETREGSET, other, NULL, NULL));
  TRY("parent's death", prctl(PR_SET_PDEATHSIG, 0));
  TRY("ring of calls", syscall(SYS_io_uring_setup, 0, NULL));
}

/* Another thread, from before. */
static int start_of_thread[2];
static void *late_socket(void *unused) {
  char byte;
  if (read(start_of_thread[0], &byte, 1) == 1) TRY("socket of an older thread", socket(AF_UNIX, SOCK_STREAM, 0));
  return unused;
}
static pthread_t older;

int fixture_begin_thread(void) {
  if (pipe(start_of_thread) < 0) return -errno;
  return -pthread_create(&older, NULL, late_socket, NULL);
}

static void *nothing(void *argument) { return argument; }

void fixture_try_calls(int other) {
  try_files();
  try_programs((pid_t)other);
  if (write(start_of_thread[1], "x", 1) == 1) pthread_join(older, NULL);
  pthread_t newer;
  int failure = pthread_create(&newer, NULL, nothing, NULL);
  if (failure == 0) pthread_join(newer, NULL);
  printf("a thread of its own: %s\n", failure == 0 ? "done" : strerrorname_np(failure));
  printf("open for reading: %s\n", open("/dev/null", O_RDONLY) >= 0 ? "done" : strerrorname_np(errno));
  fflush(NULL);
}

/* A call by the numbers of another architecture. */
void fixture_call_as_32_bits(void) {
#if defined(__x86_64__)
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
  printf("32 bits: %s\n", result < 0 ? strerrorname_np((int)-result) : "done");
#endif
  fflush(NULL);
}
