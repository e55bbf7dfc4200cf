#include "CScanKernels.h"

#include <string.h>

bool pvk_is_zero(const void *bytes, size_t count) {
  const uint8_t *first = bytes;
  if (count == 0) return true;
  return first[0] == 0 && memcmp(first, first + 1, count - 1) == 0;
}

bool pvk_is_equal(const void *bytes, const void *other, size_t count) {
  return bytes == other || memcmp(bytes, other, count) == 0;
}

uint64_t pvk_sample(const void *bytes, size_t count) {
  enum { WORDS = 8 };
  uint64_t sum = count;
  for (size_t i = 0; i < WORDS; i++) {
    uint64_t word;
    memcpy(&word, (const uint8_t *)bytes + (count - sizeof word) / (WORDS - 1) * i, sizeof word);
    /* The multiplier is the fraction of the golden ratio, which spreads neighbours far apart. */
    sum = (sum ^ word) * 0x9e3779b97f4a7c15;
    sum ^= sum >> 29;
  }
  return sum;
}
