#define _GNU_SOURCE
#include "RemoteMemoryFixtures.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

int fixture_limit_files(uint64_t bytes) {
  struct rlimit limit = {bytes, bytes};
  return setrlimit(RLIMIT_FSIZE, &limit) == 0 ? 0 : -errno;
}

int fixture_mount_small_disk(const char *folder) {
  if (unshare(CLONE_NEWNS) != 0) return -errno;
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -errno;
  return mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0 ? 0 : -errno;
}

int fixture_count_files(const char *folder) {
  DIR *directory = opendir(folder);
  if (directory == NULL) return -errno;
  int count = 0;
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count - 2;
}
