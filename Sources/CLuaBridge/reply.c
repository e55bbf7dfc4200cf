/* Building a reply (never raises), and delivering it (may raise: no Swift frame is left). */
#include "reply.h"

#include <string.h>

/* --- parcels -------------------------------------------------------------------------------- */

void pvl_drop_parcel(pvl_parcel *parcel) {
  pvl_host *host = parcel->host;
  if (parcel->newer) parcel->newer->older = parcel->older;
  else host->parcels = parcel->older;
  if (parcel->older) parcel->older->newer = parcel->newer;
  host->parcel_count -= 1;
  for (block *b = parcel->blocks; b;) {
    block *next = b->next;
    pvl_free(host, b, b->size);
    b = next;
  }
  for (uint32_t i = 0; i < parcel->object_count; i++)
    if (parcel->objects[i]) host->options.release(parcel->objects[i]);
  pvl_free(host, parcel->objects, parcel->object_capacity * sizeof *parcel->objects);
  pvl_free(host, parcel->ops, parcel->op_capacity * sizeof *parcel->ops);
  pvl_free(host, parcel, sizeof *parcel);
}

/* Coroutines run on the same C stack, and it grows downwards. A parcel whose frame lies at or below
   ours therefore belongs to a delivery that an error jumped out of. */
void pvl_reap_parcels(pvl_host *host, const void *frame) {
  while (host->parcels && (uintptr_t)host->parcels->frame <= (uintptr_t)frame)
    pvl_drop_parcel(host->parcels);
}

static pvl_parcel *parcel_of(pvl_reply *reply) {
  if (reply->parcel || reply->out_of_memory) return reply->parcel;
  pvl_host *host = reply->host;
  pvl_parcel *parcel = pvl_allocate(host, NULL, 0, sizeof *parcel);
  if (!parcel) {
    reply->out_of_memory = true;
    return NULL;
  }
  *parcel = (pvl_parcel){.host = host, .frame = reply->frame, .older = host->parcels};
  if (host->parcels) host->parcels->newer = parcel;
  host->parcels = parcel;
  host->parcel_count += 1;
  return reply->parcel = parcel;
}

static void *block_of(pvl_reply *reply, size_t count) {
  pvl_parcel *parcel = parcel_of(reply);
  size_t size = sizeof(block) + count;
  block *b = parcel && size > count ? pvl_allocate(reply->host, NULL, 0, size) : NULL;
  if (!b) {
    reply->out_of_memory = true;
    return NULL;
  }
  b->size = size;
  b->next = parcel->blocks;
  parcel->blocks = b;
  return b + 1;
}

/* --- building ------------------------------------------------------------------------------- */

void pvl_reply_init(pvl_reply *reply, pvl_host *host, const void *frame) {
  reply->host = host;
  reply->frame = frame;
  reply->parcel = NULL;
  reply->ops = reply->inline_ops;
  reply->count = 0;
  reply->capacity = INLINE_OPS;
  reply->out_of_memory = false;
  reply->raise = RAISE_VALUE;
  reply->reserved = NULL;
}

static bool grow_ops(pvl_reply *reply) {
  pvl_parcel *parcel = parcel_of(reply);
  if (!parcel) return false;
  uint32_t capacity = reply->capacity * 4;
  reply_op *ops = pvl_allocate(reply->host, parcel->ops, parcel->op_capacity * sizeof *ops,
                               capacity * sizeof *ops);
  if (!ops) {
    reply->out_of_memory = true;
    return false;
  }
  if (!parcel->ops) memcpy(ops, reply->inline_ops, reply->count * sizeof *ops);
  parcel->ops = reply->ops = ops;
  parcel->op_capacity = reply->capacity = capacity;
  return true;
}

static reply_op *append(pvl_reply *reply, op_kind kind) {
  static reply_op nowhere;   /* written and never read: the reply is already lost */
  if (reply->count == reply->capacity && !grow_ops(reply)) return &nowhere;
  reply_op *op = &reply->ops[reply->count++];
  op->kind = kind;
  return op;
}

void pvl_reply_nil(pvl_reply *reply) { append(reply, OP_NIL); }
void pvl_reply_boolean(pvl_reply *reply, bool value) { append(reply, OP_BOOLEAN)->small = value; }
void pvl_reply_integer(pvl_reply *reply, int64_t value) {
  append(reply, OP_INTEGER)->integer = value;
}
void pvl_reply_number(pvl_reply *reply, double value) { append(reply, OP_NUMBER)->number = value; }
void pvl_reply_argument(pvl_reply *reply, int32_t index) {
  append(reply, OP_ARGUMENT)->small = index;
}
void pvl_reply_kept(pvl_reply *reply, int32_t kept) { append(reply, OP_KEPT)->small = kept; }

static void append_text(pvl_reply *reply, op_kind kind, const void *bytes, size_t count) {
  char *copy = count ? block_of(reply, count) : "";
  if (!copy) return;
  if (count) memcpy(copy, bytes, count);
  reply_op *op = append(reply, kind);
  op->text.bytes = copy;
  op->text.count = count;
}

void pvl_reply_bytes(pvl_reply *reply, const void *bytes, size_t count) {
  append_text(reply, OP_BYTES, bytes, count);
}

void *pvl_reply_reserve(pvl_reply *reply, size_t capacity) {
  return reply->reserved = block_of(reply, capacity ? capacity : 1);
}

void pvl_reply_commit(pvl_reply *reply, size_t count) {
  if (!reply->reserved) return;
  reply_op *op = append(reply, OP_BYTES);
  op->text.bytes = reply->reserved;
  op->text.count = count;
  reply->reserved = NULL;
}

/* Puts an object into the parcel. False: no memory, and the reference is given up. */
static bool take_over(pvl_reply *reply, void *object) {
  pvl_parcel *parcel = parcel_of(reply);
  if (parcel && parcel->object_count == parcel->object_capacity) {
    uint32_t capacity = parcel->object_capacity ? parcel->object_capacity * 4 : 2;
    void **objects = pvl_allocate(reply->host, parcel->objects,
                                  parcel->object_capacity * sizeof *objects,
                                  capacity * sizeof *objects);
    if (objects) {
      parcel->objects = objects;
      parcel->object_capacity = capacity;
    } else {
      reply->out_of_memory = true;
      parcel = NULL;
    }
  }
  if (!parcel) {
    reply->host->options.release(object);
    return false;
  }
  parcel->objects[parcel->object_count++] = object;
  return true;
}

void pvl_reply_hold(pvl_reply *reply, void *object) { take_over(reply, object); }

void pvl_reply_object(pvl_reply *reply, int32_t class_id, void *object, size_t weight) {
  if (!take_over(reply, object)) return;
  reply_op *op = append(reply, OP_OBJECT);
  op->small = class_id;
  op->integer = reply->parcel->object_count - 1;
  reply->host->outside_bytes += weight;
}

void pvl_reply_open_table(pvl_reply *reply, int32_t array_hint, int32_t record_hint) {
  reply_op *op = append(reply, OP_OPEN_TABLE);
  op->small = array_hint;
  op->integer = record_hint;
}
void pvl_reply_key(pvl_reply *reply, const char *name, size_t length) {
  append_text(reply, OP_KEY, name, length);
}
void pvl_reply_integer_key(pvl_reply *reply, int64_t key) {
  append(reply, OP_INTEGER_KEY)->integer = key;
}
void pvl_reply_close_table(pvl_reply *reply) { append(reply, OP_CLOSE_TABLE); }
void pvl_reply_raise_again(pvl_reply *reply, int32_t index) {
  pvl_reply_clear(reply);
  reply->raise = RAISE_AGAIN;
  pvl_reply_argument(reply, index);
}
void pvl_reply_mark_error(pvl_reply *reply) { append(reply, OP_MARK_ERROR); }

void pvl_reply_clear(pvl_reply *reply) {
  reply->count = 0;
  reply->reserved = NULL;
}

static void turn_into(pvl_reply *reply, raise_kind raise, const char *text, size_t length) {
  pvl_reply_clear(reply);
  reply->raise = raise;
  append_text(reply, OP_BYTES, text, length);
}

void pvl_reply_bad_argument(pvl_reply *reply, int32_t index, const char *text, size_t length) {
  reply->bad_argument = index;
  turn_into(reply, RAISE_BAD_ARGUMENT, text, length);
}

void pvl_reply_misuse(pvl_reply *reply, const char *text, size_t length) {
  turn_into(reply, RAISE_MISUSE, text, length);
}

/* --- playing -------------------------------------------------------------------------------- */

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
  if (host->parcels) pvl_reap_parcels(host, &reply);
  pvl_reply_init(&reply, host, &reply);
  bool ok = host->options.body(host->options.context, L, function, lua_gettop(L), &reply);
  if (!ok && manner.is_try && reply.raise == RAISE_VALUE) lua_pushnil(L);
  int count = pvl_deliver_raising(L, &reply);
  pvl_raise_if_interrupted(L);
  if (!ok) return raise_raising(L, &reply, manner);
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
