/* The system calls the shared core makes, each with one convention: the result, or -errno.
 *
 * They are here for one of three reasons: glibc declares them only under _GNU_SOURCE, which Swift's
 * Glibc module does not define; they are ioctls with macro numbers, which Swift does not import; or
 * errno has to be taken before any Swift code can run. Nothing is added to what the kernel does. */
#ifndef CPROCESSVM_H
#define CPROCESSVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One piece of memory; the layout of `struct iovec`, for an address of any process. */
struct pvm_span {
  uint64_t address;
  uint64_t count;
};

/* process_vm_readv(2), process_vm_writev(2). */
ssize_t pvm_readv(pid_t pid, const void *local, unsigned long local_count, const void *remote,
                  unsigned long remote_count, unsigned long flags);
ssize_t pvm_writev(pid_t pid, const void *local, unsigned long local_count, const void *remote,
                   unsigned long remote_count, unsigned long flags);

/* process_vm_readv(2) with one element a side. */
ssize_t pvm_read_range(pid_t pid, void *buffer, size_t count, uint64_t address);

/* pread(2), pwrite(2). The offset is an address, so it may exceed the range of a signed number. */
ssize_t pvm_pread(int descriptor, void *buffer, size_t count, uint64_t offset);
ssize_t pvm_pwrite(int descriptor, const void *bytes, size_t count, uint64_t offset);

/* open(2) with O_CLOEXEC, close(2), read(2), write(2), readlinkat(2) from the current directory. */
int pvm_open(const char *path, int flags);
int pvm_close(int descriptor);

/* open(2) for writing with O_CREAT, O_TRUNC and O_CLOEXEC; mode 0666 less the umask. */
int pvm_create(const char *path);
ssize_t pvm_read(int descriptor, void *buffer, size_t count);
ssize_t pvm_write(int descriptor, const void *bytes, size_t count);
ssize_t pvm_readlink(const char *path, char *buffer, size_t count);

/* access flags for pvm_open, under names Swift can see. */
enum {
  PVM_READ_ONLY = 0,
  PVM_READ_WRITE = 2,
  PVM_NONBLOCKING = 04000,
  PVM_DIRECTORY = 0200000,
  PVM_PATH_ONLY = 010000000,
};

/* write(2) to a pipe: EPIPE when nobody reads it, without the signal SIGPIPE. */
ssize_t pvm_write_quietly(int descriptor, const void *bytes, size_t count);

/* getdents64(2). */
ssize_t pvm_directory_entries(int descriptor, void *buffer, size_t count);

/* The owner of a file by stat(2), and whether it is there at all. */
int pvm_owner(const char *path, uint32_t *uid);

/* poll(2) for reading, one descriptor. 1: readable or at an end, 0: nothing within the time. */
int pvm_poll(int descriptor, int timeout_milliseconds);

/* ppoll(2) for reading two descriptors, of which one may be -1, until a moment of CLOCK_MONOTONIC in
 * nanoseconds. Bit 0: the first is readable, bit 1: the second, 0: neither by then, or a signal. */
int pvm_wait_until(int one, int other, uint64_t moment);

/* CLOCK_MONOTONIC_COARSE and CLOCK_MONOTONIC by clock_gettime(2), in nanoseconds. */
uint64_t pvm_coarse_clock(void);
uint64_t pvm_clock(void);
uint64_t pvm_date(void);
void pvm_sleep(uint64_t nanoseconds);

uint32_t pvm_page_size(void);
uint32_t pvm_clock_ticks(void);
pid_t pvm_own_pid(void);
pid_t pvm_own_tid(void);
uint32_t pvm_effective_uid(void);

/* pidfd_open(2). PVM_PIDFD_THREAD (Linux 6.9) names one thread instead of its process. */
enum { PVM_PIDFD_THREAD = 0200 };
int pvm_pidfd_open(pid_t pid, unsigned flags);

/* pidfd_send_signal(2): the signal cannot reach another process that was given the same number. */
int pvm_pidfd_send_signal(int pidfd, int signal);

/* PIDFD_GET_INFO (Linux 6.13; exit status since 6.15), ioctl_pidfd(2). Debian's headers lack it. */
enum { PVM_PIDFD_INFO_EXIT = 1 << 3 };
struct pvm_pidfd_info {
  uint64_t mask, cgroup_id;
  uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
  int32_t exit_code;
};
int pvm_pidfd_get_info(int pidfd, struct pvm_pidfd_info *info);

/* PROCMAP_QUERY (Linux 6.11), on a descriptor of /proc/PID/maps. Debian's headers lack it. */
enum {
  PVM_MAP_READABLE = 1,
  PVM_MAP_WRITABLE = 2,
  PVM_MAP_EXECUTABLE = 4,
  PVM_MAP_SHARED = 8,
  PVM_MAP_COVERING_OR_NEXT = 16,
};
struct pvm_mapping_query {
  uint64_t size, query_flags, query_address;
  uint64_t start, end, flags, page_size, offset, inode;
  uint32_t device_major, device_minor, name_size, build_id_size;
  uint64_t name_address, build_id_address;
};
int pvm_query_mapping(int maps, uint64_t address, uint64_t flags, void *name, uint32_t name_size,
                      struct pvm_mapping_query *result);

/* PAGEMAP_SCAN (Linux 6.7) of ioctl(2) on a descriptor of /proc/PID/pagemap, whose header Debian
 * lacks: ranges of pages in rising order. The number of ranges; when it is `range_count` there may
 * be more behind the end of the last one. How far the kernel says that it walked is not given: it
 * can lag behind the ranges. */
enum {
  PVM_PAGE_IS_FILE = 1 << 2,
  PVM_PAGE_IS_PRESENT = 1 << 3,
  PVM_PAGE_IS_SWAPPED = 1 << 4,
  PVM_PAGE_IS_ZERO_PAGE = 1 << 5,
  PVM_PAGE_IS_HUGE = 1 << 6,
  PVM_PAGE_IS_GUARD = 1 << 8, /* Linux 6.15 */
};
/* Pages that have all of some bits and, unless that is 0, any of others, once the bits of `inverted`
 * are turned round. A range has the bits of `shown` in common. */
struct pvm_page_query {
  uint64_t inverted, all_of, any_of, shown;
};
struct pvm_page_range {
  uint64_t start, end, bits;
};
int pvm_scan_pages(int pagemap, uint64_t start, uint64_t end, struct pvm_page_query query,
                   struct pvm_page_range *ranges, size_t range_count);

/* lseek(2) with SEEK_DATA and SEEK_HOLE: the next offset that holds data, or none. */
int64_t pvm_seek_data(int descriptor, uint64_t offset);
int64_t pvm_seek_hole(int descriptor, uint64_t offset);

/* Which file a descriptor is of, by fstat(2). */
struct pvm_file_identity {
  uint64_t inode;
  uint32_t device_major, device_minor;
  bool is_regular, is_device;
};
int pvm_identify_file(int descriptor, struct pvm_file_identity *identity);

/* waitid(2) with WEXITED for one child, never waiting. 0: not yet, 1: `how` and `status` set. */
int pvm_wait_child(pid_t pid, int *how, int *status);
enum { PVM_EXITED = 1, PVM_KILLED = 2, PVM_DUMPED = 3 };

/* What a child is to be. Strings and arrays end with a null; nothing is kept after the call. */
enum { PVM_STDIO_INHERIT = -1 };
struct pvm_spawn_request {
  const char *const *arguments;   /* arguments[0] is looked up in PATH unless it holds a slash */
  const char *const *environment; /* null: ours */
  const char *directory;          /* null: ours */
  int stdio[3];                   /* a descriptor for 0, 1, 2, or PVM_STDIO_INHERIT */
  bool die_with_parent;           /* PR_SET_PDEATHSIG: killed when the starting thread ends */
  int terminal;                   /* setsid(2), and this one becomes its controlling terminal; or -1 */
  uint64_t most_memory;           /* RLIMIT_AS, RLIMIT_FSIZE and RLIMIT_CPU; 0: as ours */
  uint64_t most_file_bytes;
  uint64_t most_seconds;
};

/* fork(2), then execvp(3) in the child with every signal at its default and unblocked and no
 * descriptor of ours above 2. Returns the pid once the exec has succeeded. When it has not, the
 * child is already reaped, the result is -errno, and `directory_failed` says which call it was. */
pid_t pvm_spawn(const struct pvm_spawn_request *request, bool *directory_failed);

/* memfd_create(2) with MFD_CLOEXEC: an empty file in memory that no folder holds. */
int pvm_memory_file(void);

/* F_DUPFD_CLOEXEC of fcntl(2). */
int pvm_duplicate(int descriptor);

/* pipe2(2) with O_CLOEXEC. */
int pvm_pipe(int ends[2]);

/* A pseudo-terminal, pty(7), of a size in characters: our end and that of whoever runs in it, both
 * with O_CLOEXEC. 0, or -errno. */
int pvm_open_terminal(uint16_t columns, uint16_t rows, int ends[2]);

/* The requests of ptrace(2) that stop the threads of a process and let them go on. All of them must
 * come from one thread of ours: to every other one the kernel says -ESRCH. When that thread ends,
 * however it ends, the kernel lets all go on that it has seized.
 *
 * PTRACE_SEIZE without options: nothing is stopped yet, and nobody is killed when we are. */
int pvm_trace_seize(pid_t thread);

/* PTRACE_INTERRUPT: the thread stops before its next instruction. */
int pvm_trace_interrupt(pid_t thread);

/* PTRACE_DETACH of a thread that is stopped; `signal` is delivered to it as it goes on, or 0. */
int pvm_trace_detach(pid_t thread, int signal);

/* waitid(2) for a seized thread, never waiting. 1: it is stopped, and `signal` is what it was about to
 * be given, for pvm_trace_detach, or 0. 0: not yet. -ECHILD: it has ended.
 *
 * The stop is looked at and not taken (WNOWAIT): what was taken the kernel believes to be in our
 * hands, and would be lost if we were killed before we give it back. */
int pvm_trace_stop(pid_t thread, int *signal);

/* waitid(2) for a seized thread that has ended, never waiting: takes it out of its process, where
 * execve(2) by another thread waits for that. Not for the first thread: its end is for the parent. */
int pvm_trace_bury(pid_t thread);

/* PTRACE_GETREGSET of a stopped thread, NT_PRSTATUS or, if `floating`, NT_PRFPREG: how many bytes. */
ssize_t pvm_trace_registers(pid_t thread, bool floating, void *bytes, size_t count);

/* --- sandbox.c: what the program itself may still do -------------------------------------------- */

struct pvm_confinement {
  const uint32_t *processes; /* whose memory process_vm_readv(2) and its like may touch */
  size_t process_count;
  const char *removable; /* of pvm_fix_path: the one file that may be removed; or null */
};
/* Puts a filter on every thread, for ever, by seccomp(2): no program is started, no file opened for
 * writing, no socket made, no other process signalled. -ENOSYS or -EINVAL where the kernel has none. */
int pvm_confine(const struct pvm_confinement *rules);

/* A copy of a path that cannot be written, for ever, or null; and unlink(2) of it. */
const char *pvm_fix_path(const char *path);
int pvm_remove_fixed(const char *path);

/* The text of an errno as strerrordesc_np(3) gives it ("Bad address"), and its name ("EFAULT").
 * Null for a number that is no errno. */
const char *pvm_errno_text(int number);
const char *pvm_errno_name(int number);

/* malloc(3) and free(3): null is an error that can be reported, which Swift's arrays are not. */
void *pvm_allocate(size_t count);
void pvm_release(void *memory);

/* mmap(2): private zeroed memory that can be read and written, or null. `huge` asks for huge pages
 * by MADV_HUGEPAGE and starts on one, when the size reaches one (2 MiB). Ended by pvm_unmap with
 * the same size. Nothing is reserved: pages that are never written cost nothing. */
void *pvm_map_memory(size_t size, bool huge);

/* mmap(2): part of a file, shared with it, to be read and written, or null. The offset is a multiple
 * of the page size. Bytes past the end of the file, or for which the disk has no room, are SIGBUS:
 * pvm_extend_file comes first. */
void *pvm_map_file(int descriptor, uint64_t offset, size_t size);

/* munmap(2), and MADV_DONTNEED of madvise(2): whole pages are given back; what was private reads as
 * zeroes from then on. */
int pvm_unmap(void *memory, size_t size);
int pvm_discard(void *memory, size_t size);

/* A file without a name in a directory, gone when its descriptor is closed: O_TMPFILE of open(2),
 * else mkostemp(3) and unlink(2). The descriptor, or -errno. */
int pvm_temporary_file(const char *directory);

/* open(2) for reading of a regular file, never waiting: the descriptor, and its length by fstat(2).
 * -EISDIR for a directory, -EINVAL for anything else that is no regular file. */
int pvm_open_file(const char *path, uint64_t *byte_count);

/* mkostemp(3): a new file next to `path`, whose name is that followed by a dot and six letters, for
 * its owner alone (mode 0600), to be read and written. The name is written to `name`. -EINVAL when
 * what lies at `path` is no regular file: it must not be replaced by one. */
int pvm_create_beside(const char *path, char *name, size_t size);

/* pwrite(2) and ftruncate(2): -EFBIG past the longest file the limits allow, without the signal
 * SIGXFSZ. */
ssize_t pvm_pwrite_quietly(int descriptor, const void *bytes, size_t count, uint64_t offset);
int pvm_set_length(int descriptor, uint64_t byte_count);

/* fsync(2), rename(2), unlink(2). */
int pvm_sync(int descriptor);
int pvm_rename(const char *from, const char *to);
int pvm_unlink(const char *path);

/* --- journal.c: files that tell what was changed, which nobody else may write ------------------- */

/* mkdir(2) for us alone; a folder that is there already will do. */
int pvm_make_folder(const char *path);
/* 0 for a folder that is ours and that no other user can write to, else -EPERM or -ENOTDIR. */
int pvm_check_private_folder(const char *path);
/* Opens a file for reading and writing. -EINVAL for what is no ordinary file, -EPERM for one that is
 * not ours or that others can write to, -ELOOP for a symbolic link. */
int pvm_open_journal(const char *path, bool creates);
/* flock(2), exclusively; -EAGAIN when somebody else has it and we do not wait. */
int pvm_lock(int descriptor, bool waits);
/* Gives the lock up now: closing alone leaves it to a child that was forked and has not yet run
 * execve(2). */
int pvm_unlock(int descriptor);
/* fdatasync(2). */
int pvm_sync_data(int descriptor);

/* posix_fallocate(3): the file has room on disk for these bytes, and is at least so long. -ENOSPC
 * when the disk is full, here rather than by a signal at the first touch. */
int pvm_extend_file(int descriptor, uint64_t offset, uint64_t count);

/* fstatvfs(3): what an unprivileged user may still write to the file system of a descriptor. */
int64_t pvm_free_disk_bytes(int descriptor);

/* The index of the first byte in which two blocks differ; `count` when they are equal. memcmp(3)
 * says only which is greater. */
size_t pvm_first_difference(const void *one, const void *other, size_t count);

/* getpwuid_r(3): the user's name, cut to fit and ended with a zero. -ENOENT when there is none. */
int pvm_user_name(uint32_t uid, char *name, size_t size);

/* pthread_create(3) with every signal blocked, so that handlers run on the threads of the program
 * itself. 0, or -errno. pthread_join(3) ends the wait for it. */
int pvm_start_thread(uint64_t *thread, void *(*body)(void *), void *argument);
void pvm_join_thread(uint64_t thread);

/* pthread_detach(3): nobody will wait for its end. */
void pvm_detach_thread(uint64_t thread);

/* sched_getaffinity(2): how many processors this thread may run on, at least 1. */
int pvm_processor_count(void);

/* secure_getenv(3): null where the variable is not set, or where the program has more rights than its
 * caller. */
const char *pvm_environment(const char *name);

#endif
