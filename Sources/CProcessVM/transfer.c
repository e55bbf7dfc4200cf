#define _GNU_SOURCE
#include "CProcessVM.h"

#include <assert.h>
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

static_assert(sizeof(struct pvm_span) == sizeof(struct iovec), "a span is passed as an iovec");

#define RESULT(call) ({ __typeof__(call) r_ = (call); r_ < 0 ? (__typeof__(r_))-errno : r_; })

ssize_t pvm_readv(pid_t pid, const void *local, unsigned long local_count, const void *remote,
                  unsigned long remote_count, unsigned long flags) {
  return RESULT(process_vm_readv(pid, local, local_count, remote, remote_count, flags));
}

ssize_t pvm_writev(pid_t pid, const void *local, unsigned long local_count, const void *remote,
                   unsigned long remote_count, unsigned long flags) {
  return RESULT(process_vm_writev(pid, local, local_count, remote, remote_count, flags));
}

ssize_t pvm_read_range(pid_t pid, void *buffer, size_t count, uint64_t address) {
  struct iovec local = {buffer, count}, remote = {(void *)(uintptr_t)address, count};
  return RESULT(process_vm_readv(pid, &local, 1, &remote, 1, 0));
}

ssize_t pvm_pread(int descriptor, void *buffer, size_t count, uint64_t offset) {
  return RESULT(pread(descriptor, buffer, count, (off_t)offset));
}

ssize_t pvm_pwrite(int descriptor, const void *bytes, size_t count, uint64_t offset) {
  return RESULT(pwrite(descriptor, bytes, count, (off_t)offset));
}
