/* For CPUs of the level x86-64-v3: AVX2. */
#ifdef __x86_64__
#define VECTOR_BYTES 32
#define LEVEL pvk_level_v3
#define TARGET __attribute__((target("popcnt,avx2,bmi,bmi2")))
#include "all.h"
#endif
