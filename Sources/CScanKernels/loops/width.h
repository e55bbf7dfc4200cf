/* The loops over values of BITS bits. */
#include "lanes.h"
#if BITS >= 32
#include "reals.h"
#endif
#include "match.h"
#include "compare.h"
#include "quiet.h"
#include "pick.h"

#undef JOIN_
#undef JOIN
#undef NAME
#undef TYPE_
#undef TYPE
#undef BYTES
#undef LANES
#undef TRUTHS
#undef SWAPPED
#undef SWAPPED_PAIRS
#undef SWAPPED_HALVES
#undef SWAPPED_BYTES
