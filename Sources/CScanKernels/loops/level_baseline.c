/* For every CPU: SSE2 on x86-64, NEON on aarch64. */
#define VECTOR_BYTES 16
#define LEVEL pvk_level_baseline
#include "all.h"
