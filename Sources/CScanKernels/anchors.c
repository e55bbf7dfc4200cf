#include "CScanKernels.h"

/* How often each byte occurs among 65536, as a power of two: counted in 40 MB of the memory of
 * running programs, writable (pages of nothing but zeros left out) and code. */
static const uint8_t commonness[256] = {
    15, 10,  8,  7,  8,  7,  6,  6,  8,  6,  8,  6,  6,  6,  6,  9,
     8,  6,  5,  5,  6,  5,  5,  5,  7,  5,  5,  5,  5,  5,  5,  6,
    11,  6,  8,  6,  9,  6,  6,  7,  8,  8,  5,  5,  8,  8,  8,  8,
     8,  8,  7,  7,  7,  7,  7,  6,  7,  7,  7,  7,  6,  7,  6,  5,
     7,  8,  6,  7,  8,  7,  6,  6, 10,  9,  5,  5,  8,  7,  7,  7,
     8,  5,  6,  7,  7,  8,  7,  6,  6,  5,  5,  6,  7,  6,  5,  8,
     7,  9,  8,  9,  9, 10,  9,  7,  8,  9,  6,  7,  9,  8,  9,  9,
     8,  5,  9, 10, 10,  9,  7,  8,  7,  7,  5,  6,  7,  6,  5,  9,
     7,  5,  4,  8,  8,  7,  5,  5,  6,  9,  4,  9,  5,  8,  8,  4,
     7,  4,  4,  4,  5,  6,  4,  4,  8,  4,  5,  5,  5,  4,  4,  4,
     6,  5,  4,  4,  5,  5,  4,  4,  5,  4,  4,  5,  5,  4,  4,  4,
     6,  4,  5,  4,  6,  5,  5,  5,  6,  5,  5,  5,  6,  4,  5,  6,
     8,  7,  6,  7,  6,  6,  6,  7,  6,  6,  5,  4,  4,  5,  4,  5,
     6,  6,  6,  4,  5,  5,  4,  5,  6,  4,  5,  5,  4,  4,  5,  8,
     7,  5,  5,  5,  5,  5,  5,  5,  8,  6,  5,  6,  5,  5,  5,  6,
     7,  5,  5,  5,  5,  5,  6,  6,  7,  6,  6,  5,  6,  6,  7, 12,
};

/* How many of 65536 ordinary bytes a pattern's byte would match. */
static uint64_t matches_expected(uint8_t byte, uint8_t mask) {
  if (mask == 0xff) return 1ull << commonness[byte];
  uint64_t sum = 0;
  for (unsigned x = 0; x < 256; x++)
    if ((x & mask) == byte) sum += 1ull << commonness[x];
  return sum;
}

void pvk_choose_anchors(struct pvk_pattern *pattern) {
  uint64_t least = UINT64_MAX, second_least = UINT64_MAX;
  pattern->anchor = pattern->second_anchor = 0;
  for (size_t i = 0; i < pattern->count; i++) {
    uint64_t expected = matches_expected(pattern->bytes[i], pattern->mask[i]);
    if (expected < least) {
      pattern->second_anchor = pattern->anchor;
      second_least = least;
      pattern->anchor = i;
      least = expected;
    } else if (expected < second_least) {
      pattern->second_anchor = i;
      second_least = expected;
    }
  }
}
