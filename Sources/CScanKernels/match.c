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

/* Reals of one sign are in the order of their bits, so that an interval of them is an interval of
 * integers, which is quicker to test. False when it is not so simple. */
static bool interval_of_bits(unsigned width, double low, double high,
                             struct pvk_interval *interval) {
  if (!(low <= high) || (low <= 0 && high >= 0)) return false;
  uint64_t from = 0, to = 0;
  if (width == 8) {
    memcpy(&from, low > 0 ? &low : &high, 8);
    memcpy(&to, low > 0 ? &high : &low, 8);
  } else {
    float first = single_at_least(low), last = single_at_most(high);
    if (!(first <= last) || first == 0 || last == 0) return false;
    memcpy(&from, low > 0 ? &first : &last, 4);
    memcpy(&to, low > 0 ? &last : &first, 4);
  }
  *interval = (struct pvk_interval){.low = from, .span = to - from};
  return true;
}

static void plan_real(struct match_plan *plan, double low, double high) {
  plan->low_double = low;
  plan->high_double = high;
  plan->low_single = single_at_least(low);
  plan->high_single = single_at_most(high);
}

static void plan_few(struct match_plan *plan, unsigned width, const struct pvk_test *test) {
  size_t last = test->interval_count - 1;
  plan->few = last < 2 ? 2 : last < 4 ? 4 : FEW;
  for (size_t i = 0; i < FEW; i++) {
    const struct pvk_interval *one = &test->intervals[i < last ? i : last];
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

/* Whether so many values from `low` on are few among those that memory usually has: zero and minus
 * one are everywhere, and of random ones not too many may be among them. */
static bool is_rare(uint64_t low, uint64_t span, unsigned width) {
  uint64_t all = ones(width);
  bool with_zero_or_minus_one = low == 0 || span >= all - low;
  return !with_zero_or_minus_one && span <= all >> 8;
}

/* Sets up the search for blocks without a value in an interval, by all of a value or by half of it.
 * Half a value is had from half as many loads where candidates overlap; it is then the lower half
 * when all of the interval has the same upper half, else the upper one. */
static void plan_quiet(struct walk *walk, struct pvk_interval interval, bool swapped, size_t step,
                       uint64_t answer) {
  unsigned width = (unsigned)walk->width, half = width / 2;
  uint64_t low = interval.low & ones(width), high = low + interval.span;
  if (step == 0 || step > width) return;
  walk->quiet_word = answer;
  walk->filter = (struct quiet_filter){low, interval.span, 0, step, width, swapped};
  walk->quiet = pvk_current_level()->quiet[width_index(width)];
  if (width < 4 || step > half || high < low || high > ones(width)) return;
  uint64_t top = low >> (8 * half), bottom = low & ones(half);
  uint64_t top_span = (high >> (8 * half)) - top;
  if (top_span == 0 && is_rare(bottom, interval.span, half)) {
    walk->filter.low = bottom;
    walk->filter.offset = swapped ? half : 0;
  } else if (is_rare(top, top_span, half)) {
    walk->filter.low = top;
    walk->filter.span = top_span;
    walk->filter.offset = swapped ? 0 : half;
  } else {
    return;
  }
  walk->quiet = pvk_current_level()->quiet[width_index(half)];
}

/* Whether nothing but the order of bytes is between the values in memory and those tested. */
static bool is_only_swapped(const struct match_plan *plan, unsigned width) {
  return plan->key == 0 && plan->rotate == 0 && plan->mask == ones(width);
}

/* The interval from the first to the last of them. */
static struct pvk_interval hull(const struct pvk_test *test) {
  const struct pvk_interval *first = test->intervals, *last = first + test->interval_count - 1;
  uint64_t distance = (last->low - first->low) & ones(test->width);
  uint64_t room = ones(test->width) - distance;
  return (struct pvk_interval){first->low, distance + (last->span < room ? last->span : room),
                               first->low_real, last->high_real};
}

/* Looks for blocks with nothing between the first and the last of several intervals. */
static void plan_quiet_hull(struct walk *walk, const struct match_plan *plan,
                            const struct pvk_test *test, size_t step) {
  struct pvk_interval interval = hull(test);
  if (test->real) {
    if (!interval_of_bits(test->width, interval.low_real, interval.high_real, &interval)) return;
  } else if (!is_only_swapped(plan, test->width)) {
    return;
  }
  plan_quiet(walk, interval, plan->swapped, step, test->inverted ? UINT64_MAX : 0);
}

/* Equality at every address, as a pattern. */
static size_t match_anywhere(const struct match_plan *plan, unsigned width, const void *bytes,
                             size_t count, uint64_t *bits) {
  uint8_t value[8], mask[8];
  memcpy(value, &plan->value, 8);
  memcpy(mask, &plan->mask, 8);
  struct pvk_pattern pattern = {value, mask, width};
  pvk_choose_anchors(&pattern);
  size_t found = pvk_find(&pattern, bytes, count, bits);
  if (plan->invert == 0) return found;
  size_t words = (count + 63) / 64;
  for (size_t i = 0; i < words; i++) bits[i] = ~bits[i];
  if (count % 64 != 0) bits[words - 1] &= (1ull << (count % 64)) - 1;
  return count - found;
}

static size_t match_one(const struct pvk_test *test, const void *bytes, size_t count, size_t step,
                        uint64_t *bits) {
  unsigned width = test->width;
  struct match_plan plan = plan_coding(test);
  struct pvk_interval interval = *test->intervals;
  enum match_kind kind = MATCH_REAL;
  if (test->real) {
    plan.key = plan.rotate = 0;
    plan.mask = ones(width);
  }
  if (!test->real || interval_of_bits(width, interval.low_real, interval.high_real, &interval)) {
    kind = plan_integer(&plan, width, &interval);
  } else {
    plan_real(&plan, interval.low_real, interval.high_real);
  }
  bool exact = kind == MATCH_EQUAL || kind == MATCH_MASKED;
  if (exact && step == 1 && width > 1) return match_anywhere(&plan, width, bytes, count, bits);
  struct walk walk = {
      .loop = pvk_current_level()->match[width_index(width)][kind], .plan = &plan, .width = width};
  if (kind == MATCH_EQUAL) interval = (struct pvk_interval){.low = plan.value};
  bool plain = kind == MATCH_EQUAL || kind == MATCH_RANGE;
  if (step <= width && (plain || (kind == MATCH_CODED && is_only_swapped(&plan, width))))
    plan_quiet(&walk, interval, plan.swapped && !plain, step, plan.invert);
  return pvk_walk(&walk, bytes, step, NULL, 0, count, bits);
}

static size_t match_few(const struct pvk_test *test, const void *bytes, size_t count, size_t step,
                        uint64_t *bits) {
  struct match_plan plan = plan_coding(test);
  plan_few(&plan, test->width, test);
  enum match_kind kind = test->real ? MATCH_REAL_FEW : MATCH_FEW;
  struct walk walk = {.loop = pvk_current_level()->match[width_index(test->width)][kind],
                      .plan = &plan,
                      .width = test->width};
  plan_quiet_hull(&walk, &plan, test, step);
  return pvk_walk(&walk, bytes, step, NULL, 0, count, bits);
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
  plan.plain = !plan.hull.swapped && is_only_swapped(&plan.hull, test->width);
  struct pvk_interval whole = hull(test);
  plan.hull.invert = 0;
  plan.hull.low = whole.low & ones(test->width);
  plan.hull.span = whole.span;
  if (test->real) plan_real(&plan.hull, whole.low_real, whole.high_real);
  plan.first = test->real ? pvk_rising(whole.low_real) : plan.hull.low;
  uint64_t buckets[BUCKETS / 64];
  if (count >= test->interval_count)
    pvk_fill_buckets(&plan, test->real, ones(test->width), buckets);
  struct walk walk = {
      .loop = pvk_many_loop(test->width, test->real), .plan = &plan, .width = test->width};
  plan_quiet_hull(&walk, &plan.hull, test, step);
  return pvk_walk(&walk, bytes, step, NULL, 0, count, bits);
}

size_t pvk_match(const struct pvk_test *test, const void *bytes, size_t count, size_t step,
                 uint64_t *bits) {
  if (count == 0) return 0;
  if (test->interval_count == 0) return answer_all(test->inverted, count, bits);
  if (test->interval_count == 1) return match_one(test, bytes, count, step, bits);
  if (test->interval_count <= FEW) return match_few(test, bytes, count, step, bits);
  return match_many(test, bytes, count, step, bits);
}
