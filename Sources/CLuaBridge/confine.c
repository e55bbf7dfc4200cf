/* What is left of the standard libraries for scripts from strangers: what computes, and what talks to
   the person at the terminal. The rest stands there as functions that say which option allows it. */
#include "host.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *folder;   /* where modules are found; NULL: nowhere */
} confinement;

/* --- what is refused -------------------------------------------------------------------------- */

/* Upvalue: the name. */
static int refuse(lua_State *L) {
  return luaL_error(L, "'%s' is not allowed by --sandbox (run the script without it, if you trust it)",
                    lua_tostring(L, lua_upvalueindex(1)));
}

/* Stack: table at the top. Puts the refusal "library.name" there under name. */
static void refuse_raising(lua_State *L, const char *library, const char *name) {
  lua_pushfstring(L, *library ? "%s.%s" : "%s%s", library, name);
  lua_pushcclosure(L, refuse, 1);
  lua_setfield(L, -2, name);
}

static bool is_among(const char *name, const char *const *names) {
  for (; *names; names++) if (strcmp(name, *names) == 0) return true;
  return false;
}

/* Replaces a library by one that has only what is kept, and refusals for the rest: what a script has
   no business with is not found through the old table either. Fields that are no functions stay.
   Stack: leaves the new table. */
static void cut_library_raising(lua_State *L, const char *library, const char *const *kept) {
  lua_newtable(L);
  lua_getglobal(L, library);
  int fresh = lua_gettop(L) - 1, old = fresh + 1;
  for (lua_pushnil(L); lua_next(L, old);) {
    const char *name = lua_tostring(L, -2);
    bool is_kept = is_among(name, kept) || lua_type(L, -1) != LUA_TFUNCTION;
    if (is_kept) {
      lua_setfield(L, fresh, name);
    } else {
      lua_pop(L, 1);
      lua_pushvalue(L, fresh);
      refuse_raising(L, library, name);
      lua_pop(L, 1);
    }
  }
  lua_pop(L, 1);
  lua_pushvalue(L, fresh);
  lua_setglobal(L, library);
}

/* --- modules ---------------------------------------------------------------------------------- */

/* a.b_c: letters, digits, _ and - between single dots. */
static bool is_module_name(const char *name) {
  char before = '.';
  for (const char *c = name; *c; before = *c++) {
    bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                    (*c >= '0' && *c <= '9') || *c == '_' || *c == '-';
    if (!is_plain && (*c != '.' || before == '.')) return false;
  }
  return before != '.';
}

/* Whether a path, links followed, lies within a folder that is given without any. */
static bool lies_within(const char *path, const char *folder) {
  char real[PATH_MAX];
  size_t length = strlen(folder);
  if (!realpath(path, real)) return false;
  return strncmp(real, folder, length) == 0 && (real[length] == '/' || folder[length - 1] == '/');
}

/* Stack: leaves the path of a module's file, or where it was sought, and answers false. */
static bool find_module_raising(lua_State *L, const char *name, const char *folder) {
  const char *place = luaL_gsub(L, name, ".", "/");
  const char *const forms[] = {"%s/%s.lua", "%s/%s/init.lua"};
  for (int i = 0; i < 2; i++) {
    const char *path = lua_pushfstring(L, forms[i], folder, place);
    if (lies_within(path, folder)) {
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  lua_pushfstring(L, "no file '%s/%s.lua' of its own", folder, name);
  return false;
}

/* Upvalues: the modules that are loaded, the folder or nil. */
static int require_own(lua_State *L) {
  const char *name = luaL_checkstring(L, 1), *folder = lua_tostring(L, lua_upvalueindex(2));
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  lua_rawget(L, lua_upvalueindex(1));
  if (lua_toboolean(L, -1)) return 1;
  lua_pop(L, 1);
  if (!folder) return luaL_error(L, "module '%s' not found: --sandbox finds modules beside the script "
                                    "only, and there is no script", name);
  if (!is_module_name(name) || lua_rawlen(L, 1) != strlen(name))
    return luaL_error(L, "module name '%s' is not allowed by --sandbox (letters, digits, _ and -, "
                         "dots between them)", name);
  if (!find_module_raising(L, name, folder))
    return luaL_error(L, "module '%s' not found: --sandbox finds modules beside the script only\n\t%s",
                      name, lua_tostring(L, -1));
  const char *path = lua_tostring(L, -1);
  if (luaL_loadfilex(L, path, "t") != LUA_OK)
    return luaL_error(L, "error loading module '%s':\n\t%s", name, lua_tostring(L, -1));
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_call(L, 2, 1);
  if (lua_isnil(L, -1)) {   /* what it returned nothing for may have set itself */
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL) lua_pushboolean(L, 1);
  }
  lua_pushvalue(L, 1);
  lua_pushvalue(L, -2);
  lua_rawset(L, lua_upvalueindex(1));
  lua_pushvalue(L, 2);
  return 2;
}

/* Stack: table of loaded modules at the top; puts the global of that name there. */
static void note_loaded_raising(lua_State *L, const char *name) {
  lua_getglobal(L, name);
  lua_setfield(L, -2, name);
}

static void replace_require_raising(lua_State *L, const char *folder) {
  lua_newtable(L);
  static const char *const modules[] = {"coroutine", "math", "string", "table", "utf8", "os", "io",
                                        "debug", "pvm"};
  for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
    note_loaded_raising(L, modules[i]);
  note_loaded_raising(L, LUA_GNAME);
  lua_pushstring(L, folder);
  lua_pushcclosure(L, require_own, 2);
  lua_setglobal(L, "require");
  lua_newtable(L);
  static const char *const names[] = {"loadlib", "searchpath"};
  for (size_t i = 0; i < 2; i++) refuse_raising(L, LUA_LOADLIBNAME, names[i]);
  lua_setglobal(L, LUA_LOADLIBNAME);
}

/* --- the collector, and metatables that all values of a type share ------------------------------- */

/* Upvalue: the stock function. Stopping it, or slowing it down without end, would let garbage fill the
   memory that is left. */
static int collect_garbage(lua_State *L) {
  static const char *const allowed[] = {"collect", "count", "step", "isrunning", NULL};
  const char *option = luaL_optstring(L, 1, "collect");
  if (!is_among(option, allowed))
    return luaL_error(L, "collectgarbage('%s') is not allowed by --sandbox", option);
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (lua_gettop(L) == 1) lua_pushstring(L, option);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

static void guard_metatable_raising(lua_State *L) {
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
}

static void guard_metatables_raising(lua_State *L) {
  lua_pushliteral(L, "");
  if (lua_getmetatable(L, -1)) guard_metatable_raising(L);
  lua_pop(L, 1);
  if (luaL_getmetatable(L, LUA_FILEHANDLE) == LUA_TTABLE) guard_metatable_raising(L);
  else lua_pop(L, 1);
  if (lua_rawgeti(L, LUA_REGISTRYINDEX, host_of(L)->error_metatable_ref) == LUA_TTABLE)
    guard_metatable_raising(L);
  else lua_pop(L, 1);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void cut_libraries_raising(lua_State *L) {
  static const char *const of_os[] = {"clock", "date", "difftime", "time", NULL};
  static const char *const of_io[] = {"read", "write", "type", NULL};
  static const char *const of_debug[] = {"traceback", NULL};
  static const char *const of_string[] = {
      "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse",
      "sub", "upper", "pack", "packsize", "unpack", NULL};
  cut_library_raising(L, LUA_OSLIBNAME, of_os);
  cut_library_raising(L, LUA_IOLIBNAME, of_io);
  cut_library_raising(L, LUA_DBLIBNAME, of_debug);
  lua_pop(L, 3);
  cut_library_raising(L, LUA_STRLIBNAME, of_string);
  lua_pushliteral(L, "");
  lua_getmetatable(L, -1);   /* ("x"):dump finds the new table too */
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 3);
}

/* The registry still has the libraries as they were, for nobody to find. */
static int confine_raising(lua_State *L) {
  const confinement *c = lua_touserdata(L, 1);
  cut_libraries_raising(L);
  lua_pushglobaltable(L);
  refuse_raising(L, "", "dofile");
  refuse_raising(L, "", "loadfile");
  lua_pop(L, 1);
  lua_getglobal(L, "collectgarbage");
  lua_pushcclosure(L, collect_garbage, 1);
  lua_setglobal(L, "collectgarbage");
  replace_require_raising(L, c->folder);
  guard_metatables_raising(L);
  return 0;
}

bool pvl_confine(pvl_host *host, const char *folder) {
  confinement c = {.folder = folder};
  return pvl_run_protected(host, confine_raising, &c) == PVL_OK;
}
