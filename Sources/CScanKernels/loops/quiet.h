/* Loops that look for blocks without any match: less work than saying which candidates match. */

/* The vectors are half as long as a cache line where that is possible: of loads at odd addresses,
 * every one of 64 bytes would lie across two lines. */
#define QUIET_BYTES (VECTOR_BYTES > 32 ? 32 : VECTOR_BYTES)
typedef TYPE(BITS) NAME(quiet_lanes) __attribute__((ext_vector_type(QUIET_BYTES / BYTES)));
typedef __typeof__((NAME(quiet_lanes)){0} == (NAME(quiet_lanes)){0}) NAME(quiet_answers);

INLINE size_t NAME(quiet_every)(const struct quiet_filter *filter, const uint8_t *bytes,
                                size_t blocks, size_t block_size, size_t step, bool swapped) {
  TYPE(BITS) minus_low = (TYPE(BITS))-filter->low, span = (TYPE(BITS))filter->span;
  bytes += filter->offset;
  for (size_t block = 0; block < blocks; block++, bytes += block_size) {
    NAME(quiet_lanes) least = (NAME(quiet_lanes))(-1), second_least = least, x, y;
    for (size_t at = 0; at < block_size; at += 2 * QUIET_BYTES)
      for (size_t phase = 0; phase < BYTES; phase += step) {
        memcpy(&x, bytes + at + phase, sizeof x);
        memcpy(&y, bytes + at + phase + QUIET_BYTES, sizeof y);
        if (swapped) x = SWAPPED(x);
        if (swapped) y = SWAPPED(y);
        least = __builtin_elementwise_min(least, x + minus_low);
        second_least = __builtin_elementwise_min(second_least, y + minus_low);
      }
    NAME(quiet_answers) matches = __builtin_elementwise_min(least, second_least) <= span;
    if (__builtin_reduce_or(matches) != 0) return block;
  }
  return blocks;
}

/* The same of candidates that do not overlap, of which every byte is looked at but once. */
INLINE size_t NAME(quiet_apart)(const struct quiet_filter *filter, const uint8_t *bytes,
                                size_t blocks) {
  TYPE(BITS) low = (TYPE(BITS))filter->low, span = (TYPE(BITS))filter->span;
  for (size_t block = 0; block < blocks; block++, bytes += 64 * BYTES) {
    NAME(truths) matches = {0};
    _Pragma("clang loop unroll(full)") for (unsigned at = 0; at < 64; at += LANES) {
      NAME(lanes) x = NAME(load)(bytes + at * BYTES);
      matches |= __builtin_convertvector(x - low <= span, NAME(truths));
    }
    if (__builtin_reduce_or(matches)) return block;
  }
  return blocks;
}

static size_t NAME(quiet)(const struct quiet_filter *filter, const uint8_t *bytes,
                          const uint8_t *before, size_t blocks) {
  size_t size = filter->wide == BYTES ? 64 * BYTES : 128 * BYTES;
  if (filter->swapped) return NAME(quiet_every)(filter, bytes, blocks, size, filter->step, true);
  if (filter->step == BYTES && filter->wide == BYTES)
    return NAME(quiet_apart)(filter, bytes, blocks);
  switch (filter->step) {
    case 1: return NAME(quiet_every)(filter, bytes, blocks, size, 1, false);
    case 2: return NAME(quiet_every)(filter, bytes, blocks, size, 2, false);
    case 4: return NAME(quiet_every)(filter, bytes, blocks, size, 4, false);
    default: return NAME(quiet_every)(filter, bytes, blocks, size, 8, false);
  }
}

#undef QUIET_BYTES
