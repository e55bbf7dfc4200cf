#include "many.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

uint64_t pvk_rising(double x) {
  uint64_t bits, sign = 1ull << 63;
  x += 0.0; /* -0.0 becomes 0.0 */
  memcpy(&bits, &x, sizeof bits);
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

/* Sets the bits from `low` to `high`. */
static void set_bits(uint64_t *bits, size_t low, size_t high) {
  uint64_t from = UINT64_MAX << (low % 64), to = UINT64_MAX >> (63 - high % 64);
  if (low / 64 == high / 64) {
    bits[low / 64] |= from & to;
    return;
  }
  bits[low / 64] |= from;
  memset(bits + low / 64 + 1, 0xff, (high / 64 - low / 64 - 1) * sizeof *bits);
  bits[high / 64] |= to;
}

/* The bucket of a value so far into the hull. Outside the hull it is any. */
INLINE size_t bucket(const struct many_plan *plan, uint64_t distance) {
  if (plan->scattered) return distance * 0x9e3779b97f4a7c15 >> 49;
  return (distance >> plan->shift) % BUCKETS;
}

static bool are_single_values(const struct many_plan *plan, bool real) {
  for (size_t i = 0; i < plan->interval_count; i++) {
    const struct pvk_interval *one = &plan->intervals[i];
    if (real ? one->low_real != one->high_real : one->span != 0) return false;
  }
  return true;
}

/* Ranges need buckets in the order of values. Single values far apart are better off with a hash:
 * else all small numbers would share the bucket of one of them. */
void pvk_fill_buckets(struct many_plan *plan, bool real, uint64_t ones, uint64_t *buckets) {
  memset(buckets, 0, BUCKETS / 8);
  plan->buckets = buckets;
  const struct pvk_interval *last = &plan->intervals[plan->interval_count - 1];
  uint64_t hull = real ? pvk_rising(last->high_real) - plan->first : plan->hull.span;
  plan->shift = hull < BUCKETS ? 0 : 64 - 15 - (unsigned)__builtin_clzll(hull);
  plan->scattered = plan->shift > 0 && are_single_values(plan, real);
  plan->by_singles = !real && plan->shift == 0;
  for (size_t i = 0; i < plan->interval_count; i++) {
    const struct pvk_interval *one = &plan->intervals[i];
    uint64_t low = real ? pvk_rising(one->low_real) - plan->first : (one->low - plan->first) & ones;
    uint64_t high = real ? pvk_rising(one->high_real) - plan->first : low + one->span;
    size_t from = bucket(plan, low), to = bucket(plan, high);
    if (from <= to) set_bits(buckets, from, to);
  }
}

/* A value as an integer: how far into the hull it is. */
INLINE uint64_t distance_of_integer(const struct many_plan *plan, const uint8_t *bytes,
                                    unsigned width, bool plain) {
  uint64_t x = 0, ones = UINT64_MAX >> (64 - 8 * width);
  unsigned bits = 8 * width, left = plan->hull.rotate;
  memcpy(&x, bytes, width);
  if (plain) return (x - plan->first) & ones;
  if (plan->hull.swapped) x = __builtin_bswap64(x) >> (64 - bits);
  x ^= plan->hull.key;
  x = (x << left | x >> ((bits - left) % bits)) & plan->hull.mask;
  return (x - plan->first) & ones;
}

INLINE double real_at(const struct many_plan *plan, const uint8_t *bytes, unsigned width) {
  if (width == 8) {
    uint64_t x;
    memcpy(&x, bytes, sizeof x);
    if (plan->hull.swapped) x = __builtin_bswap64(x);
    return __builtin_bit_cast(double, x);
  }
  uint32_t x;
  memcpy(&x, bytes, sizeof x);
  if (plan->hull.swapped) x = __builtin_bswap32(x);
  return __builtin_bit_cast(float, x);
}

INLINE uint64_t distance(const struct many_plan *plan, const uint8_t *bytes, unsigned width,
                         bool real, bool plain) {
  return real ? pvk_rising(real_at(plan, bytes, width)) - plan->first
              : distance_of_integer(plan, bytes, width, plain);
}

/* Whether the bucket of a value in the hull has any interval. */
INLINE bool in_bucket(const struct many_plan *plan, const uint8_t *bytes, unsigned width,
                      bool real, bool plain) {
  size_t at = bucket(plan, distance(plan, bytes, width, real, plain));
  return plan->buckets[at / 64] >> (at % 64) & 1;
}

/* Whether a value in the hull is in an interval, by binary search for the last that begins at or
 * below it. */
INLINE bool in_interval(const struct many_plan *plan, const uint8_t *bytes, unsigned width,
                        bool real, bool plain) {
  const struct pvk_interval *base = plan->intervals;
  uint64_t ones = UINT64_MAX >> (64 - 8 * width);
  uint64_t x = real ? 0 : distance_of_integer(plan, bytes, width, plain);
  double value = real ? real_at(plan, bytes, width) : 0;
  for (size_t left = plan->interval_count; left > 1; left -= left / 2) {
    const struct pvk_interval *middle = base + left / 2;
    bool below = real ? middle->low_real <= value : ((middle->low - plan->first) & ones) <= x;
    base = below ? middle : base;
  }
  if (real) return base->low_real <= value && value <= base->high_real;
  return x - ((base->low - plan->first) & ones) <= base->span;
}

/* Which of the candidates `found` in the hull of 64 values are in an interval. */
INLINE uint64_t look_up(const struct many_plan *plan, const uint8_t *bytes, uint64_t found,
                        unsigned width, bool real, bool plain) {
  enum { DENSE = 12 }; /* from here it is cheaper to look at all than to find each */
  if (plan->buckets != NULL && __builtin_popcountll(found) >= DENSE) {
    uint64_t in_buckets = 0;
    for (unsigned i = 0; i < 64; i++)
      in_buckets |= (uint64_t)in_bucket(plan, bytes + i * width, width, real, plain) << i;
    found &= in_buckets;
    if (plan->by_singles) return found;
  }
  uint64_t matches = 0;
  for (uint64_t rest = found; rest != 0; rest &= rest - 1) {
    unsigned i = (unsigned)__builtin_ctzll(rest);
    const uint8_t *here = bytes + i * width;
    if (plan->buckets != NULL && !in_bucket(plan, here, width, real, plain)) continue;
    matches |= (uint64_t)in_interval(plan, here, width, real, plain) << i;
  }
  return matches;
}

/* A tile at a time, so that the values are still in the L1 cache when they are looked up. */
INLINE void match_many(const struct many_plan *plan, const uint8_t *bytes, size_t words,
                       uint64_t *bits, unsigned width, bool real, bool plain) {
  enum { TILE = 16 };
  for (size_t from = 0; from < words; from += TILE) {
    size_t to = words - from < TILE ? words : from + TILE;
    plan->hull_loop(&plan->hull, bytes + from * 64 * width, NULL, to - from, bits + from);
    for (size_t i = from; i < to; i++) {
      if (bits[i] != 0)
        bits[i] = look_up(plan, bytes + i * 64 * width, bits[i], width, real, plain);
      bits[i] ^= plan->invert;
    }
  }
}

#define MANY_LOOP(name, width, real)                                                          \
  static void name(const void *context, const uint8_t *bytes, const uint8_t *before,          \
                   size_t words, uint64_t *bits) {                                            \
    const struct many_plan *plan = context;                                                   \
    if (plan->plain)                                                                          \
      match_many(plan, bytes, words, bits, width, real, true);                                \
    else                                                                                      \
      match_many(plan, bytes, words, bits, width, real, false);                               \
  }

MANY_LOOP(many_8, 1, false)
MANY_LOOP(many_16, 2, false)
MANY_LOOP(many_32, 4, false)
MANY_LOOP(many_64, 8, false)
MANY_LOOP(many_singles, 4, true)
MANY_LOOP(many_doubles, 8, true)

run *pvk_many_loop(size_t width, bool real) {
  static run *const integers[] = {many_8, many_16, many_32, many_64};
  return real ? (width == 4 ? many_singles : many_doubles) : integers[width_index(width)];
}
