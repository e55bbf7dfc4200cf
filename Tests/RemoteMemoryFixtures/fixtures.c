#define _GNU_SOURCE
#include "RemoteMemoryFixtures.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESULT(call) ({ long r_ = (call); r_ < 0 ? -errno : r_; })

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define FAIL(number) RETURN(SECCOMP_RET_ERRNO | ((unsigned)(number) & SECCOMP_RET_DATA))

static int install(struct sock_filter *filter, size_t count) {
  struct sock_fprog program = {(unsigned short)count, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
  return (int)RESULT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

int fixture_refuse_calls(int number) {
  struct sock_filter filter[] = {
      LOAD(nr),     SKIP_UNLESS(SYS_process_vm_readv, 1),  FAIL(number),
      SKIP_UNLESS(SYS_process_vm_writev, 1), FAIL(number), RETURN(SECCOMP_RET_ALLOW),
  };
  return install(filter, sizeof filter / sizeof *filter);
}

int fixture_be_old_kernel(void) {
  struct sock_filter filter[] = {
      LOAD(nr), SKIP_UNLESS(434, 1), FAIL(ENOSYS), SKIP_UNLESS(436, 1), FAIL(ENOSYS),
      SKIP_UNLESS(SYS_ioctl, 3), LOAD(args[1]), SKIP_UNLESS(0xc0686611u, 1), FAIL(ENOTTY),
      RETURN(SECCOMP_RET_ALLOW),
  };
  return install(filter, sizeof filter / sizeof *filter);
}

int fixture_enter_landlock(void) {
  uint64_t handled = 1 << 1; /* LANDLOCK_ACCESS_FS_WRITE_FILE */
  int ruleset = (int)RESULT(syscall(444, &handled, sizeof handled, 0));
  if (ruleset < 0) return ruleset;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
  return (int)RESULT(syscall(446, ruleset, 0));
}

int fixture_keep_capabilities(uint64_t keep) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return -errno;
  for (int i = 0; i < 2; i++) {
    data[i].effective &= (uint32_t)(keep >> (32 * i));
    data[i].permitted &= (uint32_t)(keep >> (32 * i));
    data[i].inheritable = 0;
  }
  return (int)RESULT(syscall(SYS_capset, &header, data));
}

int fixture_become(uint32_t uid) {
  if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0)
    return -errno;
  return (int)RESULT(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

struct clone_arguments {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
      set_tid_size, cgroup;
};

pid_t fixture_clone_with_pid(pid_t pid, uint64_t address, uint8_t fill) {
  struct clone_arguments arguments = {
      .exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&pid, .set_tid_size = 1};
  pid_t child = (pid_t)RESULT(syscall(435, &arguments, sizeof arguments));
  if (child != 0) return child;
  void *page = mmap((void *)(uintptr_t)address, 4096, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (page != MAP_FAILED) memset(page, fill, 4096);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (1) pause();
}

pid_t fixture_zombie(void) {
  pid_t child = fork();
  if (child == 0) _exit(7);
  siginfo_t info;
  waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
  return child;
}

void fixture_end(pid_t pid) {
  if (pid <= 0) return;
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

ssize_t fixture_writev(pid_t pid, const void *local, unsigned long local_count, const void *remote,
                       unsigned long remote_count, unsigned long flags) {
  return RESULT(process_vm_writev(pid, local, local_count, remote, remote_count, flags));
}

int fixture_open_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  int count = -3;
  while (folder != NULL && readdir(folder) != NULL) count++;
  if (folder != NULL) closedir(folder);
  return count;
}

uint32_t fixture_uid(void) { return geteuid(); }

uint64_t fixture_fnv1a(const void *bytes, size_t count) {
  const uint8_t *byte = bytes;
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < count; i++) hash = (hash ^ byte[i]) * 0x100000001b3;
  return hash;
}
