#ifdef PVM_REGEX /* set by the trait Regex; without it this room is empty */
#include "CVectorscan.h"

#include <dlfcn.h>
#include <hs/hs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(PVH_IGNORES_CASE == HS_FLAG_CASELESS && PVH_DOT_MATCHES_NEWLINE == HS_FLAG_DOTALL &&
                   PVH_MULTILINE == HS_FLAG_MULTILINE && PVH_UTF8 == HS_FLAG_UTF8 &&
                   PVH_LEFTMOST_START == HS_FLAG_SOM_LEFTMOST && PVH_NO_MEMORY == HS_NOMEM &&
                   PVH_STOPPED == HS_SCAN_TERMINATED,
               "as hs.h has them");

/* Each function of the library, under its own type from hs.h. */
#define EACH_FUNCTION(X)                                                             \
  X(hs_valid_platform) X(hs_version) X(hs_expression_info) X(hs_compile_multi)       \
  X(hs_free_compile_error) X(hs_free_database) X(hs_alloc_scratch) X(hs_free_scratch) \
  X(hs_open_stream) X(hs_scan_stream) X(hs_close_stream)

static struct {
#define DECLARE(name) __typeof__(&name) name;
  EACH_FUNCTION(DECLARE)
} library;

static char failure[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool has_avx2(void) {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

/* Finds a function, by preference its variant for AVX2: Debian's library holds one for each level
 * of processor, and that for AVX-512 misses matches in 5.4.9 (pull request 378 of vectorscan). */
static bool find(void *handle, const char *name, void *place) {
  void *function = NULL;
  if (has_avx2()) {
    char variant[64];
    snprintf(variant, sizeof variant, "avx2_%s", name);
    function = dlsym(handle, variant);
  }
  if (function == NULL) function = dlsym(handle, name);
  if (function == NULL) {
    snprintf(failure, sizeof failure, "libhs.so.5 has no %s", name);
    return false;
  }
  memcpy(place, &function, sizeof function);
  return true;
}

static void load(void) {
  void *handle = dlopen("libhs.so.5", RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    snprintf(failure, sizeof failure, "libhs.so.5 could not be loaded: %s", dlerror());
    return;
  }
#define FIND(name) if (!find(handle, #name, &library.name)) return;
  EACH_FUNCTION(FIND)
  if (library.hs_valid_platform() != HS_SUCCESS)
    snprintf(failure, sizeof failure, "libhs.so.5 does not run on this processor");
}

const char *pvh_load(void) {
  pthread_once(&once, load);
  return failure[0] == 0 ? NULL : failure;
}

const char *pvh_version(void) { return library.hs_version(); }

static int refuse(int status, hs_compile_error_t *error, struct pvh_refusal *refusal) {
  if (status == HS_SUCCESS) return status;
  snprintf(refusal->reason, sizeof refusal->reason, "%s",
           error != NULL && error->message != NULL ? error->message : "out of memory");
  refusal->pattern = error != NULL ? error->expression : -1;
  if (error != NULL) library.hs_free_compile_error(error);
  return status;
}

int pvh_inspect(const char *pattern, unsigned flags, struct pvh_facts *facts,
                struct pvh_refusal *refusal) {
  hs_expr_info_t *info = NULL;
  hs_compile_error_t *error = NULL;
  int status = refuse(library.hs_expression_info(pattern, flags, &info, &error), error, refusal);
  if (status != HS_SUCCESS) return status;
  *facts = (struct pvh_facts){info->min_width, info->max_width, info->unordered_matches != 0};
  free(info); /* made by the allocator of libhs, which is malloc unless it is told otherwise */
  return status;
}

int pvh_compile(const char *const *patterns, const unsigned *flags, unsigned count,
                struct hs_database **database, struct pvh_refusal *refusal) {
  hs_compile_error_t *error = NULL;
  unsigned *ids = calloc(count, sizeof *ids);
  if (ids == NULL) return refuse(HS_NOMEM, NULL, refusal);
  for (unsigned i = 0; i < count; i++) ids[i] = i;
  unsigned mode = HS_MODE_STREAM;
  for (unsigned i = 0; i < count; i++)
    if (flags[i] & HS_FLAG_SOM_LEFTMOST) mode |= HS_MODE_SOM_HORIZON_LARGE;
  hs_platform_info_t platform = {.cpu_features = has_avx2() ? HS_CPU_FEATURES_AVX2 : 0};
  int status =
      library.hs_compile_multi(patterns, flags, ids, count, mode, &platform, database, &error);
  free(ids);
  return refuse(status, error, refusal);
}

void pvh_free_database(struct hs_database *database) { library.hs_free_database(database); }

int pvh_fit_scratch(const struct hs_database *database, struct hs_scratch **scratch) {
  return library.hs_alloc_scratch(database, scratch);
}

void pvh_free_scratch(struct hs_scratch *scratch) { library.hs_free_scratch(scratch); }

int pvh_open_stream(const struct hs_database *database, struct hs_stream **stream) {
  return library.hs_open_stream(database, 0, stream);
}

int pvh_feed_stream(struct hs_stream *stream, const void *bytes, size_t count,
                    struct hs_scratch *scratch, pvh_handler handler, void *context) {
  return library.hs_scan_stream(stream, bytes, (unsigned)count, 0, scratch, handler, context);
}

int pvh_end_stream(struct hs_stream *stream, struct hs_scratch *scratch, pvh_handler handler,
                   void *context) {
  return library.hs_close_stream(stream, scratch, handler, context);
}
#endif
