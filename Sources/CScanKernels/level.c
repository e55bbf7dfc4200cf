#include "level.h"

#include <stdatomic.h>

enum { MOST_LEVELS = 3 };

/* Fills in the levels this CPU can run, lowest first. Asks for just what the loops are compiled
 * with, see loops/level_*.c. */
static int runnable_levels(const struct level *levels[MOST_LEVELS]) {
  int count = 0;
  levels[count++] = &pvk_level_baseline;
#ifdef __x86_64__
  __builtin_cpu_init();
  if (__builtin_cpu_supports("popcnt") && __builtin_cpu_supports("avx2") &&
      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
    levels[count++] = &pvk_level_v3;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      levels[count++] = &pvk_level_v4;
  }
#endif
  return count;
}

/* Null until first asked for. Threads that ask at once find the same. */
static _Atomic(const struct level *) current;

const struct level *pvk_current_level(void) {
  const struct level *level = atomic_load_explicit(&current, memory_order_relaxed);
  if (level == NULL) {
    const struct level *levels[MOST_LEVELS];
    level = levels[runnable_levels(levels) - 1];
    atomic_store_explicit(&current, level, memory_order_relaxed);
  }
  return level;
}

int pvk_level_count(void) {
  const struct level *levels[MOST_LEVELS];
  return runnable_levels(levels);
}

int pvk_level(void) {
  const struct level *levels[MOST_LEVELS], *level = pvk_current_level();
  int number = runnable_levels(levels) - 1;
  while (number > 0 && levels[number] != level) number--;
  return number;
}

void pvk_force_level(int level) {
  const struct level *levels[MOST_LEVELS];
  int highest = runnable_levels(levels) - 1;
  int wanted = level < 0 ? 0 : level > highest ? highest : level;
  atomic_store_explicit(&current, levels[wanted], memory_order_relaxed);
}
