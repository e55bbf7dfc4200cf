/* Text chunks only, everywhere. Bytecode is not checked by Lua and a mutated chunk crashes it, so
   load, loadfile, dofile and require refuse it (manual, 6.1 load). */
#include "host.h"

#include <string.h>

static const char no_bytecode[] =
    "attempt to load a binary chunk (bytecode is switched off: load the source text)";

/* Upvalue: the stock load or loadfile. Argument `position` is the mode. */
static int load_text_raising(lua_State *L, int position) {
  const char *mode = luaL_optstring(L, position, "bt");
  if (!strchr(mode, 't')) {
    lua_pushnil(L);
    lua_pushstring(L, no_bytecode);
    return 2;
  }
  if (lua_gettop(L) < position) lua_settop(L, position);
  lua_pushliteral(L, "t");
  lua_replace(L, position);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

/* The checks of the stock functions, made here so that errors name the function called. */
static int text_load(lua_State *L) {
  if (!lua_isstring(L, 1)) luaL_checktype(L, 1, LUA_TFUNCTION);
  luaL_optstring(L, 2, NULL);
  return load_text_raising(L, 3);
}

static int text_loadfile(lua_State *L) {
  luaL_optstring(L, 1, NULL);
  return load_text_raising(L, 2);
}

static int finish_dofile(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  return lua_gettop(L) - 1;
}

static int text_dofile(lua_State *L) {
  const char *path = luaL_optstring(L, 1, NULL);
  lua_settop(L, 1);
  if (luaL_loadfilex(L, path, "t") != LUA_OK) return lua_error(L);
  lua_callk(L, 0, LUA_MULTRET, 0, finish_dofile);
  return finish_dofile(L, 0, 0);
}

/* Stands where package.searchers has the stock searcher of Lua files. Upvalue: package. */
static int search_text_file(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  lua_getfield(L, lua_upvalueindex(1), "searchpath");
  lua_pushvalue(L, 1);
  lua_getfield(L, lua_upvalueindex(1), "path");
  if (lua_type(L, -1) != LUA_TSTRING) return luaL_error(L, "'package.path' must be a string");
  lua_call(L, 2, 2);
  if (lua_isnil(L, -2)) return 1;   /* the message says where it looked */
  lua_pop(L, 1);
  const char *path = lua_tostring(L, -1);
  if (luaL_loadfilex(L, path, "t") == LUA_OK) {
    lua_pushstring(L, path);
    return 2;
  }
  return luaL_error(L, "error loading module '%s' from file '%s':\n\t%s", name, path,
                    lua_tostring(L, -1));
}

static void wrap_raising(lua_State *L, const char *name, lua_CFunction wrapper) {
  lua_getglobal(L, name);
  lua_pushcclosure(L, wrapper, 1);
  lua_setglobal(L, name);
}

void pvl_install_loaders_raising(lua_State *L) {
  wrap_raising(L, "load", text_load);
  wrap_raising(L, "loadfile", text_loadfile);
  lua_pushcfunction(L, text_dofile);
  lua_setglobal(L, "dofile");
  lua_getglobal(L, LUA_LOADLIBNAME);
  lua_getfield(L, -1, "searchers");
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, search_text_file, 1);
  lua_rawseti(L, -2, 2);
  lua_pop(L, 2);
}
