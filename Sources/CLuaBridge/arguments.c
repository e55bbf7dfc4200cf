/* Reading arguments with calls that never raise (manual, 4.6: those marked "-"). Strings are read
   only where they are strings: lua_tolstring on a number would allocate. */
#include "host.h"

#include <stdio.h>
#include <string.h>

pvl_type pvl_type_at(lua_State *L, int32_t index) {
  switch (lua_type(L, index)) {
    case LUA_TNONE: return PVL_NONE;
    case LUA_TNIL: return PVL_NIL;
    case LUA_TBOOLEAN: return PVL_BOOLEAN;
    case LUA_TNUMBER: return lua_isinteger(L, index) ? PVL_INTEGER : PVL_NUMBER;
    case LUA_TSTRING: return PVL_STRING;
    case LUA_TTABLE: return PVL_TABLE;
    case LUA_TFUNCTION: return PVL_CALLABLE;
    case LUA_TUSERDATA: return pvl_class_at(L, index) >= 0 ? PVL_OBJECT : PVL_OTHER;
    default: return PVL_OTHER;
  }
}

/* Also of values of other libraries, which name their type in the metatable. */
const char *pvl_type_name(lua_State *L, int32_t index) {
  int type = lua_type(L, index);
  if (type == LUA_TNONE) return "no value";
  const char *name = type == LUA_TLIGHTUSERDATA ? "light userdata" : lua_typename(L, type);
  if (!lua_checkstack(L, 4) || !lua_getmetatable(L, index)) return name;
  pvl_push_field(L, -1, "__name", sizeof "__name" - 1);
  if (lua_type(L, -1) == LUA_TSTRING) name = lua_tostring(L, -1);
  lua_pop(L, 2);
  return name;
}

bool pvl_integer_at(lua_State *L, int32_t index, int64_t *value) {
  int is_integer;
  *value = lua_tointegerx(L, index, &is_integer);
  return is_integer;
}

bool pvl_number_at(lua_State *L, int32_t index, double *value) {
  int is_number;
  *value = lua_tonumberx(L, index, &is_number);
  return is_number;
}

/* The conversion of lua_tolstring, which would make a string in Lua and so might raise. */
size_t pvl_number_text_at(lua_State *L, int32_t index, char *text) {
  if (lua_type(L, index) != LUA_TNUMBER) return 0;
  if (lua_isinteger(L, index))
    return (size_t)lua_integer2str(text, PVL_NUMBER_TEXT, lua_tointeger(L, index));
  int length = lua_number2str(text, PVL_NUMBER_TEXT - 2, lua_tonumber(L, index));
  if (text[strspn(text, "-0123456789")] == 0) {   /* looks like an integer */
    text[length++] = '.';
    text[length++] = '0';
  }
  return (size_t)length;
}

bool pvl_truth_at(lua_State *L, int32_t index) { return lua_toboolean(L, index); }

const char *pvl_bytes_at(lua_State *L, int32_t index, size_t *count) {
  return lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, count) : NULL;
}

int32_t pvl_top(lua_State *L) { return lua_gettop(L); }
void pvl_set_top(lua_State *L, int32_t index) { lua_settop(L, index); }
int32_t pvl_absolute_index(lua_State *L, int32_t index) { return lua_absindex(L, index); }
bool pvl_reserve_stack(lua_State *L, int32_t count) { return lua_checkstack(L, count); }

size_t pvl_length_at(lua_State *L, int32_t index) { return lua_rawlen(L, index); }
void pvl_push_item(lua_State *L, int32_t table, int64_t i) { lua_rawgeti(L, table, i); }
void pvl_push_nil(lua_State *L) { lua_pushnil(L); }

/* Raw traversal raises only for a key that is not in the table, which cannot be while nobody
   changes it. */
bool pvl_next(lua_State *L, int32_t table) { return lua_next(L, table); }

/* Compares instead of looking up: making the key as a Lua string could raise. */
void pvl_push_field(lua_State *L, int32_t table, const char *name, size_t length) {
  table = lua_absindex(L, table);
  lua_pushnil(L);
  while (lua_next(L, table)) {
    size_t count;
    const char *key = pvl_bytes_at(L, -2, &count);
    if (key && count == length && memcmp(key, name, length) == 0) {
      lua_remove(L, -2);
      return;
    }
    lua_pop(L, 1);
  }
  lua_pushnil(L);
}
