/* Loops over bits. */

static size_t count(const uint64_t *bits, size_t words) {
  size_t count = 0;
  for (size_t i = 0; i < words; i++) count += (size_t)__builtin_popcountll(bits[i]);
  return count;
}

static size_t slots(const uint64_t *bits, size_t words, uint16_t *slots) {
  uint16_t *next = slots;
  for (size_t i = 0; i < words; i++)
    for (uint64_t word = bits[i]; word != 0; word &= word - 1)
      *next++ = (uint16_t)(i * 64 + (size_t)__builtin_ctzll(word));
  return (size_t)(next - slots);
}

/* Bit i of the result's every `phases` bits is bit i of the low 64 / phases bits of `word`. */
INLINE uint64_t spread(uint64_t word, unsigned phases) {
#ifdef __BMI2__
  return __builtin_ia32_pdep_di(word, phases == 2   ? 0x5555555555555555
                                      : phases == 4 ? 0x1111111111111111
                                                    : 0x0101010101010101);
#else
  word &= UINT64_MAX >> (64 - 64 / phases);
  if (phases == 2) word = (word | word << 16) & 0x0000ffff0000ffff;
  if (phases == 2) word = (word | word << 8) & 0x00ff00ff00ff00ff;
  if (phases == 2) word = (word | word << 4) & 0x0f0f0f0f0f0f0f0f;
  if (phases == 2) word = (word | word << 2) & 0x3333333333333333;
  if (phases == 2) return (word | word << 1) & 0x5555555555555555;
  if (phases == 4) word = (word | word << 24) & 0x000000ff000000ff;
  if (phases == 4) word = (word | word << 12) & 0x000f000f000f000f;
  if (phases == 4) word = (word | word << 6) & 0x0303030303030303;
  if (phases == 4) return (word | word << 3) & 0x1111111111111111;
  word = (word | word << 28) & 0x0000000f0000000f;
  word = (word | word << 14) & 0x0003000300030003;
  return (word | word << 7) & 0x0101010101010101;
#endif
}

INLINE void interleave_phases(const uint64_t *phased, unsigned phases, size_t words,
                              uint64_t *bits) {
  for (size_t i = 0; i < words; i++, bits += phases) {
    uint64_t any = 0;
    for (unsigned phase = 0; phase < phases; phase++) any |= phased[phase * words + i];
    for (unsigned part = 0; part < phases; part++) {
      uint64_t word = 0;
      if (any != 0)
        for (unsigned phase = 0; phase < phases; phase++)
          word |= spread(phased[phase * words + i] >> (part * (64 / phases)), phases) << phase;
      bits[part] = word;
    }
  }
}

static void interleave(const uint64_t *phased, size_t phases, size_t words, uint64_t *bits) {
  switch (phases) {
    case 2: interleave_phases(phased, 2, words, bits); break;
    case 4: interleave_phases(phased, 4, words, bits); break;
    default: interleave_phases(phased, 8, words, bits); break;
  }
}
