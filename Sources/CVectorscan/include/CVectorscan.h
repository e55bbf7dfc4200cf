/* The calls of libhs (vectorscan, or hyperscan) that searching makes.
 *
 * The library is loaded by dlopen(3) at the first use and never unloaded: linked in the ordinary
 * way the program would not start where it is not installed, and which of its variants is used
 * could not be chosen. Every call but pvh_load needs an earlier pvh_load that gave NULL.
 * Results are those of libhs: 0, or a negative number. */
#ifndef CVECTORSCAN_H
#define CVECTORSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hs_database;
struct hs_scratch;
struct hs_stream;

/* Flags of a pattern; the values of libhs. */
enum {
  PVH_IGNORES_CASE = 1,
  PVH_DOT_MATCHES_NEWLINE = 2,
  PVH_MULTILINE = 4,
  PVH_UTF8 = 32,
  PVH_LEFTMOST_START = 256,
};

enum { PVH_NO_MEMORY = -2, PVH_STOPPED = -3 };

/* Why patterns were refused: in words, and which of them (negative: none in particular). */
struct pvh_refusal {
  char reason[512];
  int pattern;
};

/* What libhs knows of a pattern: the lengths of its matches in bytes (most UINT32_MAX: no limit),
 * and whether it may report ends out of order. */
struct pvh_facts {
  uint32_t least_bytes, most_bytes;
  bool unordered;
};

/* Called for each match; another result than 0 stops the scan. The signature of libhs. */
typedef int (*pvh_handler)(unsigned int pattern, unsigned long long start, unsigned long long end,
                           unsigned int flags, void *context);

/* Loads the library once, from any thread; NULL, or why it cannot be used, as text for ever. */
const char *pvh_load(void);

/* The version of the library, as "5.4.9 2023-03-23". */
const char *pvh_version(void);

/* hs_expression_info(3) of one pattern. */
int pvh_inspect(const char *pattern, unsigned flags, struct pvh_facts *, struct pvh_refusal *);

/* hs_compile_multi for streams: patterns are reported by their index.
 *
 * Only streams are used, for short pieces too: scanning a piece as a whole (block mode) aborts the
 * program with some patterns, (ab)+ among them, in vectorscan 5.4.9 (its pull request 392). */
int pvh_compile(const char *const *patterns, const unsigned *flags, unsigned count,
                struct hs_database **, struct pvh_refusal *);
void pvh_free_database(struct hs_database *);

/* hs_alloc_scratch: makes the scratch (NULL at first) large enough for this database too. */
int pvh_fit_scratch(const struct hs_database *, struct hs_scratch **);
void pvh_free_scratch(struct hs_scratch *);

/* hs_open_stream, hs_scan_stream, hs_close_stream (reports what matches at the end; with a NULL
 * handler, nothing). */
int pvh_open_stream(const struct hs_database *, struct hs_stream **);
int pvh_feed_stream(struct hs_stream *, const void *bytes, size_t count, struct hs_scratch *,
                    pvh_handler, void *context);
int pvh_end_stream(struct hs_stream *, struct hs_scratch *, pvh_handler, void *context);

#endif
