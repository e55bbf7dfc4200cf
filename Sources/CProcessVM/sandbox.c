/* A filter of system calls behind scripts from strangers, seccomp(2): a list of what is let through.
 *
 * It sees the numbers of calls and of their arguments, and never what a pointer points at: it tells
 * opening to read from opening to write, and not one path from another. */
#define _GNU_SOURCE
#include "CProcessVM.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_ARCHITECTURE

/* What a program needs to compute, to wait, to read, and to write to what it has open already. */
static const int always[] = {
    SYS_read, SYS_readv, SYS_pread64, SYS_preadv, SYS_write, SYS_writev, SYS_pwrite64, SYS_pwritev,
    SYS_close, SYS_close_range, SYS_lseek, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs,
    SYS_fstatfs, SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64, SYS_getcwd,
    SYS_fcntl, SYS_flock, SYS_fsync, SYS_fdatasync, SYS_ftruncate, SYS_fallocate, SYS_dup, SYS_dup3,
    SYS_pipe2, SYS_ppoll, SYS_pselect6, SYS_eventfd2, SYS_epoll_create1, SYS_epoll_ctl,
    SYS_epoll_pwait, SYS_timerfd_create, SYS_timerfd_settime,
    SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_mincore, SYS_brk, SYS_membarrier,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait,
    SYS_rt_sigsuspend, SYS_sigaltstack, SYS_restart_syscall,
    SYS_nanosleep, SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday,
    SYS_times, SYS_getrusage, SYS_sysinfo, SYS_uname, SYS_getrandom,
    SYS_getpid, SYS_gettid, SYS_getppid, SYS_getpgid, SYS_getsid, SYS_getuid, SYS_geteuid, SYS_getgid,
    SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_getpriority,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler,
    SYS_futex, SYS_set_robust_list, SYS_get_robust_list, SYS_set_tid_address, SYS_rseq,
    SYS_exit, SYS_exit_group, SYS_waitid, SYS_wait4, SYS_pidfd_open,
#ifdef SYS_open
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_dup2, SYS_pipe, SYS_poll, SYS_select,
    SYS_epoll_wait, SYS_time, SYS_getpgrp, SYS_arch_prctl,
#endif
};

/* A program of the filter under construction. */
typedef struct {
  struct sock_filter code[1024];
  size_t count;
} program;

static void put(program *p, struct sock_filter instruction) {
  if (p->count < sizeof p->code / sizeof *p->code) p->code[p->count++] = instruction;
}

static void load(program *p, size_t offset) {
  put(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(program *p, uint32_t action) {
  put(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static const uint32_t refuse = SECCOMP_RET_ERRNO | EPERM;

static size_t low_half(int argument) {
  return offsetof(struct seccomp_data, args) + 8 * (size_t)argument;
}

/* Allows where the loaded word is a value, else goes on. */
static void allow_equal(program *p, uint32_t value) {
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
  answer(p, SECCOMP_RET_ALLOW);
}

/* The rules of one call: they follow, and end in a refusal. Answers where to note how far they go. */
static size_t begin_call(program *p, int number) {
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 0));
  return p->count - 1;
}

static void end_call(program *p, size_t start) {
  answer(p, refuse);
  p->code[start].jf = (uint8_t)(p->count - start - 1);
}

/* The low half of an argument is one of some values. */
static void allow_values(program *p, int number, int argument, const uint32_t *values,
                         size_t count) {
  size_t start = begin_call(p, number);
  load(p, low_half(argument));
  for (size_t i = 0; i < count; i++) allow_equal(p, values[i]);
  end_call(p, start);
}

/* None of some bits is set in the low half of an argument. */
static void allow_without(program *p, int number, int argument, uint32_t bits) {
  size_t start = begin_call(p, number);
  load(p, low_half(argument));
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0));
  answer(p, SECCOMP_RET_ALLOW);
  end_call(p, start);
}

/* All of some bits are set. */
static void allow_with(program *p, int number, int argument, uint32_t bits) {
  size_t start = begin_call(p, number);
  load(p, low_half(argument));
  put(p, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits));
  allow_equal(p, bits);
  end_call(p, start);
}

/* The value of an argument is none of two. */
static void allow_but(program *p, int number, int argument, uint32_t one, uint32_t other) {
  size_t start = begin_call(p, number);
  load(p, low_half(argument));
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, one, 2, 0));
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, other, 1, 0));
  answer(p, SECCOMP_RET_ALLOW);
  end_call(p, start);
}

/* An argument is just this pointer. */
static void allow_pointer(program *p, int number, int argument, const void *pointer) {
  uint64_t value = (uint64_t)(uintptr_t)pointer;
  size_t start = begin_call(p, number);
  load(p, low_half(argument));
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)value, 0, 3));
  load(p, low_half(argument) + 4);
  allow_equal(p, (uint32_t)(value >> 32));
  end_call(p, start);
}

/* Another architecture's calls have other numbers, and x32's lie above all others. */
static void check_architecture(program *p) {
  load(p, offsetof(struct seccomp_data, arch));
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0));
  answer(p, SECCOMP_RET_KILL_PROCESS);
  load(p, offsetof(struct seccomp_data, nr));
  put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
  answer(p, refuse);
}

static void add_files(program *p, const struct pvm_confinement *rules) {
  const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
#ifdef SYS_open
  allow_without(p, SYS_open, 1, writing);
#endif
  allow_without(p, SYS_openat, 2, writing);
  /* Typing for the person at the terminal. */
  allow_but(p, SYS_ioctl, 1, TIOCSTI, 0x541C /* TIOCLINUX */);
  if (rules->removable) allow_pointer(p, SYS_unlinkat, 1, rules->removable);
}

static void add_processes(program *p, const struct pvm_confinement *rules) {
  allow_values(p, SYS_process_vm_readv, 0, rules->processes, rules->process_count);
  allow_values(p, SYS_process_vm_writev, 0, rules->processes, rules->process_count);
  /* Those of a pause. They stop threads and read registers, and write nothing; the filter cannot know
     whose threads they are. */
  const uint32_t requests[] = {PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH, PTRACE_GETREGSET};
  allow_values(p, SYS_ptrace, 0, requests, rules->process_count > 0 ? 4 : 0);
  const uint32_t ourselves[] = {(uint32_t)getpid()}, none[] = {0};
  allow_values(p, SYS_kill, 0, ourselves, 1);
  allow_values(p, SYS_tgkill, 0, ourselves, 1);
  allow_values(p, SYS_pidfd_send_signal, 1, none, 1);
  allow_values(p, SYS_prlimit64, 0, none, 1);
  allow_with(p, SYS_clone, 0, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND);
  const uint32_t names[] = {PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_CAPBSET_READ, PR_GET_SECCOMP,
                            PR_GET_NO_NEW_PRIVS, PR_GET_DUMPABLE};
  allow_values(p, SYS_prctl, 0, names, sizeof names / sizeof *names);
}

static void build(program *p, const struct pvm_confinement *rules) {
  check_architecture(p);
  for (size_t i = 0; i < sizeof always / sizeof *always; i++) allow_equal(p, (uint32_t)always[i]);
  add_files(p, rules);
  add_processes(p, rules);
  /* Its flags lie behind a pointer; glibc then takes clone. openat2 is in the same case. */
  const int replaced[] = {SYS_clone3, SYS_openat2};
  for (size_t i = 0; i < 2; i++) {
    put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)replaced[i], 0, 1));
    answer(p, SECCOMP_RET_ERRNO | ENOSYS);
  }
  answer(p, refuse);
}

int pvm_confine(const struct pvm_confinement *rules) {
  program p = {.count = 0};
  build(&p, rules);
  if (p.count == sizeof p.code / sizeof *p.code) return -E2BIG;
  struct sock_fprog filter = {.len = (unsigned short)p.count, .filter = p.code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
  return result < 0 ? -errno : result > 0 ? -EBUSY : 0;
}

#else

int pvm_confine(const struct pvm_confinement *rules) {
  (void)rules;
  return -ENOSYS;
}

#endif

const char *pvm_fix_path(const char *path) {
  size_t length = strlen(path) + 1, size = (length + 65535) & ~(size_t)65535;
  char *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED) return NULL;
  memcpy(copy, path, length);
  if (mprotect(copy, size, PROT_READ) == 0) return copy;
  munmap(copy, size);
  return NULL;
}

int pvm_remove_fixed(const char *path) {
  return syscall(SYS_unlinkat, AT_FDCWD, path, 0) < 0 ? -errno : 0;
}
