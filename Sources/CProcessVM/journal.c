#define _GNU_SOURCE
#include "CProcessVM.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESULT(call) ({ __typeof__(call) r_ = (call); r_ < 0 ? (__typeof__(r_))-errno : r_; })

/* Whether nobody but us and root can change it. */
static bool is_ours(const struct stat *status) {
  return status->st_uid == geteuid() && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int pvm_make_folder(const char *path) {
  int result = RESULT(mkdir(path, 0700));
  if (result == 0 || result != -EEXIST) return result;
  struct stat status;
  result = RESULT(stat(path, &status));
  return result < 0 ? result : S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int pvm_check_private_folder(const char *path) {
  struct stat status;
  int result = RESULT(stat(path, &status));
  if (result < 0) return result;
  return !S_ISDIR(status.st_mode) ? -ENOTDIR : is_ours(&status) ? 0 : -EPERM;
}

int pvm_open_journal(const char *path, bool creates) {
  int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int descriptor = RESULT(open(path, flags | (creates ? O_CREAT : 0), 0600));
  /* What pvm_confine says; the journals of others can then still be read. */
  if (descriptor == -EPERM && !creates)
    descriptor = RESULT(open(path, (flags & ~O_ACCMODE) | O_RDONLY));
  if (descriptor < 0) return descriptor;
  struct stat status;
  int result = RESULT(fstat(descriptor, &status));
  if (result == 0 && !S_ISREG(status.st_mode)) result = -EINVAL;
  if (result == 0 && !is_ours(&status)) result = -EPERM;
  if (result == 0) return descriptor;
  close(descriptor);
  return result;
}

int pvm_lock(int descriptor, bool waits) {
  int result;
  do result = RESULT(flock(descriptor, LOCK_EX | (waits ? 0 : LOCK_NB)));
  while (result == -EINTR);
  return result;
}

int pvm_unlock(int descriptor) { return RESULT(flock(descriptor, LOCK_UN)); }

int pvm_sync_data(int descriptor) { return RESULT(fdatasync(descriptor)); }
