/* Loops that compare values of BITS bits with constants. `x` names the values in a condition. */

#define MATCH_WORDS(read, condition)                                                          \
  for (size_t word = 0; word < words; word++, bytes += 64 * BYTES) {                          \
    uint64_t found = 0;                                                                       \
    _Pragma("clang loop unroll(full)") for (unsigned at = 0; at < 64; at += LANES) {          \
      const uint8_t *here = bytes + at * BYTES;                                               \
      read;                                                                                   \
      found |= TRUTHS(condition) << at;                                                       \
    }                                                                                         \
    bits[word] = found ^ plan->invert;                                                        \
  }

#define MATCH_LOOP(name)                                                                      \
  static void NAME(name)(const void *context, const uint8_t *bytes, const uint8_t *before,    \
                         size_t words, uint64_t *bits)

MATCH_LOOP(match_equal) {
  const struct match_plan *plan = context;
  TYPE(BITS) value = (TYPE(BITS))plan->value;
  MATCH_WORDS(NAME(lanes) x = NAME(load)(here), x == value)
}

MATCH_LOOP(match_masked) {
  const struct match_plan *plan = context;
  TYPE(BITS) value = (TYPE(BITS))plan->value, mask = (TYPE(BITS))plan->mask;
  MATCH_WORDS(NAME(lanes) x = NAME(load)(here), (x & mask) == value)
}

MATCH_LOOP(match_range) {
  const struct match_plan *plan = context;
  TYPE(BITS) low = (TYPE(BITS))plan->low, span = (TYPE(BITS))plan->span;
  MATCH_WORDS(NAME(lanes) x = NAME(load)(here), x - low <= span)
}

INLINE NAME(lanes) NAME(decode)(const struct match_plan *plan, const uint8_t *bytes, bool swapped) {
  NAME(lanes) x = NAME(load)(bytes);
  if (swapped) x = NAME(swap)(x);
  return NAME(rotate)(x ^ (TYPE(BITS))plan->key, plan->rotate) & (TYPE(BITS))plan->mask;
}

MATCH_LOOP(match_coded) {
  const struct match_plan *plan = context;
  TYPE(BITS) low = (TYPE(BITS))plan->low, span = (TYPE(BITS))plan->span;
  if (plan->swapped) {
    MATCH_WORDS(NAME(lanes) x = NAME(decode)(plan, here, true), x - low <= span)
  } else {
    MATCH_WORDS(NAME(lanes) x = NAME(decode)(plan, here, false), x - low <= span)
  }
}

/* True where a value is in one of the intervals. */
#define IN_FEW(few, condition)                                                                \
  ({                                                                                          \
    NAME(answers) any_ = {0};                                                                 \
    _Pragma("clang loop unroll(full)") for (size_t i = 0; i < few; i++) any_ |= (condition);  \
    any_;                                                                                     \
  })

/* For one of three numbers of intervals, so that they can stay in registers. */
#define FEW_WORDS(read, condition)                                                            \
  switch (plan->few) {                                                                        \
    case 2: MATCH_WORDS(read, IN_FEW(2, condition)) break;                                    \
    case 4: MATCH_WORDS(read, IN_FEW(4, condition)) break;                                    \
    default: MATCH_WORDS(read, IN_FEW(FEW, condition)) break;                                 \
  }

MATCH_LOOP(match_few) {
  const struct match_plan *plan = context;
  TYPE(BITS) lows[FEW], spans[FEW];
  for (size_t i = 0; i < FEW; i++) {
    lows[i] = (TYPE(BITS))plan->lows[i];
    spans[i] = (TYPE(BITS))plan->spans[i];
  }
  bool swapped = plan->swapped;
  FEW_WORDS(NAME(lanes) x = NAME(decode)(plan, here, swapped), x - lows[i] <= spans[i])
}

#if BITS >= 32
#if BITS == 32
#define OF_REAL(name) plan->name##_single
#define OF_REALS(name) plan->name##_singles
#else
#define OF_REAL(name) plan->name##_double
#define OF_REALS(name) plan->name##_doubles
#endif

MATCH_LOOP(match_real) {
  const struct match_plan *plan = context;
  __typeof__(OF_REAL(low)) low = OF_REAL(low), high = OF_REAL(high);
  if (plan->swapped) {
    MATCH_WORDS(NAME(reals) x = NAME(load_reals)(here, true), (low <= x) & (x <= high))
  } else {
    MATCH_WORDS(NAME(reals) x = NAME(load_reals)(here, false), (low <= x) & (x <= high))
  }
}

MATCH_LOOP(match_real_few) {
  const struct match_plan *plan = context;
  const __typeof__(OF_REAL(low)) *lows = OF_REALS(low), *highs = OF_REALS(high);
  bool swapped = plan->swapped;
  FEW_WORDS(NAME(reals) x = NAME(load_reals)(here, swapped), (lows[i] <= x) & (x <= highs[i]))
}

#undef OF_REAL
#undef OF_REALS
#endif

#undef MATCH_WORDS
#undef MATCH_LOOP
#undef IN_FEW
#undef FEW_WORDS
