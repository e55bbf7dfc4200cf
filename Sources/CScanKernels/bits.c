#include "level.h"

#include <string.h>

size_t pvk_count(const uint64_t *bits, size_t words) {
  return pvk_current_level()->count(bits, words);
}

void pvk_and(uint64_t *bits, const uint64_t *other, size_t words) {
  for (size_t i = 0; i < words; i++) bits[i] &= other[i];
}

void pvk_or(uint64_t *bits, const uint64_t *other, size_t words) {
  for (size_t i = 0; i < words; i++) bits[i] |= other[i];
}

size_t pvk_slots(const uint64_t *bits, size_t words, uint16_t *slots) {
  return pvk_current_level()->slots(bits, words, slots);
}

void pvk_bits(const uint16_t *slots, size_t count, uint64_t *bits, size_t words) {
  memset(bits, 0, words * sizeof *bits);
  for (size_t i = 0; i < count; i++) bits[slots[i] / 64] |= 1ull << (slots[i] % 64);
}

void pvk_pick(const void *bytes, size_t step, size_t width, const uint16_t *slots, size_t count,
              void *values) {
#define PICK(width)                   \
  for (size_t i = 0; i < count; i++)  \
    memcpy((uint8_t *)values + i * (width), (const uint8_t *)bytes + slots[i] * step, width)
  switch (width) {
    case 1: PICK(1); break;
    case 2: PICK(2); break;
    case 4: PICK(4); break;
    default: PICK(8); break;
  }
#undef PICK
}

void pvk_pick_bits(const void *bytes, size_t step, size_t width, const uint64_t *bits, size_t words,
                   void *values) {
  pvk_current_level()->pick_bits[width_index(width)](bytes, step, bits, words, values);
}

size_t pvk_select(const uint64_t *bits, size_t words, size_t rank) {
  for (size_t i = 0; i < words; i++) {
    uint64_t word = bits[i];
    size_t here = (size_t)__builtin_popcountll(word);
    if (rank >= here) {
      rank -= here;
      continue;
    }
    for (; rank > 0; rank--) word &= word - 1;
    return i * 64 + (size_t)__builtin_ctzll(word);
  }
  return SIZE_MAX;
}

size_t pvk_rank(const uint64_t *bits, size_t slot) {
  size_t count = pvk_count(bits, slot / 64);
  if (slot % 64 != 0)
    count += (size_t)__builtin_popcountll(bits[slot / 64] & ((1ull << (slot % 64)) - 1));
  return count;
}

size_t pvk_keep_u16(uint16_t *slots, size_t count, const uint64_t *bits) {
  return pvk_keep_values(slots, 2, count, bits);
}

size_t pvk_keep_values(void *values, size_t width, size_t count, const uint64_t *bits) {
  return pvk_current_level()->keep[width_index(width)](values, count, bits);
}
