/* Values kept beyond a call, and calls of kept functions. */
#include "reply.h"

static int keep_raising(lua_State *L) {
  lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
  return 1;
}

int32_t pvl_keep(lua_State *L, int32_t index) {
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, LUA_MINSTACK)) return 0;
  lua_pushcfunction(L, keep_raising);
  lua_pushvalue(L, index);
  int32_t kept = lua_pcall(L, 1, 1, 0) == LUA_OK ? (int32_t)lua_tointeger(L, -1) : 0;
  lua_pop(L, 1);
  return kept;
}

/* luaL_unref only writes to fields that exist, and does not raise for a reference of ours. It works on
   the coroutine that runs, whose stack has room. */
void pvl_forget(pvl_host *host, int32_t kept) {
  if (kept > 0 && host->L) luaL_unref(host->running, LUA_REGISTRYINDEX, kept);
}

/* Above every frame, so that no trampoline below takes it for a reply that was jumped over. */
static const void *const whole_stack = (const void *)UINTPTR_MAX;

pvl_reply *pvl_arguments_begin(lua_State *L) {
  pvl_host *host = host_of(L);
  pvl_reply *reply = pvl_allocate(host, NULL, 0, sizeof *reply);
  if (reply) pvl_reply_init(reply, host, whole_stack);
  return reply;
}

/* Stack: function, light userdata reply. Replaces itself by a call with the reply's values. */
static int call_with_reply_raising(lua_State *L) {
  pvl_reply *reply = lua_touserdata(L, 2);
  lua_settop(L, 1);
  int count = pvl_play_raising(L, reply);
  lua_call(L, count, LUA_MULTRET);
  return lua_gettop(L);
}

static pvl_status call_at(lua_State *L, int32_t index, pvl_reply *arguments, int32_t results) {
  pvl_host *host = host_of(L);
  index = lua_absindex(L, index);
  if (!arguments || !lua_checkstack(L, LUA_MINSTACK + results)) {
    lua_pushnil(L);   /* the bridge reserves a slot for it */
    if (arguments) pvl_free(host, arguments, sizeof *arguments);
    return PVL_MEMORY;
  }
  lua_pushcfunction(L, call_with_reply_raising);
  lua_pushvalue(L, index);
  lua_pushlightuserdata(L, arguments);
  int status = lua_pcall(L, 2, results, 0);
  if (arguments->parcel) pvl_drop_parcel(arguments->parcel);
  pvl_free(host, arguments, sizeof *arguments);
  pvl_status answer = pvl_status_of(host, status);
  if (status == LUA_OK && answer != PVL_OK) {   /* Ctrl-C came with the last instruction */
    lua_pop(L, results);
    lua_pushnil(L);
  }
  return answer;
}

pvl_status pvl_call_kept(lua_State *L, int32_t kept, pvl_reply *arguments, int32_t results) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, kept);
  pvl_status status = call_at(L, -1, arguments, results);
  lua_remove(L, status == PVL_OK ? -(results + 1) : -2);
  return status;
}

pvl_status pvl_call_rest(lua_State *L, int32_t index, int32_t *results) {
  int top = lua_gettop(L), count = top - index;
  *results = 0;
  if (!lua_checkstack(L, count + 1 + LUA_MINSTACK)) {
    lua_pushnil(L);   /* the bridge reserves a slot for it */
    return PVL_MEMORY;
  }
  for (int place = index; place <= top; place++) lua_pushvalue(L, place);
  int status = lua_pcall(L, count, LUA_MULTRET, 0);
  pvl_status answer = pvl_status_of(host_of(L), status);
  if (answer == PVL_OK) {
    *results = lua_gettop(L) - top;
  } else if (status == LUA_OK) {   /* Ctrl-C came with the last instruction */
    lua_settop(L, top);
    lua_pushnil(L);
  }
  return answer;
}

pvl_reply *pvl_run_arguments_begin(pvl_host *host) { return pvl_arguments_begin(host->L); }

/* Keeps the text of a first result that is a string. */
static bool keep_text(lua_State *L) {
  size_t count;
  const char *text = pvl_bytes_at(L, -1, &count);
  if (text) pvl_store_error(host_of(L), text, count);
  return text != NULL;
}

pvl_status pvl_run_kept(pvl_host *host, int32_t kept, pvl_reply *arguments, bool *has_text) {
  lua_State *L = host->L;
  *has_text = false;
  if (!arguments || !lua_checkstack(L, LUA_MINSTACK)) {
    if (arguments) pvl_free(host, arguments, sizeof *arguments);
    return PVL_MEMORY;
  }
  int base = lua_gettop(L);
  pvl_interrupt_begin(host);
  lua_pushcfunction(L, pvl_message_handler);
  lua_pushcfunction(L, call_with_reply_raising);
  lua_rawgeti(L, LUA_REGISTRYINDEX, kept);
  lua_pushlightuserdata(L, arguments);
  int status = lua_pcall(L, 2, 1, base + 1);
  pvl_status answer = pvl_status_of(host, status);
  if (status != LUA_OK) pvl_keep_error(L);
  else if (answer == PVL_INTERRUPTED) pvl_keep_interruption(host);
  else *has_text = keep_text(L);
  pvl_interrupt_end(host);
  lua_settop(L, base);
  if (arguments->parcel) pvl_drop_parcel(arguments->parcel);
  pvl_free(host, arguments, sizeof *arguments);
  pvl_reap_parcels(host, __builtin_frame_address(0));
  if (answer == PVL_MEMORY) lua_gc(L, LUA_GCCOLLECT);
  return answer;
}
