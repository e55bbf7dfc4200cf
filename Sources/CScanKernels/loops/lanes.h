/* Vectors of integers of BITS bits: included once for each width, by a file that defines BITS and
 * VECTOR_BYTES. At least 8 lanes, so that a comparison of all lanes gives whole bytes of bits. */
#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(name) JOIN(name, BITS)
#define TYPE_(bits) uint##bits##_t
#define TYPE(bits) TYPE_(bits)
#define BYTES (BITS / 8)
#define LANES (VECTOR_BYTES / BYTES < 8 ? 8 : VECTOR_BYTES / BYTES)

typedef TYPE(BITS) NAME(lanes) __attribute__((ext_vector_type(LANES)));
typedef __typeof__((NAME(lanes)){0} == (NAME(lanes)){0}) NAME(answers); /* signed; 0 or -1 */
typedef bool NAME(truths) __attribute__((ext_vector_type(LANES)));

INLINE NAME(lanes) NAME(load)(const uint8_t *bytes) {
  NAME(lanes) lanes;
  memcpy(&lanes, bytes, sizeof lanes);
  return lanes;
}

/* One bit a lane; takes the all-ones or zero lanes of a comparison. */
#define TRUTHS(condition)                                                                     \
  ({                                                                                          \
    NAME(truths) truths_ = __builtin_convertvector(condition, NAME(truths));                  \
    uint64_t bits_ = 0;                                                                       \
    memcpy(&bits_, &truths_, sizeof truths_);                                                 \
    bits_;                                                                                    \
  })

/* Each lane with its bytes in the other order; the compiler sees that in the shifts. */
#if BITS == 16
#define SWAPPED(x) ((x) << 8 | (x) >> 8)
#elif BITS == 32
#define SWAPPED(x) ((x) << 24 | ((x) & 0xff00) << 8 | ((x) >> 8 & 0xff00) | (x) >> 24)
#elif BITS == 64
#define SWAPPED_PAIRS(x) ((x) << 32 | (x) >> 32)
#define SWAPPED_HALVES(x) (((x) & 0x0000ffff0000ffff) << 16 | ((x) >> 16 & 0x0000ffff0000ffff))
#define SWAPPED_BYTES(x) (((x) & 0x00ff00ff00ff00ff) << 8 | ((x) >> 8 & 0x00ff00ff00ff00ff))
#define SWAPPED(x) SWAPPED_PAIRS(SWAPPED_HALVES(SWAPPED_BYTES(x)))
#else
#define SWAPPED(x) (x)
#endif

INLINE NAME(lanes) NAME(swap)(NAME(lanes) x) { return SWAPPED(x); }

INLINE NAME(lanes) NAME(rotate)(NAME(lanes) x, unsigned count) {
  TYPE(BITS) left = (TYPE(BITS))(count % BITS), right = (TYPE(BITS))((BITS - count % BITS) % BITS);
  return x << left | x >> right;
}
