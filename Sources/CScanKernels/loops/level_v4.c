/* For CPUs of the level x86-64-v4: AVX-512. */
#ifdef __x86_64__
#define VECTOR_BYTES 64
#define LEVEL pvk_level_v4
#define TARGET \
  __attribute__((target("popcnt,avx2,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl"), \
                 min_vector_width(512)))
#include "all.h"
#endif
