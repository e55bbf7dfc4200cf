/* Loops that compare values of BITS bits with what they were before. `a` is now, `b` before. */

#define COMPARE_WORDS(read, condition)                                                        \
  for (size_t word = 0; word < words; word++, now += 64 * BYTES, before += 64 * BYTES) {      \
    uint64_t found = 0;                                                                       \
    _Pragma("clang loop unroll(full)") for (unsigned at = 0; at < 64; at += LANES) {          \
      __typeof__(read(now)) a = read(now + at * BYTES), b = read(before + at * BYTES);        \
      found |= TRUTHS(condition) << at;                                                       \
    }                                                                                         \
    bits[word] = found ^ plan->invert;                                                        \
  }

#define COMPARE_LOOP(name)                                                                    \
  static void NAME(name)(const void *context, const uint8_t *now, const uint8_t *before,      \
                         size_t words, uint64_t *bits)

typedef double NAME(doubles) __attribute__((ext_vector_type(LANES)));

COMPARE_LOOP(compare_equal) {
  const struct compare_plan *plan = context;
  COMPARE_WORDS(NAME(load), a == b)
}

COMPARE_LOOP(compare_greater) {
  const struct compare_plan *plan = context;
  COMPARE_WORDS(NAME(load), a > b)
}

COMPARE_LOOP(compare_signed_greater) {
  const struct compare_plan *plan = context;
  COMPARE_WORDS(NAME(load), (NAME(answers))a > (NAME(answers))b)
}

INLINE NAME(lanes) NAME(undo)(const struct compare_plan *plan, const uint8_t *bytes) {
  NAME(lanes) x = NAME(load)(bytes);
  if (plan->swapped) x = NAME(swap)(x);
  return NAME(rotate)(x ^ (TYPE(BITS))plan->key, plan->rotate);
}
#define UNDO(bytes) NAME(undo)(plan, bytes)

COMPARE_LOOP(compare_coded_greater) {
  const struct compare_plan *plan = context;
  TYPE(BITS) flip = (TYPE(BITS))plan->flip;
  COMPARE_WORDS(UNDO, (a ^ flip) > (b ^ flip))
}

COMPARE_LOOP(compare_difference) {
  const struct compare_plan *plan = context;
  TYPE(BITS) low = (TYPE(BITS))plan->low, span = (TYPE(BITS))plan->span;
  COMPARE_WORDS(UNDO, a - b - low <= span)
}

#define MAGNITUDE(x) __builtin_elementwise_abs(x)

/* Differences and bounds are taken in double, whatever the type. */
INLINE __typeof__((NAME(doubles)){0} < (NAME(doubles)){0}) NAME(in_percent)(
    const struct compare_plan *plan, NAME(doubles) a, NAME(doubles) b) {
  NAME(doubles) change = a - b, size = MAGNITUDE(b);
  return (plan->low_real * size <= change) & (change <= plan->high_real * size);
}

INLINE NAME(doubles) NAME(number)(const struct compare_plan *plan, const uint8_t *bytes) {
  NAME(lanes) x = NAME(undo)(plan, bytes);
  return plan->is_signed ? __builtin_convertvector((NAME(answers))x, NAME(doubles))
                         : __builtin_convertvector(x, NAME(doubles));
}
#define NUMBER(bytes) NAME(number)(plan, bytes)

COMPARE_LOOP(compare_percent) {
  const struct compare_plan *plan = context;
  COMPARE_WORDS(NUMBER, NAME(in_percent)(plan, a, b))
}

#if BITS >= 32
#define REALS(bytes) NAME(load_reals)(bytes, false)
#define SWAPPED_REALS(bytes) NAME(load_reals)(bytes, true)
#define DOUBLES(bytes) \
  __builtin_convertvector(NAME(load_reals)(bytes, plan->swapped), NAME(doubles))

COMPARE_LOOP(compare_real_greater) {
  const struct compare_plan *plan = context;
  if (plan->swapped) {
    COMPARE_WORDS(SWAPPED_REALS, a > b)
  } else {
    COMPARE_WORDS(REALS, a > b)
  }
}

COMPARE_LOOP(compare_real_difference) {
  const struct compare_plan *plan = context;
  double low = plan->low_real, high = plan->high_real;
  COMPARE_WORDS(DOUBLES, (low <= a - b) & (a - b <= high))
}

COMPARE_LOOP(compare_real_percent) {
  const struct compare_plan *plan = context;
  COMPARE_WORDS(DOUBLES, NAME(in_percent)(plan, a, b))
}

#undef REALS
#undef SWAPPED_REALS
#undef DOUBLES
#endif

#undef COMPARE_WORDS
#undef COMPARE_LOOP
#undef UNDO
#undef NUMBER
#undef MAGNITUDE
