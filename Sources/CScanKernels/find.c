#include "level.h"

/* Fewer candidates than a word, one after the other. */
static uint64_t find_slowly(const struct pvk_pattern *pattern, const uint8_t *bytes, size_t count) {
  uint64_t found = 0;
  for (size_t i = 0; i < count; i++, bytes++) {
    size_t same = 0;
    while (same < pattern->count && (bytes[same] & pattern->mask[same]) == pattern->bytes[same])
      same++;
    found |= (uint64_t)(same == pattern->count) << i;
  }
  return found;
}

size_t pvk_find(const struct pvk_pattern *pattern, const void *bytes, size_t count,
                uint64_t *bits) {
  const struct level *level = pvk_current_level();
  const uint8_t *start = bytes;
  size_t words = count / 64, rest = count % 64;
  level->find(pattern, start, NULL, words, bits);
  if (rest != 0 && words == 0) {
    bits[0] = find_slowly(pattern, start, rest);
  } else if (rest != 0) {
    /* The last 64 candidates once more, of which only the new ones count. */
    level->find(pattern, start + count - 64, NULL, 1, bits + words);
    bits[words] >>= 64 - rest;
  }
  return level->count(bits, (count + 63) / 64);
}
