/* Looking at values for people: what a completion, a help page or a printed result has to know. Raw
   throughout, so that no code of a script runs; only pvl_push_text calls one, under protection. */
#include "host.h"

lua_State *pvl_idle_state(pvl_host *host) { return host->L; }

/* The registry always has the globals, unless the debug library took them away. */
void pvl_push_globals(lua_State *L) { lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS); }

bool pvl_push_metatable(lua_State *L, int32_t index) { return lua_getmetatable(L, index); }

const void *pvl_identity_at(lua_State *L, int32_t index) { return lua_topointer(L, index); }

void pvl_push_copy(lua_State *L, int32_t index) { lua_pushvalue(L, index); }

size_t pvl_count_entries(lua_State *L, int32_t table) {
  size_t count = 0;
  table = lua_absindex(L, table);
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) count++;
  return count;
}

/* The first upvalue of both trampolines is the number of the function. */
int32_t pvl_declared_function_at(lua_State *L, int32_t index) {
  lua_CFunction function = lua_tocfunction(L, index);
  if (function != pvl_trampoline && function != pvl_trampoline_try) return -1;
  if (!lua_getupvalue(L, index, 1)) return -1;
  int32_t number = lua_isinteger(L, -1) ? (int32_t)lua_tointeger(L, -1) : -1;
  lua_pop(L, 1);
  return number;
}

/* lua_getinfo allocates for 'f' and 'L' alone. */
bool pvl_function_at(lua_State *L, int32_t index, pvl_function_info *info) {
  if (lua_type(L, index) != LUA_TFUNCTION) return false;
  lua_Debug debug;
  lua_pushvalue(L, index);
  lua_getinfo(L, ">Su", &debug);
  info->is_native = *debug.what == 'C';
  info->is_vararg = debug.isvararg;
  info->parameter_count = debug.nparams;
  info->line = debug.linedefined;
  size_t length = 0;
  while (length < sizeof info->source - 1 && debug.short_src[length]) {
    info->source[length] = debug.short_src[length];
    length++;
  }
  info->source[length] = 0;
  return true;
}

const char *pvl_parameter_name(lua_State *L, int32_t index, int32_t number) {
  lua_pushvalue(L, index);
  return lua_getlocal(L, NULL, number);   /* pops the function, pushes nothing */
}

static int text_raising(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  return 1;
}

pvl_status pvl_push_text(lua_State *L, int32_t index) {
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, LUA_MINSTACK)) return PVL_MEMORY;
  lua_pushcfunction(L, text_raising);
  lua_pushvalue(L, index);
  int status = lua_pcall(L, 1, 1, 0);
  return pvl_status_of(host_of(L), status);
}
