#define _GNU_SOURCE
#include "CProcessVM.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* One number on every architecture with the unified table; absent from older headers. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

static_assert(PVM_PIDFD_THREAD == O_EXCL, "PIDFD_THREAD is O_EXCL");
static_assert(sizeof(struct pvm_pidfd_info) == 64, "the first published size");
static_assert(sizeof(struct pvm_mapping_query) == 104, "the first published size");

#define PIDFD_GET_INFO_REQUEST _IOWR(0xFF, 11, struct pvm_pidfd_info)
#define PROCMAP_QUERY_REQUEST _IOWR('f', 17, struct pvm_mapping_query)

#define RESULT(call) ({ __typeof__(call) r_ = (call); r_ < 0 ? (__typeof__(r_))-errno : r_; })

int pvm_pidfd_open(pid_t pid, unsigned flags) {
  return (int)RESULT(syscall(SYS_pidfd_open, pid, flags));
}

int pvm_pidfd_send_signal(int pidfd, int signal) {
  return (int)RESULT(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int pvm_pidfd_get_info(int pidfd, struct pvm_pidfd_info *info) {
  return RESULT(ioctl(pidfd, PIDFD_GET_INFO_REQUEST, info));
}

int pvm_query_mapping(int maps, uint64_t address, uint64_t flags, void *name, uint32_t name_size,
                      struct pvm_mapping_query *result) {
  *result = (struct pvm_mapping_query){
      .size = sizeof *result,
      .query_flags = flags,
      .query_address = address,
      .name_size = name_size,
      .name_address = (uint64_t)(uintptr_t)name,
  };
  return RESULT(ioctl(maps, PROCMAP_QUERY_REQUEST, result));
}

/* A stop of a child that we trace is reported too, asked for or not; to take it would be to lose the
 * signal the child was about to be given. So each answer is looked at first. */
int pvm_wait_child(pid_t pid, int *how, int *status) {
  siginfo_t info = {.si_pid = 0};
  int result = RESULT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT));
  if (result < 0 || info.si_pid == 0) return result;
  bool has_ended =
      info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
  if (!has_ended) return 0;
  result = RESULT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG));
  if (result < 0 || info.si_pid == 0) return result;
  *how = info.si_code;
  *status = info.si_status;
  return 1;
}
