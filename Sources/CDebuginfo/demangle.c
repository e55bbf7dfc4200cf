#define _GNU_SOURCE
#include "CDebuginfo.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef char *cxx_demangler(const char *name, char *room, size_t *count, int *status);
typedef char *swift_demangler(const char *name, size_t count, char *room, size_t *room_count,
                              uint32_t flags);

/* Where the runtime of Swift is linked in, dlsym(3) does not see it. */
extern swift_demangler swift_demangle;
extern __attribute__((weak)) cxx_demangler __cxa_demangle;

static cxx_demangler *cxx;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find(void) {
  cxx = __cxa_demangle;
  if (cxx != NULL) return;
  void *found = NULL;
  void *library = dlopen("libstdc++.so.6", RTLD_NOW | RTLD_LOCAL);
  if (library != NULL && (found = dlsym(library, "__cxa_demangle")) != NULL)
    memcpy(&cxx, &found, sizeof cxx);
}

char *pvd_demangle_cxx(const char *name) {
  int status = 0;
  pthread_once(&once, find);
  return cxx == NULL ? NULL : cxx(name, NULL, NULL, &status);
}

char *pvd_demangle_swift(const char *name, size_t count) {
  return swift_demangle(name, count, NULL, NULL, 0);
}

void pvd_free(char *text) { free(text); }
