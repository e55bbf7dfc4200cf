#define _GNU_SOURCE
#include "CProcessVM.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

_Static_assert(sizeof(pthread_t) == sizeof(uint64_t), "a thread fits the number it is known by");

int pvm_start_thread(uint64_t *thread, void *(*body)(void *), void *argument) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  pthread_t started;
  int failed = pthread_create(&started, NULL, body, argument);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  *thread = failed ? 0 : (uint64_t)started;
  return -failed;
}

void pvm_join_thread(uint64_t thread) { pthread_join((pthread_t)thread, NULL); }

void pvm_detach_thread(uint64_t thread) { pthread_detach((pthread_t)thread); }

int pvm_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

const char *pvm_environment(const char *name) { return secure_getenv(name); }
