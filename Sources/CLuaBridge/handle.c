/* Objects live in slots of the host; a handle is a slot number and a generation. So a closed handle
   is a state that every use checks, and closing the host finds what no finalizer gave back. */
#include "host.h"

#include <string.h>

static pvl_slot *slot_of(pvl_host *host, const pvl_handle *handle) {
  if (!handle->is_open || handle->slot >= host->slot_count) return NULL;
  pvl_slot *slot = &host->slots[handle->slot];
  return slot->object && slot->generation == handle->generation ? slot : NULL;
}

/* The class of a full userdata made by us, else -1. A metatable moved by the debug library onto
   another userdata is caught by the size and, after that, by the slot's own check. */
static int32_t class_of(lua_State *L, int32_t index) {
  if (lua_type(L, index) != LUA_TUSERDATA || lua_rawlen(L, index) != sizeof(pvl_handle)) return -1;
  if (!lua_getmetatable(L, index)) return -1;
  const void *metatable = lua_topointer(L, -1);
  lua_pop(L, 1);
  pvl_host *host = host_of(L);
  for (int32_t id = 0; id < host->class_count; id++)
    if (host->classes[id].metatable == metatable) return id;
  return -1;
}

static bool has_class(lua_State *L, int32_t index, int32_t class_id) {
  pvl_host *host = host_of(L);
  if (lua_type(L, index) != LUA_TUSERDATA || lua_rawlen(L, index) != sizeof(pvl_handle))
    return false;
  if (class_id < 0 || class_id >= host->class_count || !lua_getmetatable(L, index)) return false;
  bool same = lua_topointer(L, -1) == host->classes[class_id].metatable;
  lua_pop(L, 1);
  return same;
}

int32_t pvl_class_at(lua_State *L, int32_t index) { return class_of(L, index); }

pvl_handle_state pvl_object_at(lua_State *L, int32_t index, int32_t class_id, void **object) {
  if (!has_class(L, index, class_id)) return PVL_NOT_A_HANDLE;
  pvl_slot *slot = slot_of(host_of(L), lua_touserdata(L, index));
  if (!slot) return PVL_HANDLE_CLOSED;
  if (slot->class_id != class_id) return PVL_NOT_A_HANDLE;
  *object = slot->object;
  return PVL_HANDLE_OPEN;
}

enum { SLOTS_KEPT = 64 };

/* Nothing is open: a large table of slots is given back. Handles know by themselves that they are
   closed, so the generations may start anew. */
static void shrink_slots(pvl_host *host) {
  if (host->open_handles > 0 || host->slot_capacity <= SLOTS_KEPT) return;
  pvl_free(host, host->slots, host->slot_capacity * sizeof *host->slots);
  host->slots = NULL;
  host->slot_count = host->slot_capacity = 0;
  host->first_free_slot = UINT32_MAX;
}

/* The slot is free before its object goes, since the object's end may run code of ours. */
static void release(pvl_host *host, pvl_handle *handle) {
  pvl_slot *slot = slot_of(host, handle);
  uint32_t index = handle->slot;
  handle->is_open = false;
  if (!slot) return;
  void *object = slot->object;
  slot->object = NULL;
  slot->generation += 1;
  slot->next_free = host->first_free_slot;
  host->first_free_slot = index;
  host->open_handles -= 1;
  shrink_slots(host);
  host->options.release(object);
}

void pvl_close_handle(lua_State *L, int32_t index) {
  if (class_of(L, index) >= 0) release(host_of(L), lua_touserdata(L, index));
}

int pvl_handle_gc(lua_State *L) {
  pvl_close_handle(L, 1);
  return 0;
}

int pvl_handle_equal(lua_State *L) {
  pvl_host *host = host_of(L);
  pvl_slot *a = class_of(L, 1) >= 0 ? slot_of(host, lua_touserdata(L, 1)) : NULL;
  pvl_slot *b = class_of(L, 2) >= 0 ? slot_of(host, lua_touserdata(L, 2)) : NULL;
  lua_pushboolean(L, a && b && a->object == b->object);
  return 1;
}

static bool grow_slots(pvl_host *host) {
  uint32_t capacity = host->slot_capacity ? host->slot_capacity * 2 : 16;
  pvl_slot *slots = pvl_allocate(host, host->slots, host->slot_capacity * sizeof *slots,
                                 capacity * sizeof *slots);
  if (!slots) return false;
  host->slots = slots;
  host->slot_capacity = capacity;
  return true;
}

/* Stack: leaves the handle. Takes over *object (and sets it to NULL) only in the last steps, none of
   which raises; until then the parcel owns it. */
void pvl_push_handle_raising(lua_State *L, int32_t class_id, void **object) {
  pvl_host *host = host_of(L);
  pvl_handle *handle = lua_newuserdatauv(L, sizeof *handle, 0);
  memset(handle, 0, sizeof *handle);
  if (lua_rawgeti(L, LUA_REGISTRYINDEX, host->classes[class_id].metatable_ref) != LUA_TTABLE)
    luaL_error(L, "the registry has lost a class");   /* debug.getregistry reaches it */
  lua_setmetatable(L, -2);
  bool reuse = host->first_free_slot != UINT32_MAX;
  if (!reuse && host->slot_count == host->slot_capacity && !grow_slots(host))
    luaL_error(L, "not enough memory");
  handle->slot = reuse ? host->first_free_slot : host->slot_count;
  pvl_slot *slot = &host->slots[handle->slot];
  if (reuse) {
    host->first_free_slot = slot->next_free;
  } else {
    slot->generation = 1;
    host->slot_count += 1;
  }
  slot->object = *object;
  slot->class_id = class_id;
  handle->generation = slot->generation;
  handle->is_open = true;
  host->open_handles += 1;
  *object = NULL;
}

/* After lua_close: a userdata made by a finalizer during it never gets its __gc. */
void pvl_drain_handles(pvl_host *host) {
  for (uint32_t i = 0; i < host->slot_count; i++) {
    void *object = host->slots[i].object;
    host->slots[i].object = NULL;
    if (object) host->options.release(object);
  }
  pvl_free(host, host->slots, host->slot_capacity * sizeof *host->slots);
  host->slots = NULL;
  host->slot_count = host->slot_capacity = host->open_handles = 0;
}
