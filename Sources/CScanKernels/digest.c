#include "level.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* A digest is the sum, in the field of 2^64 elements, of the products of neighbouring words of the
 * block, each first added to its word of the key (the CLNH of Lemire and Kaser): two blocks that
 * differ have the same one with 1 of 2^64 keys. */

typedef void make(const uint64_t *key, const uint8_t *bytes, size_t blocks, uint64_t *digests);

#ifdef __x86_64__
#define NARROW __attribute__((target("pclmul")))
#define WIDE __attribute__((target("avx512f,avx512dq,vpclmulqdq,pclmul")))

/* A product of 128 bits as one of the field, whose polynomial is x^64 + x^4 + x^3 + x + 1. */
#define REDUCED(product)                                                                      \
  ({                                                                                          \
    const __m128i polynomial_ = _mm_cvtsi64_si128(0x1b);                                      \
    __m128i high_ = _mm_clmulepi64_si128(product, polynomial_, 0x01);                         \
    __m128i rest_ = _mm_clmulepi64_si128(high_, polynomial_, 0x01);                           \
    (uint64_t)_mm_cvtsi128_si64(_mm_xor_si128(_mm_xor_si128(product, high_), rest_));         \
  })

NARROW static void make_narrow(const uint64_t *key, const uint8_t *bytes, size_t blocks,
                               uint64_t *digests) {
  for (size_t block = 0; block < blocks; block++, bytes += PVK_DIGEST_BYTES) {
    __m128i sum = _mm_setzero_si128();
    for (size_t at = 0; at < PVK_DIGEST_BYTES; at += 16) {
      __m128i words = _mm_xor_si128(_mm_loadu_si128((const __m128i_u *)(bytes + at)),
                                    _mm_loadu_si128((const __m128i_u *)(key + at / 8)));
      sum = _mm_xor_si128(sum, _mm_clmulepi64_si128(words, words, 0x10));
    }
    digests[block] = REDUCED(sum);
  }
}

WIDE static void make_wide(const uint64_t *key, const uint8_t *bytes, size_t blocks,
                           uint64_t *digests) {
  for (size_t block = 0; block < blocks; block++, bytes += PVK_DIGEST_BYTES) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t at = 0; at < PVK_DIGEST_BYTES; at += 64) {
      __m512i words =
          _mm512_xor_si512(_mm512_loadu_si512(bytes + at), _mm512_loadu_si512(key + at / 8));
      sum = _mm512_xor_si512(sum, _mm512_clmulepi64_epi128(words, words, 0x10));
    }
    __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1));
    __m128i quarter =
        _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    digests[block] = REDUCED(quarter);
  }
}
#endif

/* Null where products without carry have to be put together bit by bit. */
static make *fastest(void) {
#ifdef __x86_64__
  const struct level *level = pvk_current_level();
  if (level == &pvk_level_baseline || !__builtin_cpu_supports("pclmul")) return NULL;
  return level == &pvk_level_v4 && __builtin_cpu_supports("vpclmulqdq") ? make_wide : make_narrow;
#else
  return NULL;
#endif
}

bool pvk_digest(const uint64_t *key, const void *bytes, size_t blocks, uint64_t *digests) {
  make *digest = fastest();
  if (digest == NULL) return false;
  digest(key, bytes, blocks, digests);
  return true;
}
