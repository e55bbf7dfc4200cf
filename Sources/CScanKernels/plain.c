#include "CScanKernels.h"

#include <string.h>

/* Reads one value of `width` bytes. */
static uint64_t load(const uint8_t *bytes, uint8_t width, bool swapped) {
  uint64_t value = 0;
  memcpy(&value, bytes, width);
  return swapped ? __builtin_bswap64(value) >> (64 - 8 * width) : value;
}

static uint64_t ones(uint8_t width) { return UINT64_MAX >> (64 - 8 * width); }

static uint64_t decode(uint64_t value, uint8_t width, uint64_t key, uint8_t rotate) {
  unsigned bits = 8u * width, left = rotate % bits;
  value = (value ^ key) & ones(width);
  return left == 0 ? value : ((value << left) | (value >> (bits - left))) & ones(width);
}

static double real(uint64_t value, uint8_t width) {
  if (width == 8) {
    double result;
    memcpy(&result, &value, 8);
    return result;
  }
  uint32_t half = (uint32_t)value;
  float result;
  memcpy(&result, &half, 4);
  return result;
}

static double number(uint64_t value, uint8_t width, bool is_signed) {
  if (!is_signed) return (double)value;
  unsigned unused = 64 - 8u * width;
  return (double)((int64_t)(value << unused) >> unused);
}

static bool test_one(const struct pvk_test *test, const uint8_t *bytes) {
  uint64_t value = load(bytes, test->width, test->swapped);
  for (size_t i = 0; i < test->interval_count; i++) {
    const struct pvk_interval *one = &test->intervals[i];
    if (test->real) {
      double x = real(value, test->width);
      if (one->low_real <= x && x <= one->high_real) return true;
    } else {
      uint64_t x = decode(value, test->width, test->key, test->rotate) & test->mask;
      if (((x - one->low) & ones(test->width)) <= one->span) return true;
    }
  }
  return false;
}

size_t pvk_match(const struct pvk_test *test, const void *bytes, size_t count, size_t step,
                 uint64_t *bits) {
  memset(bits, 0, (count + 63) / 64 * 8);
  for (size_t i = 0; i < count; i++)
    if (test_one(test, (const uint8_t *)bytes + i * step) != test->inverted)
      bits[i / 64] |= 1ull << (i % 64);
  return pvk_count(bits, (count + 63) / 64);
}

static bool change_one(const struct pvk_change *change, const uint8_t *now, const uint8_t *before) {
  uint8_t width = change->width;
  uint64_t a = load(now, width, change->swapped), b = load(before, width, change->swapped);
  if (change->relation == PVK_EQUAL) return a == b;
  double x, y;
  if (change->real) {
    x = real(a, width), y = real(b, width);
  } else {
    a = decode(a, width, change->key, change->rotate);
    b = decode(b, width, change->key, change->rotate);
    x = number(a, width, change->is_signed), y = number(b, width, change->is_signed);
  }
  double low = change->interval.low_real, high = change->interval.high_real;
  double size = y < 0 ? -y : y;
  uint64_t flip = change->is_signed ? 1ull << (8 * width - 1) : 0;
  switch (change->relation) {
    case PVK_GREATER: return change->real ? x > y : (a ^ flip) > (b ^ flip);
    case PVK_LESS: return change->real ? x < y : (a ^ flip) < (b ^ flip);
    case PVK_DIFFERENCE:
      return change->real ? low <= x - y && x - y <= high
                          : ((a - b - change->interval.low) & ones(width)) <= change->interval.span;
    default: return low * size <= x - y && x - y <= high * size;
  }
}

size_t pvk_compare(const struct pvk_change *change, const void *now, size_t now_step,
                   const void *before, size_t before_step, size_t count, uint64_t *bits) {
  memset(bits, 0, (count + 63) / 64 * 8);
  for (size_t i = 0; i < count; i++)
    if (change_one(change, (const uint8_t *)now + i * now_step,
                   (const uint8_t *)before + i * before_step) != change->inverted)
      bits[i / 64] |= 1ull << (i % 64);
  return pvk_count(bits, (count + 63) / 64);
}

void pvk_choose_anchors(struct pvk_pattern *pattern) {
  pattern->anchor = 0;
  pattern->second_anchor = pattern->count - 1;
}

size_t pvk_find(const struct pvk_pattern *pattern, const void *bytes, size_t count,
                uint64_t *bits) {
  memset(bits, 0, (count + 63) / 64 * 8);
  for (size_t i = 0; i < count; i++) {
    const uint8_t *here = (const uint8_t *)bytes + i;
    size_t same = 0;
    while (same < pattern->count && (here[same] & pattern->mask[same]) == pattern->bytes[same])
      same++;
    if (same == pattern->count) bits[i / 64] |= 1ull << (i % 64);
  }
  return pvk_count(bits, (count + 63) / 64);
}

size_t pvk_count(const uint64_t *bits, size_t words) {
  size_t count = 0;
  for (size_t i = 0; i < words; i++) count += (size_t)__builtin_popcountll(bits[i]);
  return count;
}

void pvk_and(uint64_t *bits, const uint64_t *other, size_t words) {
  for (size_t i = 0; i < words; i++) bits[i] &= other[i];
}

void pvk_or(uint64_t *bits, const uint64_t *other, size_t words) {
  for (size_t i = 0; i < words; i++) bits[i] |= other[i];
}

size_t pvk_slots(const uint64_t *bits, size_t words, uint16_t *slots) {
  size_t count = 0;
  for (size_t i = 0; i < words; i++)
    for (uint64_t word = bits[i]; word != 0; word &= word - 1)
      slots[count++] = (uint16_t)(i * 64 + (size_t)__builtin_ctzll(word));
  return count;
}

void pvk_bits(const uint16_t *slots, size_t count, uint64_t *bits, size_t words) {
  memset(bits, 0, words * 8);
  for (size_t i = 0; i < count; i++) bits[slots[i] / 64] |= 1ull << (slots[i] % 64);
}

void pvk_pick(const void *bytes, size_t step, size_t width, const uint16_t *slots, size_t count,
              void *values) {
  for (size_t i = 0; i < count; i++)
    memcpy((uint8_t *)values + i * width, (const uint8_t *)bytes + slots[i] * step, width);
}

void pvk_pick_bits(const void *bytes, size_t step, size_t width, const uint64_t *bits, size_t words,
                   void *values) {
  uint8_t *next = values;
  for (size_t i = 0; i < words; i++)
    for (uint64_t word = bits[i]; word != 0; word &= word - 1, next += width)
      memcpy(next, (const uint8_t *)bytes + (i * 64 + (size_t)__builtin_ctzll(word)) * step, width);
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

static bool is_set(const uint64_t *bits, size_t i) { return (bits[i / 64] >> (i % 64)) & 1; }

size_t pvk_keep_u16(uint16_t *slots, size_t count, const uint64_t *bits) {
  return pvk_keep_values(slots, 2, count, bits);
}

size_t pvk_keep_values(void *values, size_t width, size_t count, const uint64_t *bits) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (is_set(bits, i))
      memmove((uint8_t *)values + width * kept++, (uint8_t *)values + width * i, width);
  return kept;
}

int pvk_level_count(void) { return 1; }
int pvk_level(void) { return 0; }
void pvk_force_level(int level) { (void)level; }
