/* Tests with more intervals than are worth trying one after another. */
#ifndef MANY_H
#define MANY_H

#include "level.h"

/* The test of a value between the first and the last interval is done by `hull_loop`; what passes
 * is looked up among `intervals`. */
struct many_plan {
  struct match_plan hull;
  run *hull_loop;
  const struct pvk_interval *intervals;
  size_t interval_count;
  uint64_t invert;
  bool plain;        /* values are taken as they lie in memory */
  uint64_t first;    /* where the hull begins; values are counted from here */
  uint64_t *buckets; /* bit i: an interval has a value in bucket i. May be null */
  bool scattered;    /* the buckets are by a hash of the value, else by its upper bits: */
  unsigned shift;    /* a bucket is then 1 << shift values */
  bool by_singles;   /* each bucket is one value, so that the bits say all */
};

/* 4 KiB of bits: small beside what a scan moves through the L1 cache, and one value a bit for the
 * usual lists of small numbers. */
enum { BUCKETS = 1 << 15 };

/* The loop that looks up reals or integers of this width; its plan is a many_plan. */
run *pvk_many_loop(size_t width, bool real);

/* Sets bits for every interval. The plan's `first` is set. */
void pvk_fill_buckets(struct many_plan *plan, bool real, uint64_t ones, uint64_t *buckets);

/* A number that rises with the real; both zeros have the same. */
uint64_t pvk_rising(double x);

#endif
