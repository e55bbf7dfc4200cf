#include <string.h>

#include "CScanKernels.h"

/* The place of an address, or UINT64_MAX. */
static inline uint64_t place_of(const struct pvk_pointees *pointees, uint64_t address) {
  const struct pvk_area *area = pointees->areas, *end = area + pointees->area_count;
  while (area != end && address - area->start > area->span) area++;
  if (area == end) return UINT64_MAX;
  uint64_t cell = (address - area->start) >> area->shift;
  size_t low = area->first[cell], high = area->first[cell + 1];
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (pointees->runs[middle].last < address)
      low = middle + 1;
    else
      high = middle;
  }
  const struct pvk_run *run = &pointees->runs[low];
  return address < run->start ? UINT64_MAX : run->place + (address - run->start);
}

uint64_t pvk_place(const struct pvk_pointees *pointees, uint64_t address) {
  return place_of(pointees, address);
}

static inline uint64_t pointer_at(const uint8_t *bytes, size_t width, bool swapped) {
  if (width == 4) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return swapped ? __builtin_bswap32(value) : value;
  }
  uint64_t value;
  memcpy(&value, bytes, 8);
  return swapped ? __builtin_bswap64(value) : value;
}

/* Puts a word into its part; false, with nothing done, when that needs a chunk and there is none. */
static inline bool put(struct pvk_sink *sink, size_t part, uint64_t word) {
  uint64_t *next = sink->next[part];
  if (((uintptr_t)next & (PVK_CHUNK * sizeof *next - 1)) == 0) {
    if (sink->chunks == 0) return false;
    sink->chunks--;
    *sink->owners++ = (uint16_t)part;
    next = sink->room;
    sink->room += PVK_CHUNK;
  }
  *next = word;
  sink->next[part] = next + 1;
  return true;
}

size_t pvk_take_pointers(const struct pvk_pointees *pointees, const struct pvk_words *words,
                         const uint64_t *bits, size_t from, struct pvk_sink *sink) {
  const uint8_t *bytes = words->bytes;
  uint64_t mask = (1ull << sink->part_shift) - 1;
  size_t count = (words->count + 63) / 64;
  uint64_t left = UINT64_MAX << (from % 64);
  for (size_t i = from / 64; i < count; i++, left = UINT64_MAX)
    for (uint64_t word = bits[i] & left; word != 0; word &= word - 1) {
      size_t number = i * 64 + (size_t)__builtin_ctzll(word);
      uint64_t address = pointer_at(bytes + number * words->step, words->width, words->swapped);
      uint64_t place = place_of(pointees, address);
      if (place == UINT64_MAX) continue;
      uint64_t slot = words->first_slot + number;
      if (!put(sink, place >> sink->part_shift, (place & mask) << sink->slot_bits | slot))
        return number;
      sink->taken++;
    }
  return words->count;
}

enum { DIGIT = 11, FEW_WORDS = 48 };

static void sort_few(uint64_t *words, size_t count, unsigned low, unsigned bits) {
  uint64_t mask = bits < 64 ? (1ull << bits) - 1 : UINT64_MAX;
  for (size_t i = 1; i < count; i++) {
    uint64_t word = words[i], key = word >> low & mask;
    size_t j = i;
    for (; j > 0 && (words[j - 1] >> low & mask) > key; j--) words[j] = words[j - 1];
    words[j] = word;
  }
}

/* Sorts by one digit into `sorted`; false, with nothing done, when all have the same. */
static bool sort_by_digit(const uint64_t *words, uint64_t *sorted, size_t count, unsigned low,
                          unsigned bits) {
  size_t starts[1 << DIGIT] = {0}, sum = 0, mask = (1u << bits) - 1;
  for (size_t i = 0; i < count; i++) starts[words[i] >> low & mask]++;
  if (starts[words[0] >> low & mask] == count) return false;
  for (size_t digit = 0; digit <= mask; digit++) {
    size_t here = starts[digit];
    starts[digit] = sum;
    sum += here;
  }
  for (size_t i = 0; i < count; i++) sorted[starts[words[i] >> low & mask]++] = words[i];
  return true;
}

void pvk_sort_words(uint64_t *words, uint64_t *room, size_t count, unsigned low, unsigned bits) {
  if (count <= FEW_WORDS) return sort_few(words, count, low, bits);
  unsigned passes = (bits + DIGIT - 1) / DIGIT, width = passes ? (bits + passes - 1) / passes : 0;
  uint64_t *from = words, *to = room;
  for (unsigned done = 0; done < bits; done += width) {
    unsigned digit = bits - done < width ? bits - done : width;
    if (!sort_by_digit(from, to, count, low + done, digit)) continue;
    uint64_t *other = from;
    from = to;
    to = other;
  }
  if (from != words) memcpy(words, from, count * sizeof *words);
}
