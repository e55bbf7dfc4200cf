/* The loops of scanning: which of many values in a buffer satisfy a condition, and what to do with
 * the answer. Bit i of an answer, in word i / 64, stands for candidate i.
 *
 * Every function works at any address and reads no byte that its arguments do not describe. Nothing
 * is allocated, and nothing is kept between calls but the choice of a variant for this CPU. */
#ifndef CSCANKERNELS_H
#define CSCANKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value may be, both ends included.
 * Integers: value - low <= span, unsigned and wrapping in the width of the type; so an interval of
 * signed numbers is low = first and span = last - first, in two's complement.
 * Reals: low_real <= value <= high_real, which no NaN satisfies. */
struct pvk_interval {
  uint64_t low, span;
  double low_real, high_real;
};

/* A comparison with constants. An integer is read in its byte order, then ^ key, then rotated left
 * in its width, then & mask; reals are taken as they are. */
struct pvk_test {
  uint8_t width;  /* bytes: 1, 2, 4, 8; 4 and 8 for reals */
  bool real;      /* IEEE single or double */
  bool swapped;   /* not in the byte order of this machine */
  bool inverted;  /* in none of the intervals; a NaN then matches */
  uint8_t rotate; /* bits, less than the width */
  uint64_t key;
  uint64_t mask;                        /* all ones when every bit counts */
  const struct pvk_interval *intervals; /* rising and disjoint, where integers compare unsigned */
  size_t interval_count;                /* any number; with 0 nothing is in them */
};

/* Tests the `count` values that start at bytes, bytes + step, bytes + 2 * step, ... and writes
 * (count + 63) / 64 words, the unused bits of the last one 0. Returns the number of matches. */
size_t pvk_match(const struct pvk_test *test, const void *bytes, size_t count, size_t step,
                 uint64_t *bits);

enum pvk_relation {
  PVK_EQUAL,      /* the same bits, so a NaN is equal to itself and 0.0 is not -0.0 */
  PVK_GREATER,    /* now > before; false when one is a NaN */
  PVK_LESS,       /* now < before; false when one is a NaN */
  PVK_DIFFERENCE, /* now - before in the interval; integers wrap, reals subtract in double */
  PVK_PERCENT,    /* low_real * |before| <= now - before <= high_real * |before|, in double */
};

/* A comparison with what the value was before. Both are decoded as in pvk_test. */
struct pvk_change {
  uint8_t width;
  bool real, is_signed, swapped;
  bool inverted;    /* the relation does not hold; so it is true of a NaN */
  uint8_t relation; /* of enum pvk_relation */
  uint8_t rotate;
  uint64_t key;
  struct pvk_interval interval;
};

/* As pvk_match, of `count` values at now, now + now_step, ... each against its own at before,
 * before + before_step, ...; with before_step 0 all against the one value at before. */
size_t pvk_compare(const struct pvk_change *change, const void *now, size_t now_step,
                   const void *before, size_t before_step, size_t count, uint64_t *bits);

/* Digests of blocks of so many bytes, which tell whether a block is as it was. Those of different
 * blocks are the same once in 2^64 times, of whatever blocks, as long as nobody knows the key: as
 * many random bytes. */
enum { PVK_DIGEST_BYTES = 512 };

/* Writes the digest of each block. False, with nothing written, when the level in use has no quick
 * way to make them. */
bool pvk_digest(const uint64_t *key, const void *bytes, size_t blocks, uint64_t *digests);

/* As pvk_compare of values next to each other on both sides. `digests` are those of the whole blocks
 * at before, with the same key; of a block that still has its digest no value at before is read,
 * where that tells the answer. */
size_t pvk_compare_digested(const struct pvk_change *change, const void *now, const void *before,
                            size_t count, const uint64_t *key, const uint64_t *digests,
                            uint64_t *bits);

/* Consecutive bytes: byte i matches when (byte & mask[i]) == bytes[i]. No bit is set in bytes that
 * is not in mask. `count` is at least 1. */
struct pvk_pattern {
  const uint8_t *bytes, *mask;
  size_t count;
  size_t anchor, second_anchor; /* the positions that are looked at first; any two will do */
};

/* Sets the two anchors to the positions whose bytes are the rarest in the memory of programs. */
void pvk_choose_anchors(struct pvk_pattern *pattern);

/* As pvk_match, for a pattern at bytes, bytes + 1, ... Reads count - 1 + pattern->count bytes. */
size_t pvk_find(const struct pvk_pattern *pattern, const void *bytes, size_t count, uint64_t *bits);

/* The number of set bits. */
size_t pvk_count(const uint64_t *bits, size_t words);

void pvk_and(uint64_t *bits, const uint64_t *other, size_t words);
void pvk_or(uint64_t *bits, const uint64_t *other, size_t words);

/* The numbers of the set bits, rising. Returns how many; `slots` has room for so many. At most 1024
 * words, since a slot has 16 bits. */
size_t pvk_slots(const uint64_t *bits, size_t words, uint16_t *slots);

/* The opposite: clears the words, then sets the bits named. Every slot is below 64 * words. */
void pvk_bits(const uint16_t *slots, size_t count, uint64_t *bits, size_t words);

/* Copies the values of the candidates named, `step` bytes apart in `bytes`, next to each other.
 * The width is 1, 2, 4 or 8. */
void pvk_pick(const void *bytes, size_t step, size_t width, const uint16_t *slots, size_t count,
              void *values);
void pvk_pick_bits(const void *bytes, size_t step, size_t width, const uint64_t *bits, size_t words,
                   void *values);

/* The number of the set bit before which `rank` others are set; SIZE_MAX when there is none. */
size_t pvk_select(const uint64_t *bits, size_t words, size_t rank);

/* How many bits below `slot` are set. Reads the word of `slot` only when bits of it count. */
size_t pvk_rank(const uint64_t *bits, size_t slot);

/* Keeps element i of `count` when bit i is set, in place and in order. Returns how many are left.
 * The width is 1, 2, 4 or 8. */
size_t pvk_keep_u16(uint16_t *slots, size_t count, const uint64_t *bits);
size_t pvk_keep_values(void *values, size_t width, size_t count, const uint64_t *bits);

/* The loops exist once for each level of CPU, and the highest that this CPU can run is used. For
 * tests: how many it can run (at least 1; they are numbered from 0), which is used, and to use
 * another, clamped to those it can run. The level makes no difference to any result. */
int pvk_level_count(void);
int pvk_level(void);
void pvk_force_level(int level);

/* Whether all bytes are 0. */
bool pvk_is_zero(const void *bytes, size_t count);

/* Whether two ranges hold the same bytes. */
bool pvk_is_equal(const void *bytes, const void *other, size_t count);

/* A number that is the same for equal bytes, made from 8 words of them; at least 64 bytes. */
uint64_t pvk_sample(const void *bytes, size_t count);

/* Asks for a cache line ahead of its use. Any address will do. */
static inline void pvk_prefetch(const void *address) { __builtin_prefetch(address); }

/* Addresses that pointers may hold, and the numbering of these: a place for each. */
struct pvk_run {
  uint64_t start, last; /* both included */
  uint64_t place;       /* of the first */
};

/* Runs that lie near each other. `first` has (span >> shift) + 2 numbers of runs: for each cell of
 * 1 << shift addresses the first run that does not end before it, then the area's last run. */
struct pvk_area {
  uint64_t start, span; /* the last address is start + span, and the end of a run */
  unsigned shift;
  const uint32_t *first;
};

struct pvk_pointees {
  const struct pvk_area *areas; /* disjoint, each with at least one run */
  size_t area_count;
  const struct pvk_run *runs; /* rising and disjoint */
};

/* The place of an address; UINT64_MAX when it is in no run. */
uint64_t pvk_place(const struct pvk_pointees *pointees, uint64_t address);

enum { PVK_CHUNK = 256 }; /* words */

/* Words in parts, each in chunks that are aligned to their size. */
struct pvk_sink {
  uint64_t **next;     /* of each part; at the end of a chunk, or null, when it needs another */
  unsigned part_shift; /* the part is place >> part_shift */
  unsigned slot_bits;  /* a word is the rest of the place << slot_bits | slot */
  uint64_t *room;      /* the next chunk that is not in use */
  size_t chunks;       /* how many there are */
  uint16_t *owners;    /* where the part of each goes when it is put to use */
  size_t taken;        /* words, counted on */
};

/* Numbers of 4 or 8 bytes, each `step` bytes behind the one before. */
struct pvk_words {
  const void *bytes;
  size_t count, step, width;
  bool swapped;
  uint64_t first_slot; /* the number of the first; the others follow */
};

/* Puts those whose bit is set and that have a place into the sink, from number `from` on. Returns
 * the number of the one for which there is no chunk, or words->count. */
size_t pvk_take_pointers(const struct pvk_pointees *pointees, const struct pvk_words *words,
                         const uint64_t *bits, size_t from, struct pvk_sink *sink);

/* Sorts words of which only the `bits` bits from bit `low` on count; the others then stay in any
 * order. `room` has room for as many. */
void pvk_sort_words(uint64_t *words, uint64_t *room, size_t count, unsigned low, unsigned bits);

#endif
