/* Every loop, compiled for the level of the file that includes this. That file defines
 * VECTOR_BYTES, LEVEL (the name of its table), and TARGET if a loop is to be marked with it. */
#include <string.h>

#include "../level.h"

/* No vector is ever passed: the functions that take one are inlined. */
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE static inline __attribute__((always_inline))

#ifdef TARGET
#pragma clang attribute push(TARGET, apply_to = function)
#endif

#define BITS 8
#include "width.h"
#undef BITS
#define BITS 16
#include "width.h"
#undef BITS
#define BITS 32
#include "width.h"
#undef BITS
#define BITS 64
#include "width.h"
#undef BITS

#include "same.h"
#include "find.h"
#include "bits.h"

#ifdef TARGET
#pragma clang attribute pop
#endif

#define INTEGER_MATCHES(bits)                                                                 \
  [MATCH_EQUAL] = match_equal_##bits, [MATCH_MASKED] = match_masked_##bits,                   \
  [MATCH_RANGE] = match_range_##bits, [MATCH_CODED] = match_coded_##bits,                     \
  [MATCH_FEW] = match_few_##bits
#define REAL_MATCHES(bits) \
  [MATCH_REAL] = match_real_##bits, [MATCH_REAL_FEW] = match_real_few_##bits
#define INTEGER_COMPARISONS(bits)                                                             \
  [COMPARE_EQUAL] = compare_equal_##bits, [COMPARE_GREATER] = compare_greater_##bits,         \
  [COMPARE_SIGNED_GREATER] = compare_signed_greater_##bits,                                   \
  [COMPARE_CODED_GREATER] = compare_coded_greater_##bits,                                     \
  [COMPARE_DIFFERENCE] = compare_difference_##bits, [COMPARE_PERCENT] = compare_percent_##bits
#define REAL_COMPARISONS(bits)                                                                \
  [COMPARE_REAL_GREATER] = compare_real_greater_##bits,                                       \
  [COMPARE_REAL_DIFFERENCE] = compare_real_difference_##bits,                                 \
  [COMPARE_REAL_PERCENT] = compare_real_percent_##bits

const struct level LEVEL = {
    .match = {{INTEGER_MATCHES(8)},
              {INTEGER_MATCHES(16)},
              {INTEGER_MATCHES(32), REAL_MATCHES(32)},
              {INTEGER_MATCHES(64), REAL_MATCHES(64)}},
    .compare = {{INTEGER_COMPARISONS(8)},
                {INTEGER_COMPARISONS(16)},
                {INTEGER_COMPARISONS(32), REAL_COMPARISONS(32)},
                {INTEGER_COMPARISONS(64), REAL_COMPARISONS(64)}},
    .quiet = {quiet_8, quiet_16, quiet_32, quiet_64},
    .same = same,
    .find = find,
    .interleave = interleave,
    .count = count,
    .slots = slots,
    .keep = {keep_8, keep_16, keep_32, keep_64},
    .pick_bits = {pick_bits_8, pick_bits_16, pick_bits_32, pick_bits_64},
};
