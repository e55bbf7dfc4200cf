#define _GNU_SOURCE
#include "CProcessVM.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define RESULT(call) ({ __typeof__(call) r_ = (call); r_ < 0 ? (__typeof__(r_))-errno : r_; })

/* struct pm_scan_arg of linux/fs.h. */
struct scan {
  uint64_t size, flags, start, end, walk_end, ranges, range_count, most_pages;
  struct pvm_page_query query;
};
static_assert(sizeof(struct scan) == 96, "the first published size");
static_assert(sizeof(struct pvm_page_range) == 24, "struct page_region");
static_assert(PVM_PATH_ONLY == O_PATH && PVM_NONBLOCKING == O_NONBLOCK, "as fcntl.h has them");

#define PAGEMAP_SCAN_REQUEST _IOWR('f', 16, struct scan)

int pvm_scan_pages(int pagemap, uint64_t start, uint64_t end, struct pvm_page_query query,
                   struct pvm_page_range *ranges, size_t range_count) {
  struct scan scan = {
      .size = sizeof scan,
      .start = start,
      .end = end,
      .ranges = (uint64_t)(uintptr_t)ranges,
      .range_count = range_count,
      .query = query,
  };
  return RESULT(ioctl(pagemap, PAGEMAP_SCAN_REQUEST, &scan));
}

int64_t pvm_seek_data(int descriptor, uint64_t offset) {
  return offset > INT64_MAX ? -ENXIO : RESULT(lseek(descriptor, (off_t)offset, SEEK_DATA));
}

int64_t pvm_seek_hole(int descriptor, uint64_t offset) {
  return offset > INT64_MAX ? -ENXIO : RESULT(lseek(descriptor, (off_t)offset, SEEK_HOLE));
}

int pvm_identify_file(int descriptor, struct pvm_file_identity *identity) {
  struct stat status;
  int result = RESULT(fstat(descriptor, &status));
  if (result < 0) return result;
  *identity = (struct pvm_file_identity){
      .inode = status.st_ino,
      .device_major = major(status.st_dev),
      .device_minor = minor(status.st_dev),
      .is_regular = S_ISREG(status.st_mode),
      .is_device = S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode),
  };
  return 0;
}
