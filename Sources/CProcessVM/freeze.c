#define _GNU_SOURCE
#include "CProcessVM.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#define RESULT(call) ({ long r_ = (call); r_ < 0 ? -errno : (int)r_; })

/* A number where glibc wants a pointer. */
#define NUMBER(value) ((void *)(uintptr_t)(value))

int pvm_trace_seize(pid_t thread) { return RESULT(ptrace(PTRACE_SEIZE, thread, NULL, NULL)); }

int pvm_trace_interrupt(pid_t thread) {
  return RESULT(ptrace(PTRACE_INTERRUPT, thread, NULL, NULL));
}

int pvm_trace_detach(pid_t thread, int signal) {
  return RESULT(ptrace(PTRACE_DETACH, thread, NULL, NUMBER(signal)));
}

int pvm_trace_stop(pid_t thread, int *signal) {
  siginfo_t info = {.si_pid = 0};
  int result =
      RESULT(waitid(P_PID, (id_t)thread, &info, WSTOPPED | WNOHANG | WNOWAIT | __WALL));
  if (result < 0 || info.si_pid == 0) return result;
  *signal = info.si_status >> 8 == 0 ? info.si_status : 0;
  return 1;
}

int pvm_trace_bury(pid_t thread) {
  siginfo_t info = {.si_pid = 0};
  int result = RESULT(waitid(P_PID, (id_t)thread, &info, WEXITED | WNOHANG | __WALL));
  return result < 0 ? result : info.si_pid != 0;
}

ssize_t pvm_trace_registers(pid_t thread, bool floating, void *bytes, size_t count) {
  struct iovec room = {bytes, count};
  int set = floating ? NT_PRFPREG : NT_PRSTATUS;
  int result = RESULT(ptrace(PTRACE_GETREGSET, thread, NUMBER(set), &room));
  return result < 0 ? result : (ssize_t)room.iov_len;
}
