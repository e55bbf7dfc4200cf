/* One Lua state, its allocator and its end. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every byte Lua and the bridge hold passes here: counted, capped, and failing on demand. `held` is
   what counts towards the cap beside the new block. */
static void *allocate(pvl_host *host, void *block, size_t old_size, size_t new_size, size_t held) {
  if (new_size > old_size) {
    host->allocations += 1;
    /* Lua collects and tries once more, so the try after the n-th has to fail too. */
    if (host->fail_at && host->allocations - host->fail_at < 2) return NULL;
    size_t limit = host->options.memory_limit;
    if (limit && (new_size > limit || held - old_size > limit - new_size)) return NULL;
  }
  void *moved = realloc(block, new_size);
  if (!moved) return NULL;
  host->bytes_now = host->bytes_now - old_size + new_size;
  if (host->bytes_now > host->bytes_peak) host->bytes_peak = host->bytes_now;
  return moved;
}

static void release(pvl_host *host, void *block, size_t size) {
  if (!block) return;
  free(block);
  host->bytes_now -= size;
}

/* Garbage does not count here: only Lua can collect it, and it does when the reply is delivered. */
void *pvl_allocate(pvl_host *host, void *block, size_t old_size, size_t new_size) {
  void *moved = allocate(host, block, old_size, new_size, host->bridge_bytes);
  if (moved) host->bridge_bytes = host->bridge_bytes - old_size + new_size;
  return moved;
}

void pvl_free(pvl_host *host, void *block, size_t size) {
  release(host, block, size);
  if (block) host->bridge_bytes -= size;
}

/* lua_Alloc. Shrinking must not fail (manual, 4.6), so it never counts as an allocation. */
static void *allocate_for_lua(void *context, void *block, size_t old_size, size_t new_size) {
  if (new_size == 0) {
    release(context, block, old_size);
    return NULL;
  }
  if (!block) old_size = 0;   /* for a new block Lua passes a type tag here */
  return allocate(context, block, old_size, new_size, ((pvl_host *)context)->bytes_now);
}

/* The words are those of the stock interpreter, so that scripts' users recognise them. */
static void warn(void *context, const char *message, int to_be_continued) {
  pvl_host *host = context;
  if (!host->warning_continues && !to_be_continued && message[0] == '@') {
    if (strcmp(message, "@on") == 0) host->warnings_on = true;
    if (strcmp(message, "@off") == 0) host->warnings_on = false;
    return;
  }
  if (host->warnings_on) {
    fprintf(stderr, "%s%s%s", host->warning_continues ? "" : "Lua warning: ", message,
            to_be_continued ? "" : "\n");
    fflush(stderr);
  }
  host->warning_continues = to_be_continued;
}

/* Called only for an error outside every protected call: a fault of ours, never of a script. */
static int panic(lua_State *L) {
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "no text";
  fprintf(stderr, "pvmlua: unprotected error in a call to Lua (%s)\n", text);
  return 0;
}

/* lua_State *: light userdata "ignore environment". Runs protected. */
static int furnish_raising(lua_State *L) {
  pvl_host *host = host_of(L);
  if (lua_toboolean(L, 1)) {
    lua_pushboolean(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");
  }
  luaL_openlibs(L);
  pvl_install_loaders_raising(L);
  pvl_install_coroutines_raising(L);
  pvl_install_sethook_raising(L);
  lua_newtable(L);
  host->module_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_newtable(L);
  host->features_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

pvl_host *pvl_open(const pvl_options *options, bool ignore_environment) {
  pvl_host *host = calloc(1, sizeof *host);
  if (!host) return NULL;
  host->options = *options;
  host->fail_at = options->fail_at;
  host->first_free_slot = UINT32_MAX;
  host->module_ref = host->features_ref = host->error_metatable_ref = LUA_NOREF;
  lua_State *L = lua_newstate(allocate_for_lua, host);
  if (!L) {
    free(host);
    return NULL;
  }
  host->L = host->running = L;
  *(pvl_host **)lua_getextraspace(L) = host;   /* new coroutines get a copy */
  lua_atpanic(L, panic);
  lua_setwarnf(L, warn, host);
  lua_pushcfunction(L, furnish_raising);
  lua_pushboolean(L, ignore_environment);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    pvl_close(host);
    return NULL;
  }
  return host;
}

void pvl_close(pvl_host *host) {
  host->fail_at = 0;
  host->close_begun = true;
  lua_close(host->L);
  pvl_end_time_limit(host);   /* until here it reaches finalizers too */
  host->L = host->running = NULL;   /* what is released from here on finds no state any more */
  while (host->parcels) pvl_drop_parcel(host->parcels);
  pvl_drain_handles(host);
  for (int32_t i = 0; i < host->class_count; i++) free(host->classes[i].name);
  free(host->classes);
  free(host->last_error);
  free(host);
}

const char *pvl_lua_version(void) { return LUA_RELEASE; }
const char *pvl_lua_copyright(void) { return LUA_COPYRIGHT; }

pvl_usage pvl_measure(const pvl_host *host) {
  return (pvl_usage){host->bytes_now, host->bytes_peak, host->allocations, host->open_handles,
                     host->parcel_count};
}

void pvl_set_memory_limit(pvl_host *host, size_t bytes) { host->options.memory_limit = bytes; }
size_t pvl_memory_limit(const pvl_host *host) { return host->options.memory_limit; }

void pvl_fail_allocation(pvl_host *host, uint64_t n) {
  host->fail_at = n ? host->allocations + n : 0;
}

static const char no_memory[] = "not enough memory";

/* Kept outside the cap: the report of "not enough memory" must not itself fail for it. */
void pvl_store_error(pvl_host *host, const char *bytes, size_t count) {
  free(host->last_error);
  host->last_error = malloc(count + 1);
  if (!host->last_error) {
    host->last_error_count = sizeof no_memory - 1;
    return;
  }
  memcpy(host->last_error, bytes, count);
  host->last_error[count] = 0;
  host->last_error_count = count;
}

pvl_text pvl_last_error(const pvl_host *host) {
  return (pvl_text){host->last_error ? host->last_error : no_memory, host->last_error_count};
}
