/* Putting declared functions and classes where scripts find them. */
#include "host.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  int32_t class_id;
  pvl_role role;
  const char *name;
  size_t length;
  int32_t function;
  const char *bytes;
  size_t count;
  bool flag;
} definition;

/* --- what a class does with a key ------------------------------------------------------------ */

/* Upvalues: class, methods, getters. A C function and not a plain table, because a getter needs the
   object itself. */
static int index_object(lua_State *L) {
  lua_settop(L, 2);
  lua_pushvalue(L, 2);
  lua_rawget(L, lua_upvalueindex(2));
  if (!lua_isnil(L, -1)) return 1;
  lua_pop(L, 1);
  const pvl_class *class = &host_of(L)->classes[lua_tointeger(L, lua_upvalueindex(1))];
  if (lua_type(L, 2) == LUA_TNUMBER && class->item_function >= 0)
    return pvl_dispatch_raising(L, class->item_function, (pvl_manner){0});
  lua_pushvalue(L, 2);
  lua_rawget(L, lua_upvalueindex(3));
  int32_t function = lua_isinteger(L, -1) ? (int32_t)lua_tointeger(L, -1)
                                          : class->unknown_field_function;
  lua_pop(L, 1);
  return function < 0 ? 0 : pvl_dispatch_raising(L, function, (pvl_manner){0});
}

/* Upvalues: class, setters. */
static int assign_object(lua_State *L) {
  lua_settop(L, 3);
  lua_pushvalue(L, 2);
  lua_rawget(L, lua_upvalueindex(2));
  if (!lua_isinteger(L, -1)) {
    const pvl_class *class = &host_of(L)->classes[lua_tointeger(L, lua_upvalueindex(1))];
    if (class->unknown_assignment_function >= 0) {
      lua_settop(L, 3);
      return pvl_dispatch_raising(L, class->unknown_assignment_function, (pvl_manner){0});
    }
    const char *key = luaL_tolstring(L, 2, NULL);
    return luaL_error(L, "field '%s' of a %s cannot be assigned", key, class->name);
  }
  int32_t function = (int32_t)lua_tointeger(L, -1);
  lua_pop(L, 1);
  const char *field = lua_tostring(L, 2);   /* stays: it is a key of the setters */
  lua_remove(L, 2);   /* the setter sees object, value */
  return pvl_dispatch_raising(L, function, (pvl_manner){.field = field});
}

static void set_closure_raising(lua_State *L, int table, const char *key, lua_CFunction f, int id,
                                int first, int second) {
  lua_pushinteger(L, id);
  lua_pushvalue(L, first);
  if (second) lua_pushvalue(L, second);
  lua_pushcclosure(L, f, second ? 3 : 2);
  lua_setfield(L, table, key);
}

static void set_function_raising(lua_State *L, int table, const char *key, lua_CFunction f) {
  lua_pushcfunction(L, f);
  lua_setfield(L, table, key);
}

static int define_class_raising(lua_State *L) {
  pvl_class *class = lua_touserdata(L, 1);
  int id = (int)(class - host_of(L)->classes);
  lua_newtable(L);
  lua_newtable(L);
  lua_newtable(L);
  lua_newtable(L);
  int metatable = 2, methods = 3, getters = 4, setters = 5;
  lua_pushstring(L, class->name);
  lua_setfield(L, metatable, "__name");
  lua_pushstring(L, class->name);
  lua_setfield(L, metatable, "__metatable");
  set_function_raising(L, metatable, "__gc", pvl_handle_gc);
  set_function_raising(L, metatable, "__close", pvl_handle_gc);
  set_function_raising(L, metatable, "__eq", pvl_handle_equal);
  set_closure_raising(L, metatable, "__index", index_object, id, methods, getters);
  set_closure_raising(L, metatable, "__newindex", assign_object, id, setters, 0);
  class->setters_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  class->getters_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  class->methods_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  class->metatable = lua_topointer(L, metatable);
  class->metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

bool pvl_define_class(pvl_host *host, const char *name, size_t length, int32_t *class_id) {
  size_t count = (size_t)host->class_count;
  pvl_class *classes = realloc(host->classes, (count + 1) * sizeof *classes);
  if (!classes) return false;
  host->classes = classes;
  pvl_class *class = &classes[count];
  *class = (pvl_class){.item_function = -1, .unknown_field_function = -1,
                       .unknown_assignment_function = -1};
  class->name = strndup(name, length);
  if (!class->name) return false;
  if (pvl_run_protected(host, define_class_raising, class) != PVL_OK) {
    free(class->name);
    return false;
  }
  host->class_count += 1;
  *class_id = (int32_t)count;
  return true;
}

/* --- functions ------------------------------------------------------------------------------- */

static int table_for(const pvl_host *host, const definition *d) {
  if (d->class_id == PVL_MODULE) return host->module_ref;
  const pvl_class *class = &host->classes[d->class_id];
  switch (d->role) {
    case PVL_GETTER: return class->getters_ref;
    case PVL_SETTER: return class->setters_ref;
    case PVL_METAMETHOD: return class->metatable_ref;
    default: return class->methods_ref;
  }
}

static int define_function_raising(lua_State *L) {
  const definition *d = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, table_for(host_of(L), d));
  lua_pushlstring(L, d->name, d->length);
  lua_pushinteger(L, d->function);
  if (d->role != PVL_GETTER && d->role != PVL_SETTER) {
    lua_pushvalue(L, -2);
    lua_pushboolean(L, d->class_id != PVL_MODULE);
    lua_pushcclosure(L, d->role == PVL_TRY ? pvl_trampoline_try : pvl_trampoline, 3);
  }
  lua_rawset(L, -3);
  return 0;
}

/* Stack: object, index. The next item, until one is nil. */
static int next_item(lua_State *L) {
  lua_Integer i = luaL_checkinteger(L, 2) + 1;
  lua_settop(L, 1);
  lua_pushinteger(L, i);
  return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int pairs_of_items(lua_State *L) {
  lua_settop(L, 1);
  lua_pushcfunction(L, next_item);
  lua_insert(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

static int define_items_raising(lua_State *L) {
  const definition *d = lua_touserdata(L, 1);
  pvl_class *class = &host_of(L)->classes[d->class_id];
  lua_rawgeti(L, LUA_REGISTRYINDEX, class->metatable_ref);
  set_function_raising(L, 2, "__pairs", pairs_of_items);
  class->item_function = d->function;
  return 0;
}

bool pvl_define_function(pvl_host *host, int32_t class_id, pvl_role role, const char *name,
                         size_t length, int32_t function) {
  definition d = {.class_id = class_id, .role = role, .name = name, .length = length,
                  .function = function};
  lua_CFunction define = role == PVL_ITEM ? define_items_raising : define_function_raising;
  return pvl_run_protected(host, define, &d) == PVL_OK;
}

void pvl_define_unknown_field(pvl_host *host, int32_t class_id, int32_t function) {
  host->classes[class_id].unknown_field_function = function;
}

void pvl_define_unknown_assignment(pvl_host *host, int32_t class_id, int32_t function) {
  host->classes[class_id].unknown_assignment_function = function;
}

/* --- the module ------------------------------------------------------------------------------ */

/* One line: where the script stood, what happened, and the hint below it. */
static int error_text(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_getfield(L, 1, "where");
  lua_getfield(L, 1, "text");
  if (lua_type(L, 2) != LUA_TSTRING || lua_type(L, 3) != LUA_TSTRING)
    return luaL_error(L, "this error object has lost its text");
  lua_concat(L, 2);
  return 1;
}

static int publish_module_raising(lua_State *L) {
  const definition *d = lua_touserdata(L, 1);
  pvl_host *host = host_of(L);
  lua_newtable(L);
  lua_pushlstring(L, d->name, d->length);
  lua_pushliteral(L, ".error");
  lua_concat(L, 2);
  lua_setfield(L, -2, "__name");
  set_function_raising(L, -2, "__tostring", error_text);
  host->error_metatable_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_rawgeti(L, LUA_REGISTRYINDEX, host->module_ref);
  lua_rawgeti(L, LUA_REGISTRYINDEX, host->features_ref);
  lua_setfield(L, -2, "features");
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_pushlstring(L, d->name, d->length);
  lua_pushvalue(L, -3);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  lua_pushglobaltable(L);
  lua_pushlstring(L, d->name, d->length);
  lua_pushvalue(L, -3);
  lua_rawset(L, -3);
  return 0;
}

bool pvl_publish_module(pvl_host *host, const char *name, size_t length) {
  definition d = {.name = name, .length = length};
  return pvl_run_protected(host, publish_module_raising, &d) == PVL_OK;
}

static int define_constant_raising(lua_State *L) {
  const definition *d = lua_touserdata(L, 1);
  pvl_host *host = host_of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, d->bytes ? host->module_ref : host->features_ref);
  lua_pushlstring(L, d->name, d->length);
  if (d->bytes) lua_pushlstring(L, d->bytes, d->count);
  else lua_pushboolean(L, d->flag);
  lua_rawset(L, -3);
  return 0;
}

bool pvl_define_constant_bytes(pvl_host *host, const char *name, size_t length, const char *bytes,
                               size_t count) {
  definition d = {.name = name, .length = length, .bytes = bytes ? bytes : "", .count = count};
  return pvl_run_protected(host, define_constant_raising, &d) == PVL_OK;
}

bool pvl_define_feature(pvl_host *host, const char *name, size_t length, bool present) {
  definition d = {.name = name, .length = length, .flag = present};
  return pvl_run_protected(host, define_constant_raising, &d) == PVL_OK;
}
