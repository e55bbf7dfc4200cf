/* A loop that looks for blocks of bytes that are as they were before. */

static size_t same(const struct quiet_filter *filter, const uint8_t *now, const uint8_t *before,
                   size_t blocks) {
  typedef uint64_t words __attribute__((ext_vector_type(VECTOR_BYTES / 8)));
  size_t size = 64 * filter->wide, rest = filter->wide - filter->step;
  for (size_t block = 0; block < blocks; block++, now += size, before += size) {
    words changed = {0}, x, y;
    for (size_t at = 0; at < size; at += 64)
      _Pragma("clang loop unroll(full)") for (size_t i = at; i < at + 64; i += VECTOR_BYTES) {
        memcpy(&x, now + i, sizeof x);
        memcpy(&y, before + i, sizeof y);
        changed |= x ^ y;
      }
    /* The last candidates reach beyond the block. */
    uint64_t last, last_before;
    memcpy(&last, now + size + rest - 8, sizeof last);
    memcpy(&last_before, before + size + rest - 8, sizeof last_before);
    if ((__builtin_reduce_or(changed) | (last ^ last_before)) != 0) return block;
  }
  return blocks;
}
