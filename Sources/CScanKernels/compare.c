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
  bool coded = plan.swapped || plan.key != 0 || plan.rotate != 0;
  enum compare_kind kind = change->real ? real_kind(change) : integer_kind(change, coded);
  struct walk walk = {
      .loop = pvk_current_level()->compare[width_index(width)][kind], .plan = &plan, .width = width};
  if (change->relation != PVK_LESS)
    return pvk_walk(&walk, now, now_step, before, before_step, count, bits);
  /* now < before is before > now */
  return pvk_walk(&walk, before, before_step, now, now_step, count, bits);
}
