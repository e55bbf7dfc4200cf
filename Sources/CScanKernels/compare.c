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

/* The answer for values that have not changed by a bit, when it is the same for all of them. */
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

/* What a change asks of every value. */
static struct compare_plan plan_of(const struct pvk_change *change) {
  unsigned width = change->width;
  uint64_t ones = UINT64_MAX >> (64 - 8 * width);
  return (struct compare_plan){
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
}

static run *loop_of(const struct pvk_change *change, const struct compare_plan *plan) {
  bool coded = plan->swapped || plan->key != 0 || plan->rotate != 0;
  enum compare_kind kind = change->real ? real_kind(change) : integer_kind(change, coded);
  return pvk_current_level()->compare[width_index(change->width)][kind];
}

size_t pvk_compare(const struct pvk_change *change, const void *now, size_t now_step,
                   const void *before, size_t before_step, size_t count, uint64_t *bits) {
  if (count == 0) return 0;
  unsigned width = change->width;
  struct compare_plan plan = plan_of(change);
  if (change->relation == PVK_EQUAL && now_step == 1 && before_step == 1 && width > 1)
    return compare_anywhere(&plan, width, now, before, count, bits);
  struct walk walk = {.loop = loop_of(change, &plan), .plan = &plan, .width = width};
  bool same;
  /* Only worth it where candidates overlap, since each byte is otherwise looked at but once. */
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

enum { DIGESTED = 64, LINE = 64 }; /* blocks at once, one bit each; bytes of a cache line */

/* Which of up to DIGESTED blocks do not have their digest any more. What they held before is asked
 * for, since it is needed soon. */
static uint64_t changed_blocks(const uint64_t *digests, const uint64_t *known, size_t blocks,
                               const uint8_t *before) {
  uint64_t changed = 0;
  for (size_t i = 0; i < blocks; i++) {
    if (digests[i] == known[i]) continue;
    changed |= 1ull << i;
    for (size_t at = 0; at < PVK_DIGEST_BYTES; at += LINE)
      pvk_prefetch(before + i * PVK_DIGEST_BYTES + at);
  }
  return changed;
}

size_t pvk_compare_digested(const struct pvk_change *change, const void *now, const void *before,
                            size_t count, const uint64_t *key, const uint64_t *digests,
                            uint64_t *bits) {
  size_t width = change->width, blocks = count * width / PVK_DIGEST_BYTES;
  size_t words = PVK_DIGEST_BYTES / width / 64; /* of bits a block */
  struct compare_plan plan = plan_of(change);
  run *loop = loop_of(change, &plan);
  const uint8_t *here = now, *there = before;
  uint64_t found[DIGESTED];
  bool same;
  if (!answer_for_same(change, &plan, &same) || !pvk_digest(key, now, 0, found))
    return pvk_compare(change, now, width, before, width, count, bits);
  uint64_t quiet_word = plan.invert ^ (same ? UINT64_MAX : 0);
  for (size_t from = 0; from < blocks; from += DIGESTED) {
    size_t some = blocks - from < DIGESTED ? blocks - from : DIGESTED;
    pvk_digest(key, here + from * PVK_DIGEST_BYTES, some, found);
    uint64_t changed =
        changed_blocks(found, digests + from, some, there + from * PVK_DIGEST_BYTES);
    for (size_t i = 0; i < some; i++) {
      size_t place = (from + i) * PVK_DIGEST_BYTES;
      uint64_t *answer = bits + (from + i) * words;
      if ((changed >> i & 1) == 0)
        for (size_t word = 0; word < words; word++) answer[word] = quiet_word;
      else if (change->relation == PVK_LESS) /* now < before is before > now */
        loop(&plan, there + place, here + place, words, answer);
      else
        loop(&plan, here + place, there + place, words, answer);
    }
  }
  size_t done = blocks * PVK_DIGEST_BYTES;
  pvk_compare(change, here + done, width, there + done, width, count - done / width,
              bits + blocks * words);
  return pvk_count(bits, (count + 63) / 64);
}
