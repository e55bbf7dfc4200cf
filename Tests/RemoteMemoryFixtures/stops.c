#define _GNU_SOURCE
#include "RemoteMemoryFixtures.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t received;

static void count_signal(int signal) {
  (void)signal;
  received++;
}

/* The queue of a user is limited, so some calls have to be made again. The pauses give the other side
 * the time to be stopped often in between. */
static void queue_signals(pid_t target, int count) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int sent = 0; sent < count;) {
    if (sigqueue(target, SIGRTMIN + 3, (union sigval){0}) == 0) {
      if (++sent % 16 == 0) usleep(100);
    } else if (errno == EAGAIN) {
      usleep(50);
    } else {
      break;
    }
  }
  _exit(0);
}

int fixture_run_signals(int count) {
  struct sigaction action = {.sa_handler = count_signal, .sa_flags = SA_RESTART};
  sigaction(SIGRTMIN + 3, &action, NULL);
  char line[64];
  pid_t parent = getpid();
  printf("ready\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "send\n") == 0 && fork() == 0) queue_signals(parent, count);
    printf("%d\n", (int)received);
    fflush(stdout);
  }
  return 0;
}

static _Alignas(64) volatile uint64_t words[8];

static void *bump(void *argument) {
  for (int round = 0; round < 200; round++) {
    words[0]++;
    words[1]++;
  }
  return argument;
}

static void *start_threads(void *argument) {
  while (1) {
    pthread_t threads[4];
    int count = 0;
    while (count < 4 && pthread_create(&threads[count], NULL, bump, NULL) == 0) count++;
    while (count > 0) pthread_join(threads[--count], NULL);
  }
  return argument;
}

int fixture_run_spawner(void) {
  pthread_t starter;
  for (int i = 0; i < 3; i++)
    if (pthread_create(&starter, NULL, start_threads, NULL) != 0) return 1;
  printf("words=%p\n", (void *)words);
  fflush(stdout);
  while (getchar() != EOF) continue;
  _exit(0);
}

int fixture_run_vfork(void) {
  printf("ready\n");
  fflush(stdout);
  pid_t child = vfork();
  if (child == 0) {
    char byte;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (read(0, &byte, 1) == 1) continue;
    _exit(0);
  }
  waitpid(child, NULL, 0);
  return 0;
}
