#include "many.h"

#include <string.h>

static uint64_t ones(unsigned width) { return UINT64_MAX >> (64 - 8 * width); }

static uint64_t rotated_right(uint64_t value, unsigned width, unsigned count) {
  unsigned bits = 8 * width;
  count %= bits;
  return count == 0 ? value : (value >> count | value << (bits - count)) & ones(width);
}

static uint64_t byte_swapped(uint64_t value, unsigned width) {
  return __builtin_bswap64(value) >> (64 - 8 * width);
}

/* The least single that is not below a double, and the greatest that is not above it: comparing
 * singles with these is the same as comparing in double. */
static float single_at_least(double bound) {
  float single = (float)bound;
  if ((double)single >= bound || bound != bound) return single;
  uint32_t bits;
  memcpy(&bits, &single, 4);
  bits = single == 0 ? 1 : single > 0 ? bits + 1 : bits - 1;
  memcpy(&single, &bits, 4);
  return single;
}

static float single_at_most(double bound) { return -single_at_least(-bound); }

/* Sets what is tested when there is but one interval, and returns which loop does it. */
static enum match_kind plan_integer(struct match_plan *plan, unsigned width,
                                    const struct pvk_interval *interval) {
  uint64_t all = ones(width);
  plan->low = interval->low & all;
  plan->span = interval->span < all ? interval->span : all;
  bool coded = plan->swapped || plan->key != 0 || plan->rotate != 0 || plan->mask != all;
  if (plan->span != 0) return coded ? MATCH_CODED : MATCH_RANGE;
  if ((plan->low & ~plan->mask) != 0) return MATCH_CODED; /* no value can be that */

  /* Equality is decoded backwards, once, instead of every value forwards. */
  uint64_t mask = rotated_right(plan->mask, width, plan->rotate);
  uint64_t value = rotated_right(plan->low, width, plan->rotate) ^ (plan->key & mask);
  plan->mask = plan->swapped ? byte_swapped(mask, width) : mask;
  plan->value = plan->swapped ? byte_swapped(value, width) : value;
  return plan->mask == all ? MATCH_EQUAL : MATCH_MASKED;
}

static void plan_real(struct match_plan *plan, double low, double high) {
  plan->low_double = low;
  plan->high_double = high;
  plan->low_single = single_at_least(low);
  plan->high_single = single_at_most(high);
}

static void plan_few(struct match_plan *plan, unsigned width, const struct pvk_test *test) {
  plan->few = test->interval_count;
  for (size_t i = 0; i < plan->few; i++) {
    const struct pvk_interval *one = &test->intervals[i];
    plan->lows[i] = one->low & ones(width);
    plan->spans[i] = one->span < ones(width) ? one->span : ones(width);
    plan->low_doubles[i] = one->low_real;
    plan->high_doubles[i] = one->high_real;
    plan->low_singles[i] = single_at_least(one->low_real);
    plan->high_singles[i] = single_at_most(one->high_real);
  }
}

static struct match_plan plan_coding(const struct pvk_test *test) {
  return (struct match_plan){
      .invert = test->inverted ? UINT64_MAX : 0,
      .key = test->key & ones(test->width),
      .mask = test->mask & ones(test->width),
      .rotate = test->rotate % (8 * test->width),
      .swapped = test->swapped && test->width > 1,
  };
}

/* Every candidate gets the same answer. */
static size_t answer_all(bool matches, size_t count, uint64_t *bits) {
  size_t words = (count + 63) / 64;
  memset(bits, matches ? 0xff : 0, words * sizeof *bits);
  if (matches && count % 64 != 0) bits[words - 1] = (1ull << (count % 64)) - 1;
  return matches ? count : 0;
}

/* The interval from the first to the last of them. */
static struct pvk_interval hull(const struct pvk_test *test) {
  const struct pvk_interval *first = test->intervals, *last = first + test->interval_count - 1;
  uint64_t distance = (last->low - first->low) & ones(test->width);
  uint64_t room = ones(test->width) - distance;
  return (struct pvk_interval){
      first->low, distance + (last->span < room ? last->span : room), first->low_real,
      last->high_real};
}

static size_t match_many(const struct pvk_test *test, const void *bytes, size_t count, size_t step,
                         uint64_t *bits) {
  struct many_plan plan = {
      .hull = plan_coding(test),
      .hull_loop = pvk_current_level()
                       ->match[width_index(test->width)][test->real ? MATCH_REAL : MATCH_CODED],
      .intervals = test->intervals,
      .interval_count = test->interval_count,
      .invert = test->inverted ? UINT64_MAX : 0,
  };
  struct pvk_interval whole = hull(test);
  plan.hull.invert = 0;
  plan.hull.low = whole.low & ones(test->width);
  plan.hull.span = whole.span;
  if (test->real) plan_real(&plan.hull, whole.low_real, whole.high_real);
  plan.first = test->real ? pvk_rising(whole.low_real) : plan.hull.low;
  uint64_t buckets[BUCKETS / 64];
  if (count >= test->interval_count)
    pvk_fill_buckets(&plan, test->real, ones(test->width), buckets);
  return pvk_walk(pvk_many_loop(test->width, test->real), &plan, test->width, bytes, step, NULL, 0,
                  count, bits);
}

size_t pvk_match(const struct pvk_test *test, const void *bytes, size_t count, size_t step,
                 uint64_t *bits) {
  if (count == 0) return 0;
  if (test->interval_count == 0) return answer_all(test->inverted, count, bits);
  if (test->interval_count > FEW) return match_many(test, bytes, count, step, bits);
  struct match_plan plan = plan_coding(test);
  enum match_kind kind;
  if (test->interval_count > 1) {
    plan_few(&plan, test->width, test);
    kind = test->real ? MATCH_REAL_FEW : MATCH_FEW;
  } else if (test->real) {
    plan_real(&plan, test->intervals->low_real, test->intervals->high_real);
    kind = MATCH_REAL;
  } else {
    kind = plan_integer(&plan, test->width, test->intervals);
  }
  run *loop = pvk_current_level()->match[width_index(test->width)][kind];
  return pvk_walk(loop, &plan, test->width, bytes, step, NULL, 0, count, bits);
}
