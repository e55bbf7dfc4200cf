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

static void find(const void *context, const uint8_t *bytes, const uint8_t *before, size_t words,
                 uint64_t *bits) {
  const struct pvk_pattern *pattern = context;
  size_t first = pattern->anchor, second = pattern->second_anchor;
  uint8_t byte = pattern->bytes[first], mask = pattern->mask[first];
  uint8_t second_byte = pattern->bytes[second], second_mask = pattern->mask[second];
  for (size_t word = 0; word < words; word++, bytes += 64) {
    uint64_t found = find_byte(bytes + first, byte, mask) &
                     find_byte(bytes + second, second_byte, second_mask);
    if (found != 0) found = find_rest(pattern, bytes, found);
    bits[word] = found;
  }
}
