/* Loops that find patterns of bytes: all 64 candidates of a word at once, byte after byte. */
typedef uint8_t octets __attribute__((ext_vector_type(VECTOR_BYTES)));
typedef bool octet_truths __attribute__((ext_vector_type(VECTOR_BYTES)));

/* Which of 64 bytes are `byte` under the mask. */
INLINE uint64_t find_byte(const uint8_t *bytes, uint8_t byte, uint8_t mask) {
  uint64_t found = 0;
  _Pragma("clang loop unroll(full)") for (unsigned at = 0; at < 64; at += VECTOR_BYTES) {
    octets x;
    memcpy(&x, bytes + at, sizeof x);
    octet_truths truths = __builtin_convertvector((x & mask) == byte, octet_truths);
    uint64_t part = 0;
    memcpy(&part, &truths, sizeof truths);
    found |= part << at;
  }
  return found;
}

/* The candidates among `found` where the whole pattern matches. */
static __attribute__((noinline)) uint64_t find_rest(const struct pvk_pattern *pattern,
                                                    const uint8_t *bytes, uint64_t found) {
  for (size_t i = 0; i < pattern->count && found != 0; i++)
    if (pattern->mask[i] != 0) found &= find_byte(bytes + i, pattern->bytes[i], pattern->mask[i]);
  return found;
}

/* What is looked at first, in two bytes of the pattern. */
struct anchors {
  size_t first, second;
  uint8_t byte, mask, second_byte, second_mask;
};

INLINE struct anchors anchors_of(const struct pvk_pattern *pattern) {
  size_t first = pattern->anchor, second = pattern->second_anchor;
  return (struct anchors){first,
                          second,
                          pattern->bytes[first],
                          pattern->mask[first],
                          pattern->bytes[second],
                          pattern->mask[second]};
}

enum { FIND_WORDS = 4 }; /* of a block */

/* How many blocks there are before the first in which a candidate has both anchors. Vectors of half
 * a cache line, for the reason given in quiet.h. */
INLINE size_t find_quiet(struct anchors anchors, const uint8_t *bytes, size_t blocks, bool masked) {
#define QUIET_BYTES (VECTOR_BYTES > 32 ? 32 : VECTOR_BYTES)
  typedef uint8_t quiet_octets __attribute__((ext_vector_type(QUIET_BYTES)));
  for (size_t block = 0; block < blocks; block++, bytes += 64 * FIND_WORDS) {
    quiet_octets least = (quiet_octets)(-1), x, y;
    _Pragma("clang loop unroll(full)") for (size_t at = 0; at < 64 * FIND_WORDS;
                                            at += QUIET_BYTES) {
      memcpy(&x, bytes + anchors.first + at, sizeof x);
      memcpy(&y, bytes + anchors.second + at, sizeof y);
      x ^= anchors.byte;
      y ^= anchors.second_byte;
      if (masked) x &= anchors.mask;
      if (masked) y &= anchors.second_mask;
      least = __builtin_elementwise_min(least, x | y);
    }
    if (__builtin_reduce_or(least == 0) != 0) return block;
  }
  return blocks;
#undef QUIET_BYTES
}

INLINE uint64_t find_word(const struct pvk_pattern *pattern, struct anchors anchors,
                          const uint8_t *bytes) {
  uint64_t found = find_byte(bytes + anchors.first, anchors.byte, anchors.mask) &
                   find_byte(bytes + anchors.second, anchors.second_byte, anchors.second_mask);
  return found == 0 ? 0 : find_rest(pattern, bytes, found);
}

static void find(const void *context, const uint8_t *bytes, const uint8_t *before, size_t words,
                 uint64_t *bits) {
  const struct pvk_pattern *pattern = context;
  struct anchors anchors = anchors_of(pattern);
  size_t patience = 1; /* blocks to do before looking for quiet ones again */
  while (words > 0) {
    size_t blocks = words / FIND_WORDS;
    size_t quiet = (anchors.mask & anchors.second_mask) == 0xff
                       ? find_quiet(anchors, bytes, blocks, false)
                       : find_quiet(anchors, bytes, blocks, true);
    memset(bits, 0, quiet * FIND_WORDS * sizeof *bits);
    patience = quiet > 0 ? 1 : patience < 16 ? patience * 2 : 16;
    size_t from = quiet * FIND_WORDS, to = from + patience * FIND_WORDS;
    if (to > words) to = words;
    for (size_t i = from; i < to; i++) bits[i] = find_word(pattern, anchors, bytes + 64 * i);
    bytes += 64 * to;
    bits += to;
    words -= to;
  }
}
