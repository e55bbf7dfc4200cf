/* Delivering a reply, which may raise: no Swift frame is left to hurt. */
#include "reply.h"

#include <string.h>

/* A table under construction: its place on the stack, the key waiting for a value, the next index. */
typedef struct { int index; bool has_key; int64_t next; } open_table;
enum { TABLE_DEPTH = 64 };

static void begin_table_raising(lua_State *L, open_table *tables, int *depth, const reply_op *op) {
  if (*depth + 1 >= TABLE_DEPTH) luaL_error(L, "a result has more than %d levels", TABLE_DEPTH);
  luaL_checkstack(L, 8, "a result is too deep");
  lua_createtable(L, op->small, (int)op->integer);
  tables[++*depth] = (open_table){.index = lua_gettop(L), .next = 1};
}

/* The value on top goes to its place in the innermost open table; without one it stays a result. */
static void settle_raising(lua_State *L, open_table *tables, int depth) {
  if (depth < 0) return;
  open_table *t = &tables[depth];
  if (t->has_key) lua_rawset(L, t->index);
  else lua_rawseti(L, t->index, t->next++);
  t->has_key = false;
}

/* Fields of raised errors: `where` is "script.lua:12:" as luaL_where gives it. */
static void mark_error_raising(lua_State *L, pvl_host *host, int table) {
  luaL_where(L, 1);
  lua_setfield(L, table, "where");
  lua_rawgeti(L, LUA_REGISTRYINDEX, host->error_metatable_ref);
  if (lua_istable(L, -1)) lua_setmetatable(L, table);
  else lua_pop(L, 1);
}

static void push_value_raising(lua_State *L, pvl_reply *reply, const reply_op *op) {
  switch (op->kind) {
    case OP_NIL: lua_pushnil(L); break;
    case OP_BOOLEAN: lua_pushboolean(L, op->small); break;
    case OP_INTEGER: lua_pushinteger(L, op->integer); break;
    case OP_NUMBER: lua_pushnumber(L, op->number); break;
    case OP_BYTES: lua_pushlstring(L, op->text.bytes, op->text.count); break;
    case OP_OBJECT:
      pvl_push_handle_raising(L, op->small, &reply->parcel->objects[op->integer]);
      break;
    case OP_KEPT: lua_rawgeti(L, LUA_REGISTRYINDEX, op->small); break;
    default: lua_pushnil(L); break;
  }
}

int pvl_play_raising(lua_State *L, pvl_reply *reply) {
  open_table tables[TABLE_DEPTH];
  int depth = -1, results = 0;
  if (reply->out_of_memory) luaL_error(L, "not enough memory");
  luaL_checkstack(L, 16, "too many results");
  int arguments = lua_gettop(L);
  for (uint32_t i = 0; i < reply->count; i++) {
    const reply_op *op = &reply->ops[i];
    switch (op->kind) {
      case OP_OPEN_TABLE: begin_table_raising(L, tables, &depth, op); continue;
      case OP_KEY:
        lua_pushlstring(L, op->text.bytes, op->text.count);
        tables[depth].has_key = true;
        continue;
      case OP_INTEGER_KEY:
        lua_pushinteger(L, op->integer);
        tables[depth].has_key = true;
        continue;
      case OP_MARK_ERROR: mark_error_raising(L, reply->host, tables[depth].index); continue;
      case OP_CLOSE_TABLE: depth -= 1; break;
      case OP_ARGUMENT:
        if (op->small <= arguments) lua_pushvalue(L, op->small);
        else lua_pushnil(L);   /* not passed */
        break;
      default: push_value_raising(L, reply, op);
    }
    settle_raising(L, tables, depth);
    if (depth < 0 && (++results & 15) == 0) luaL_checkstack(L, 32, "too many results");
  }
  return results;
}

/* A handle is a few bytes to Lua, whatever its object holds: without this a loop that makes objects
   would fill the memory long before the collector wakes. */
static void reckon_outside_bytes(lua_State *L, pvl_host *host) {
  enum { STEP = 1 << 20 };
  if (host->outside_bytes < STEP) return;
  size_t kibibytes = host->outside_bytes / 1024;
  host->outside_bytes = 0;
  lua_gc(L, LUA_GCSTEP, kibibytes < INT32_MAX / 2 ? (int)kibibytes : INT32_MAX / 2);
}

int pvl_deliver_raising(lua_State *L, pvl_reply *reply) {
  int count = pvl_play_raising(L, reply);
  if (reply->parcel) pvl_drop_parcel(reply->parcel);
  reckon_outside_bytes(L, reply->host);
  return count;
}

/* luaL_argerror in its own words. It knows no name for a function that pcall calls, nor for a tail
   call; our functions carry theirs as upvalues: number, name, whether a method. */
static int bad_argument_raising(lua_State *L, int32_t index, const char *text) {
  lua_Debug call;
  lua_getstack(L, 0, &call);
  lua_getinfo(L, "nt", &call);
  const char *name = lua_tostring(L, lua_upvalueindex(2));
  if (!call.name && !name) return luaL_argerror(L, index, text);
  bool is_tail_method = call.istailcall && lua_toboolean(L, lua_upvalueindex(3));
  if (strcmp(call.namewhat, "method") == 0 || is_tail_method) index -= 1;
  if (!name || call.name) name = call.name;
  if (index == 0) return luaL_error(L, "calling '%s' on bad self (%s)", name, text);
  return luaL_error(L, "bad argument #%d to '%s' (%s)", index, name, text);
}

static int raise_raising(lua_State *L, const pvl_reply *reply, pvl_manner manner) {
  switch (reply->raise) {
    case RAISE_BAD_ARGUMENT:
      if (manner.field && reply->bad_argument == 2)
        return luaL_error(L, "bad value for field '%s' (%s)", manner.field, lua_tostring(L, -1));
      return bad_argument_raising(L, reply->bad_argument, lua_tostring(L, -1));
    case RAISE_MISUSE: return luaL_error(L, "%s", lua_tostring(L, -1));
    case RAISE_AGAIN: return lua_error(L);
    default: return manner.is_try ? 2 : lua_error(L);
  }
}

/* Calls the body and delivers. For a try_ twin a failure is nil and the error; wrong use raises. */
int pvl_dispatch_raising(lua_State *L, int32_t function, pvl_manner manner) {
  pvl_reply reply;
  pvl_host *host = host_of(L);
  const void *frame = __builtin_frame_address(0);   /* sanitizers may move the reply elsewhere */
  if (host->parcels) pvl_reap_parcels(host, frame);
  pvl_reply_init(&reply, host, frame);
  bool ok = host->options.body(host->options.context, L, function, lua_gettop(L), &reply);
  if (!ok && manner.is_try && reply.raise == RAISE_VALUE) lua_pushnil(L);
  int count = pvl_deliver_raising(L, &reply);
  pvl_raise_if_interrupted(L);
  if (!ok) return raise_raising(L, &reply, manner);
  if (reply.waits) return lua_yield(L, 0);   /* and answers nothing once it is resumed */
  if (count > 0 || !manner.is_try) return count;
  lua_pushboolean(L, 1);
  return 1;
}

int pvl_trampoline(lua_State *L) {
  int32_t function = (int32_t)lua_tointeger(L, lua_upvalueindex(1));
  return pvl_dispatch_raising(L, function, (pvl_manner){0});
}

int pvl_trampoline_try(lua_State *L) {
  int32_t function = (int32_t)lua_tointeger(L, lua_upvalueindex(1));
  return pvl_dispatch_raising(L, function, (pvl_manner){.is_try = true});
}
