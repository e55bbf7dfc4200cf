/* Loops that move values of BITS bits named by bits. */

static void NAME(pick_bits)(const uint8_t *bytes, size_t step, const uint64_t *bits, size_t words,
                            void *values) {
  uint8_t *next = values;
  for (size_t i = 0; i < words; i++, bytes += 64 * step) {
    if (bits[i] == UINT64_MAX && step == BYTES) {
      memcpy(next, bytes, 64 * BYTES);
      next += 64 * BYTES;
      continue;
    }
    for (uint64_t word = bits[i]; word != 0; word &= word - 1, next += BYTES)
      memcpy(next, bytes + (size_t)__builtin_ctzll(word) * step, BYTES);
  }
}

static size_t NAME(keep)(void *values, size_t count, const uint64_t *bits) {
  uint8_t *all = values, *next = values;
  for (size_t at = 0; at < count; at += 64) {
    uint64_t word = bits[at / 64];
    if (count - at < 64) word &= (1ull << (count - at)) - 1;
    if (word == UINT64_MAX) {
      memmove(next, all + at * BYTES, 64 * BYTES);
      next += 64 * BYTES;
      continue;
    }
    for (; word != 0; word &= word - 1, next += BYTES)
      memmove(next, all + (at + (size_t)__builtin_ctzll(word)) * BYTES, BYTES);
  }
  return (size_t)(next - all) / BYTES;
}
