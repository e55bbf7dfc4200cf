#define _GNU_SOURCE
#include "RemoteMemoryFixtures.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const size_t huge_page = 2u << 20;

static char *fill_memory(size_t size, bool huge) {
  char *memory = mmap(NULL, size + huge_page, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  memory += -(uintptr_t)memory & (huge_page - 1);
  madvise(memory, size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  for (size_t index = 0; index < size; index++)
    memory[index] = (char)(index * 31 + index / 256);
  return memory;
}

/* A child that keeps sharing the memory, but for every other page if `partly`. */
static bool fork_relative(char *memory, size_t size, bool partly) {
  int ready[2];
  if (pipe(ready) != 0) return false;
  pid_t parent = getpid(), child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t index = 0; partly && index < size; index += 8192) memory[index] = 1;
    if (getppid() != parent || write(ready[1], "", 1) != 1) _exit(1);
    while (1) pause();
  }
  close(ready[1]);
  char byte;
  bool done = child > 0 && read(ready[0], &byte, 1) == 1;
  close(ready[0]);
  return done;
}

/* Four pages registered with userfaultfd(2), the first one there, the others missing. */
static char *register_faults(void) {
  int descriptor = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
  if (descriptor < 0)
    descriptor = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
  struct uffdio_api api = {.api = UFFD_API};
  if (descriptor < 0 || ioctl(descriptor, UFFDIO_API, &api) != 0) return NULL;
  char *memory = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  madvise(memory, 4 * 4096, MADV_NOHUGEPAGE);
  memory[0] = 1;
  struct uffdio_register all = {
      .range = {.start = (uint64_t)(uintptr_t)memory, .len = 4 * 4096},
      .mode = UFFDIO_REGISTER_MODE_MISSING,
  };
  return ioctl(descriptor, UFFDIO_REGISTER, &all) == 0 ? memory : NULL;
}

int fixture_run_family(size_t size, bool huge) {
  char *memory = fill_memory(size, huge), line[64];
  if (memory == NULL) return 1;
  printf("memory=%p\n", (void *)memory);
  fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "faults\n") == 0) {
      printf("faults=%p\n", (void *)register_faults());
    } else {
      bool partly = strcmp(line, "fork partly\n") == 0;
      printf("%s\n", fork_relative(memory, size, partly) ? "forked" : "failed");
    }
    fflush(stdout);
  }
  return 0;
}
