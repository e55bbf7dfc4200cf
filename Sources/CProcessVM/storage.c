#define _GNU_SOURCE
#include "CProcessVM.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define RESULT(call) ({ __typeof__(call) r_ = (call); r_ < 0 ? (__typeof__(r_))-errno : r_; })

static const size_t huge_page = 2u << 20;

static void *mapping(size_t size, int protection, int flags, int descriptor, off_t offset) {
  void *memory = size == 0 ? MAP_FAILED
                           : mmap(NULL, size, protection, flags | MAP_NORESERVE, descriptor, offset);
  return memory == MAP_FAILED ? NULL : memory;
}

/* A mapping that starts on a huge page: asked for a huge page larger, then cut on both sides. */
static void *aligned_mapping(size_t size, int protection, int flags) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), rounded, room;
  if (__builtin_add_overflow(size, page - 1, &rounded)) return NULL;
  rounded &= ~(page - 1);
  if (__builtin_add_overflow(rounded, huge_page, &room)) return NULL;
  char *memory = mapping(room, protection, flags, -1, 0);
  if (memory == NULL) return NULL;
  size_t before = -(uintptr_t)memory & (huge_page - 1), after = huge_page - before;
  if (before > 0) munmap(memory, before);
  if (after > 0) munmap(memory + before + rounded, after);
  madvise(memory + before, rounded, MADV_HUGEPAGE);
  return memory + before;
}

void *pvm_map_memory(size_t size, bool huge) {
  const int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
  return huge && size >= huge_page ? aligned_mapping(size, protection, flags)
                                   : mapping(size, protection, flags, -1, 0);
}

void *pvm_map_file(int descriptor, uint64_t offset, size_t size) {
  if (offset > INT64_MAX) return NULL;
  return mapping(size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, (off_t)offset);
}

int pvm_unmap(void *memory, size_t size) { return RESULT(munmap(memory, size)); }

int pvm_discard(void *memory, size_t size) {
  return RESULT(madvise(memory, size, MADV_DONTNEED));
}

static int named_temporary_file(const char *directory) {
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s/pvmlua-XXXXXX", directory);
  if (length < 0 || (size_t)length >= sizeof path) return -ENAMETOOLONG;
  int descriptor = RESULT(mkostemp(path, O_CLOEXEC));
  if (descriptor >= 0) unlink(path);
  return descriptor;
}

int pvm_temporary_file(const char *directory) {
  const int flags = O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC;
  int descriptor = RESULT(open(directory, flags, 0600));
  /* What a file system without O_TMPFILE says, and what a kernel without it says. */
  bool lacks_it = descriptor == -EOPNOTSUPP || descriptor == -EISDIR || descriptor == -EINVAL;
  return lacks_it ? named_temporary_file(directory) : descriptor;
}

int pvm_extend_file(int descriptor, uint64_t offset, uint64_t count) {
  if (count == 0) return 0;
  if (offset > INT64_MAX || count > INT64_MAX - offset) return -EFBIG;
  int failure;
  do failure = posix_fallocate(descriptor, (off_t)offset, (off_t)count);
  while (failure == EINTR);
  return -failure;
}

int64_t pvm_free_disk_bytes(int descriptor) {
  struct statvfs disk;
  if (fstatvfs(descriptor, &disk) != 0) return -errno;
  uint64_t bytes;
  bool overflow = __builtin_mul_overflow((uint64_t)disk.f_bavail, (uint64_t)disk.f_frsize, &bytes);
  return overflow || bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes;
}

int pvm_open_file(const char *path, uint64_t *byte_count) {
  int descriptor = RESULT(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (descriptor < 0) return descriptor;
  struct stat status;
  int failure = RESULT(fstat(descriptor, &status));
  if (failure == 0 && S_ISDIR(status.st_mode)) failure = -EISDIR;
  if (failure == 0 && !S_ISREG(status.st_mode)) failure = -EINVAL;
  if (failure != 0) {
    close(descriptor);
    return failure;
  }
  *byte_count = (uint64_t)status.st_size;
  return descriptor;
}

int pvm_create_beside(const char *path, char *name, size_t size) {
  struct stat there;
  if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) return -EINVAL;
  int length = snprintf(name, size, "%s.XXXXXX", path);
  if (length < 0 || (size_t)length >= size) return -ENAMETOOLONG;
  return RESULT(mkostemp(name, O_CLOEXEC));
}

/* A signal that is blocked for this thread, and whether it waited before. */
struct quiet {
  sigset_t signal, before;
  bool was_pending;
};

static struct quiet begin_quiet(int signal) {
  struct quiet quiet;
  sigset_t pending;
  sigemptyset(&quiet.signal);
  sigaddset(&quiet.signal, signal);
  sigpending(&pending);
  quiet.was_pending = sigismember(&pending, signal);
  pthread_sigmask(SIG_BLOCK, &quiet.signal, &quiet.before);
  return quiet;
}

/* Takes the signal back if it came, so that no handler sees it. */
static void end_quiet(const struct quiet *quiet, bool came) {
  if (came && !quiet->was_pending)
    sigtimedwait(&quiet->signal, NULL, &(struct timespec){0, 0});
  pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
}

ssize_t pvm_pwrite_quietly(int descriptor, const void *bytes, size_t count, uint64_t offset) {
  if (offset > INT64_MAX) return -EFBIG;
  struct quiet quiet = begin_quiet(SIGXFSZ);
  ssize_t result = RESULT(pwrite(descriptor, bytes, count, (off_t)offset));
  end_quiet(&quiet, result == -EFBIG);
  return result;
}

int pvm_set_length(int descriptor, uint64_t byte_count) {
  if (byte_count > INT64_MAX) return -EFBIG;
  struct quiet quiet = begin_quiet(SIGXFSZ);
  int result = RESULT(ftruncate(descriptor, (off_t)byte_count));
  end_quiet(&quiet, result == -EFBIG);
  return result;
}

int pvm_sync(int descriptor) { return RESULT(fsync(descriptor)); }

int pvm_rename(const char *from, const char *to) { return RESULT(rename(from, to)); }

int pvm_unlink(const char *path) { return RESULT(unlink(path)); }
