/* What the loops of one CPU level offer to the rest of this room, and what they are given. */
#ifndef LEVEL_H
#define LEVEL_H

#include "CScanKernels.h"

/* Tests 64 * words values that lie next to each other, at any address, and writes a word of bits
 * for each 64. `before` is what a comparison compares with; a match has none. */
typedef void run(const void *plan, const uint8_t *now, const uint8_t *before, size_t words,
                 uint64_t *bits);

enum { FEW = 8 }; /* so many intervals are tested one after another in registers */

/* A pvk_test made ready for the loops: cut to the width, folded where it can be. */
struct match_plan {
  uint64_t invert; /* the answer is taken ^ this */
  uint64_t key, mask, value, low, span;
  float low_single, high_single;
  double low_double, high_double;
  uint8_t rotate;
  bool swapped;
  size_t few; /* 2, 4 or FEW intervals; the last is repeated to make so many */
  uint64_t lows[FEW], spans[FEW];
  float low_singles[FEW], high_singles[FEW];
  double low_doubles[FEW], high_doubles[FEW];
};

enum match_kind {
  MATCH_EQUAL,  /* x == value */
  MATCH_MASKED, /* (x & mask) == value */
  MATCH_RANGE,  /* x - low <= span */
  MATCH_CODED,  /* the same after the bytes are swapped, key, rotate and mask */
  MATCH_FEW,    /* the same with several intervals */
  MATCH_REAL,
  MATCH_REAL_FEW,
  MATCH_KINDS
};

/* A pvk_change made ready for the loops. */
struct compare_plan {
  uint64_t invert;
  uint64_t key, flip, low, span; /* flip: the sign bit, which makes signed numbers unsigned ones */
  double low_real, high_real;
  uint8_t rotate;
  bool swapped, is_signed;
};

enum compare_kind {
  COMPARE_EQUAL,
  COMPARE_GREATER,       /* unsigned */
  COMPARE_CODED_GREATER, /* after the bytes are swapped, key, rotate and flip */
  COMPARE_SIGNED_GREATER,
  COMPARE_DIFFERENCE, /* coded, as the next */
  COMPARE_PERCENT,
  COMPARE_REAL_GREATER,
  COMPARE_REAL_DIFFERENCE,
  COMPARE_REAL_PERCENT,
  COMPARE_KINDS
};

/* Of which blocks the answer is known: those without an integer at `offset` of a candidate with
 * x - low <= span. It is as wide as the candidates, and then this is the test itself, or half as
 * wide; `wide` is the width of the candidates. */
struct quiet_filter {
  uint64_t low, span;
  size_t offset, step, wide;
  bool swapped;
};

/* How many blocks, of 64 candidates' width, there are before the first of which more must be known.
 * Where there is a `before`, the filter's integer does not count, but only what has changed. */
typedef size_t quiet(const struct quiet_filter *filter, const uint8_t *now, const uint8_t *before,
                     size_t blocks);

struct level {
  run *match[4][MATCH_KINDS]; /* by the logarithm of the width; null where there is none */
  run *compare[4][COMPARE_KINDS];
  quiet *quiet[4]; /* by the width of the filter's integer */
  quiet *same;     /* compares all bytes of the candidates */
  run *find; /* the plan is a pvk_pattern */

  /* Word w of phase p, at phased[p * words + w], holds candidates 64 * phases * w + p, + phases,
   * and so on: puts all bits into candidate order. There are 2, 4 or 8 phases. */
  void (*interleave)(const uint64_t *phased, size_t phases, size_t words, uint64_t *bits);

  size_t (*count)(const uint64_t *bits, size_t words);
  size_t (*slots)(const uint64_t *bits, size_t words, uint16_t *slots);
  size_t (*keep[4])(void *values, size_t count, const uint64_t *bits);
  void (*pick_bits[4])(const uint8_t *bytes, size_t step, const uint64_t *bits, size_t words,
                       void *values);
};

extern const struct level pvk_level_baseline;
#ifdef __x86_64__
extern const struct level pvk_level_v3, pvk_level_v4;
#endif

/* The level in use. */
const struct level *pvk_current_level(void);

/* The logarithm of a width of 1, 2, 4 or 8. */
static inline unsigned width_index(size_t width) { return (unsigned)__builtin_ctzll(width | 8); }

/* A loop, and how to be quick where nothing matches. */
struct walk {
  run *loop;
  const void *plan;
  size_t width;
  quiet *quiet; /* null: none */
  struct quiet_filter filter;
  uint64_t quiet_word; /* the answer for 64 candidates of a quiet block */
};

/* Runs a loop over `count` candidates however far apart they lie. `before` may be null, and with
 * before_step 0 it is one value for all. Returns the number of set bits. */
size_t pvk_walk(const struct walk *walk, const uint8_t *now, size_t now_step, const uint8_t *before,
                size_t before_step, size_t count, uint64_t *bits);

#endif
