/* A limit of processor time for the thread that runs Lua. A thread of its own looks at that clock when
   the limit could be reached at the earliest, so it costs nothing before; then it interrupts for good.
   Where an interrupt does not reach (a finalizer, a pattern match), the program is told a little later. */
#include "host.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum { SECOND = 1000000000, SHORTEST_LOOK = 20000000 };
/* How much more is used before the program is told of what cannot be interrupted. */
static const int64_t grace = 2 * (int64_t)SECOND;

struct pvl_time_limit {
  pvl_host *host;
  pthread_t thread;
  clockid_t clock;        /* of the thread that runs Lua */
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int64_t end;            /* on that clock, in nanoseconds */
  bool is_closing;
};

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

/* The lock is held. */
static void wait_for(struct pvl_time_limit *limit, int64_t nanoseconds) {
  if (nanoseconds < SHORTEST_LOOK) nanoseconds = SHORTEST_LOOK;
  int64_t end = now(CLOCK_MONOTONIC) + nanoseconds;
  struct timespec moment = {.tv_sec = end / SECOND, .tv_nsec = end % SECOND};
  pthread_cond_timedwait(&limit->changed, &limit->lock, &moment);
}

/* What ends the program where it cannot be interrupted. */
static void (*_Atomic out_of_time)(void);

void pvl_set_out_of_time(void (*handler)(void)) { atomic_store(&out_of_time, handler); }

static void *watch(void *argument) {
  struct pvl_time_limit *limit = argument;
  pthread_mutex_lock(&limit->lock);
  while (!limit->is_closing) {
    int64_t left = limit->end - now(limit->clock);
    if (left <= 0 && !limit->host->over_time) {
      atomic_store(&limit->host->over_time, true);
      pvl_interrupt_host(limit->host);
    }
    void (*handler)(void) = atomic_load(&out_of_time);
    if (left <= -grace && handler) {
      handler();
      break;
    }
    wait_for(limit, left > 0 ? left : left + grace);
  }
  pthread_mutex_unlock(&limit->lock);
  return NULL;
}

/* Every signal stays with the threads of the program. */
static int start_watching(struct pvl_time_limit *limit) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failure = pthread_create(&limit->thread, NULL, watch, limit);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failure;
}

static struct pvl_time_limit *begin(pvl_host *host, int64_t end) {
  struct pvl_time_limit *limit = calloc(1, sizeof *limit);
  if (!limit) return NULL;
  limit->host = host;
  limit->end = end;
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&limit->changed, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&limit->lock, NULL);
  if (pthread_getcpuclockid(pthread_self(), &limit->clock) == 0 && start_watching(limit) == 0)
    return limit;
  free(limit);
  return NULL;
}

bool pvl_limit_time(pvl_host *host, double seconds) {
  int64_t end = now(CLOCK_THREAD_CPUTIME_ID) + (int64_t)(seconds * SECOND);
  if (!host->time_limit) {
    host->time_limit = begin(host, end);
    return host->time_limit != NULL;
  }
  pthread_mutex_lock(&host->time_limit->lock);
  host->time_limit->end = end;
  pthread_cond_signal(&host->time_limit->changed);
  pthread_mutex_unlock(&host->time_limit->lock);
  return true;
}

bool pvl_time_left(const pvl_host *host, double *seconds) {
  if (!host->time_limit) return false;
  int64_t left = host->time_limit->end - now(CLOCK_THREAD_CPUTIME_ID);
  *seconds = left > 0 ? (double)left / SECOND : 0;
  return true;
}

void pvl_end_time_limit(pvl_host *host) {
  struct pvl_time_limit *limit = host->time_limit;
  if (!limit) return;
  host->time_limit = NULL;
  pthread_mutex_lock(&limit->lock);
  limit->is_closing = true;
  pthread_cond_signal(&limit->changed);
  pthread_mutex_unlock(&limit->lock);
  pthread_join(limit->thread, NULL);
  pthread_cond_destroy(&limit->changed);
  pthread_mutex_destroy(&limit->lock);
  free(limit);
}
