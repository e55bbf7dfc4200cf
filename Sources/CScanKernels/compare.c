#include "level.h"

static enum compare_kind integer_kind(const struct pvk_change *change, bool coded) {
  switch (change->relation) {
    case PVK_EQUAL: return COMPARE_EQUAL;
    case PVK_DIFFERENCE: return COMPARE_DIFFERENCE;
    case PVK_PERCENT: return COMPARE_PERCENT;
    default:
      if (coded) return COMPARE_CODED_GREATER;
      return change->is_signed ? COMPARE_SIGNED_GREATER : COMPARE_GREATER;
  }
}

static enum compare_kind real_kind(const struct pvk_change *change) {
  switch (change->relation) {
    case PVK_EQUAL: return COMPARE_EQUAL;
    case PVK_DIFFERENCE: return COMPARE_REAL_DIFFERENCE;
    case PVK_PERCENT: return COMPARE_REAL_PERCENT;
    default: return COMPARE_REAL_GREATER;
  }
}

/* The answer for values that have not changed by a bit, when it is the same for all of them. Only
 * worth it where candidates overlap, since each byte is otherwise looked at but once anyway. */
static bool answer_for_same(const struct pvk_change *change, const struct compare_plan *plan,
                            bool *answer) {
  uint64_t ones = UINT64_MAX >> (64 - 8 * change->width);
  switch (change->relation) {
    case PVK_EQUAL: *answer = true; return true;
    case PVK_GREATER:
    case PVK_LESS: *answer = false; return true;
    case PVK_DIFFERENCE: *answer = (-plan->low & ones) <= plan->span; return !change->real;
    default: return false;
  }
}

/* Equality at every address: a value is the same when all its bytes are, and so every byte is
 * compared but once. */
static size_t compare_anywhere(const struct compare_plan *plan, unsigned width, const uint8_t *now,
                               const uint8_t *before, size_t count, uint64_t *bits) {
  enum { TILE = 64 };
  struct compare_plan bytewise = {0};
  struct walk walk = {
      .loop = pvk_current_level()->compare[0][COMPARE_EQUAL], .plan = &bytewise, .width = 1};
  size_t words = (count + 63) / 64;
  for (size_t from = 0; from < words; from += TILE) {
    uint64_t same[TILE + 2] = {0}; /* the first of the next tile, too, and zeros */
    size_t start = from * 64, rest = count - start;
    size_t candidates = rest < TILE * 64 ? rest : TILE * 64;
    pvk_walk(&walk, now + start, 1, before + start, 1, candidates + width - 1, same);
    /* Two bytes each, then four, then eight. */
    for (unsigned bytes = 1; bytes < width; bytes *= 2)
      for (size_t i = 0; i <= TILE; i++) same[i] &= same[i] >> bytes | same[i + 1] << (64 - bytes);
    for (size_t i = 0; i < (candidates + 63) / 64; i++) bits[from + i] = same[i] ^ plan->invert;
  }
  if (count % 64 != 0) bits[words - 1] &= (1ull << (count % 64)) - 1;
  return pvk_count(bits, words);
}

size_t pvk_compare(const struct pvk_change *change, const void *now, size_t now_step,
                   const void *before, size_t before_step, size_t count, uint64_t *bits) {
  if (count == 0) return 0;
  unsigned width = change->width;
  uint64_t ones = UINT64_MAX >> (64 - 8 * width);
  struct compare_plan plan = {
      .invert = change->inverted ? UINT64_MAX : 0,
      .key = change->key & ones,
      .flip = change->is_signed ? ones ^ ones >> 1 : 0,
      .low = change->interval.low & ones,
      .span = change->interval.span < ones ? change->interval.span : ones,
      .low_real = change->interval.low_real,
      .high_real = change->interval.high_real,
      .rotate = change->rotate % (8 * width),
      .swapped = change->swapped && width > 1,
      .is_signed = change->is_signed,
  };
  if (change->relation == PVK_EQUAL && now_step == 1 && before_step == 1 && width > 1)
    return compare_anywhere(&plan, width, now, before, count, bits);
  bool coded = plan.swapped || plan.key != 0 || plan.rotate != 0;
  enum compare_kind kind = change->real ? real_kind(change) : integer_kind(change, coded);
  struct walk walk = {
      .loop = pvk_current_level()->compare[width_index(width)][kind],
      .plan = &plan,
      .width = width,
  };
  bool same;
  if (now_step < width && now_step == before_step && answer_for_same(change, &plan, &same)) {
    walk.quiet = pvk_current_level()->same;
    walk.quiet_word = plan.invert ^ (same ? UINT64_MAX : 0);
    walk.filter = (struct quiet_filter){.step = now_step, .wide = width};
  }
  if (change->relation != PVK_LESS)
    return pvk_walk(&walk, now, now_step, before, before_step, count, bits);
  /* now < before is before > now */
  return pvk_walk(&walk, before, before_step, now, now_step, count, bits);
}
