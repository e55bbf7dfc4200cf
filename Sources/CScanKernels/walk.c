#include "level.h"

#include <string.h>

/* The loops want values next to each other. Where candidates lie otherwise, this is done:
 *   as far apart as they are wide   nothing; the loop runs over the bytes as they are
 *   nearer, e.g. 4 bytes every 2    as several phases, each of neighbours, then interleaved
 *   anything else                   the values are copied next to each other first
 * In the first two cases blocks that are quickly seen to be without a match are left out.
 * The last few candidates are copied too, so that a loop may always read whole words of 64. */

enum {
  TILE = 16,       /* words a loop does at once where a buffer is between: stays in the L1 cache */
  MOST_PHASES = 8, /* of 8 bytes at each address */
  MOST_WIDTH = 8,
  MOST_PATIENCE = 64, /* blocks */
  TILE_BYTES = TILE * 64 * MOST_WIDTH,
};

struct source {
  const uint8_t *bytes;
  size_t step;
  bool fixed; /* a tile of copies of one value, which stands for every tile */
};

static const uint8_t *ahead(struct source source, size_t candidates) {
  return source.fixed ? source.bytes : source.bytes + candidates * source.step;
}

/* Copies `count` values that lie `step` bytes apart next to each other. */
static void stage(uint8_t *to, const uint8_t *from, size_t step, size_t width, size_t count) {
#define STAGE(bytes) \
  for (size_t i = 0; i < count; i++) memcpy(to + i * (bytes), from + i * step, bytes)
  switch (width) {
    case 1: STAGE(1); break;
    case 2: STAGE(2); break;
    case 4: STAGE(4); break;
    default: STAGE(8); break;
  }
#undef STAGE
}

/* Runs the loop over `words` words of each phase, with everything there to be read. */
static void run_phases(const struct walk *walk, struct source now, struct source before,
                       size_t phases, size_t words, uint64_t *bits) {
  if (phases == 1) {
    walk->loop(walk->plan, now.bytes, before.bytes, words, bits);
    return;
  }
  uint64_t phased[MOST_PHASES * TILE];
  for (size_t phase = 0; phase < phases; phase++)
    walk->loop(walk->plan, ahead(now, phase), ahead(before, phase), words, phased + phase * words);
  pvk_current_level()->interleave(phased, phases, words, bits);
}

/* Clears the bits behind the last candidate, and returns how many others are set. */
static size_t finish(uint64_t *bits, size_t count) {
  size_t words = (count + 63) / 64;
  if (count % 64 != 0) bits[words - 1] &= (1ull << (count % 64)) - 1;
  return pvk_count(bits, words);
}

/* The last candidates, fewer than a word for each phase. Returns how many match. */
static size_t run_rest(const struct walk *walk, struct source now, struct source before,
                       size_t phases, size_t count, uint64_t *bits) {
  uint8_t copies[2][64 * MOST_WIDTH + MOST_WIDTH];
  struct source *sources[] = {&now, &before};
  for (int i = 0; i < 2; i++) {
    if (sources[i]->fixed) continue;
    size_t size = (count - 1) * sources[i]->step + walk->width;
    memcpy(copies[i], sources[i]->bytes, size);
    memset(copies[i] + size, 0, sizeof copies[i] - size);
    sources[i]->bytes = copies[i];
  }
  uint64_t whole[MOST_PHASES];
  run_phases(walk, now, before, phases, 1, whole);
  memcpy(bits, whole, (count + 63) / 64 * sizeof *bits);
  return finish(bits, count);
}

/* Candidates as far apart as they are wide or nearer, the same on both sides. Returns how many match;
 * to count the bits of quiet blocks would take a good part of the time that they take themselves. */
static size_t walk_direct(const struct walk *walk, struct source now, struct source before,
                          size_t phases, size_t count, uint64_t *bits) {
  size_t block = 64 * phases;
  bool tiled = phases > 1 || now.fixed || (before.fixed && before.bytes != NULL);
  bool looks = walk->quiet != NULL && (before.bytes == NULL || (!now.fixed && !before.fixed));
  size_t matches = 0;
  size_t patience = 1; /* blocks to do before looking again; more where quiet ones are rare */
  while (count >= block) {
    size_t words = count / block, quiet = 0;
    if (looks) {
      quiet = walk->quiet(&walk->filter, now.bytes, before.bytes, words);
      for (size_t i = 0; i < quiet * phases; i++) bits[i] = walk->quiet_word;
      if (walk->quiet_word != 0) matches += quiet * block;
      now.bytes = ahead(now, quiet * block);
      before.bytes = ahead(before, quiet * block);
      bits += quiet * phases;
      count -= quiet * block;
      words -= quiet;
      patience = quiet >= 8 ? 1 : patience < MOST_PATIENCE ? patience * 2 : MOST_PATIENCE;
      if (words > patience) words = patience;
      if (words == 0) break;
    }
    if (tiled && words > TILE) words = TILE;
    run_phases(walk, now, before, phases, words, bits);
    matches += pvk_count(bits, words * phases);
    now.bytes = ahead(now, words * block);
    before.bytes = ahead(before, words * block);
    bits += words * phases;
    count -= words * block;
  }
  return count > 0 ? matches + run_rest(walk, now, before, phases, count, bits) : matches;
}

/* The next values of a source next to each other: where they are if they are that, else copied. */
static const uint8_t *staged(uint8_t *tile, struct source source, size_t width, size_t count) {
  if (source.fixed) return source.bytes;
  if (source.step == width && count % 64 == 0) return source.bytes;
  stage(tile, source.bytes, source.step, width, count);
  return tile;
}

static void walk_staged(const struct walk *walk, struct source now, struct source before,
                        size_t count, uint64_t *bits) {
  uint8_t now_tile[TILE_BYTES], before_tile[TILE_BYTES];
  if (count < TILE * 64) {
    memset(now_tile, 0, (count + 63) / 64 * 64 * walk->width);
    memset(before_tile, 0, (count + 63) / 64 * 64 * walk->width);
  }
  while (count > 0) {
    size_t some = count < TILE * 64 ? count : TILE * 64, words = (some + 63) / 64;
    walk->loop(walk->plan, staged(now_tile, now, walk->width, some),
               staged(before_tile, before, walk->width, some), words, bits);
    now.bytes = ahead(now, some);
    before.bytes = ahead(before, some);
    bits += words;
    count -= some;
  }
}

/* What the loop is to read: one value for all (`tile` is then filled with it), or none, or many. */
static struct source source(const uint8_t *bytes, size_t step, size_t width, size_t count,
                            uint8_t *tile) {
  if (bytes == NULL) return (struct source){NULL, 0, true};
  if (step != 0) return (struct source){bytes, step, false};
  stage(tile, bytes, 0, width, count < TILE * 64 ? (count + 63) / 64 * 64 : TILE * 64);
  return (struct source){tile, 0, true};
}

size_t pvk_walk(const struct walk *walk, const uint8_t *now, size_t now_step, const uint8_t *before,
                size_t before_step, size_t count, uint64_t *bits) {
  if (count == 0) return 0;
  size_t width = walk->width;
  uint8_t now_tile[TILE_BYTES], before_tile[TILE_BYTES];
  struct source here = source(now, now_step, width, count, now_tile);
  struct source there = source(before, before_step, width, count, before_tile);
  size_t step = here.fixed ? there.step : here.step;
  bool alike = here.fixed || there.fixed || here.step == there.step;
  if (alike && step > 0 && step <= width && width % step == 0)
    return walk_direct(walk, here, there, width / step, count, bits);
  walk_staged(walk, here, there, count, bits);
  return finish(bits, count);
}
