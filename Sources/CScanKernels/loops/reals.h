/* Vectors of reals of BITS bits, and of doubles, with as many lanes as the integers have. */
#if BITS == 32
typedef float NAME(reals) __attribute__((ext_vector_type(LANES)));
#else
typedef double NAME(reals) __attribute__((ext_vector_type(LANES)));
#endif

INLINE NAME(reals) NAME(load_reals)(const uint8_t *bytes, bool swapped) {
  NAME(lanes) x = NAME(load)(bytes);
  if (swapped) x = NAME(swap)(x);
  return (NAME(reals))x;
}
