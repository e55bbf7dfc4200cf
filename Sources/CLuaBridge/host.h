/* What the rooms of the bridge share. Not visible to Swift: it includes lua.h.
   A name that ends in _raising may longjmp; so may every call of lauxlib.h on its way. */
#ifndef PVL_HOST_H
#define PVL_HOST_H

#include <pthread.h>
#include <stdatomic.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "CLuaBridge.h"

typedef struct {
  void *object;           /* one reference; NULL: the slot is free */
  uint32_t generation;    /* counts up at each release, so old handles are found out */
  int32_t class_id;
  uint32_t next_free;
} pvl_slot;

/* The userdata itself. It exists, closed, before it holds anything. */
typedef struct {
  uint32_t slot;
  uint32_t generation;
  bool is_open;
} pvl_handle;

typedef struct {
  const void *metatable;  /* for comparing; the registry keeps the table alive */
  int metatable_ref, methods_ref, getters_ref, setters_ref;
  int32_t item_function, unknown_field_function, unknown_assignment_function;
  char *name;
} pvl_class;

typedef struct pvl_parcel pvl_parcel;

struct pvl_host {
  pvl_options options;
  lua_State *L;
  lua_State *running;     /* the coroutine that runs now: where Ctrl-C sets its hook */
  lua_State *task;        /* the coroutine of the task that runs now, if one does */
  atomic_int run_depth;
  atomic_bool interrupted;  /* Ctrl-C, until the outermost run has returned */
  pthread_t thread;         /* where it runs, and the host whose run it interrupted there */
  pvl_host *outer;
  bool wake_was_blocked;

  size_t bytes_now, bytes_peak;
  size_t bridge_bytes;      /* those of bytes_now that Lua knows nothing of */
  uint64_t allocations, fail_at;
  size_t outside_bytes;   /* held by objects and not yet reckoned with by the collector */
  bool close_begun;

  pvl_slot *slots;
  uint32_t slot_count, slot_capacity, first_free_slot, open_handles;

  pvl_class *classes;
  int32_t class_count;
  int module_ref, features_ref, error_metatable_ref;

  pvl_parcel *parcels;    /* newest first */
  uint32_t parcel_count;

  char *last_error;
  size_t last_error_count;
  bool warnings_on, warning_continues;
};

static inline pvl_host *host_of(lua_State *L) { return *(pvl_host **)lua_getextraspace(L); }

/* host.c */
void *pvl_allocate(pvl_host *host, void *block, size_t old_size, size_t new_size);
void pvl_free(pvl_host *host, void *block, size_t size);
void pvl_store_error(pvl_host *host, const char *bytes, size_t count);

/* handle.c */
void pvl_push_handle_raising(lua_State *L, int32_t class_id, void **object);
int pvl_handle_gc(lua_State *L);
int pvl_handle_equal(lua_State *L);
void pvl_drain_handles(pvl_host *host);

/* reply.c, deliver.c, parcel.c */
int pvl_trampoline(lua_State *L);
int pvl_trampoline_try(lua_State *L);
/* How a body is reached, where that makes a difference. `field`: the one a setter assigns. */
typedef struct { bool is_try; const char *field; } pvl_manner;
int pvl_dispatch_raising(lua_State *L, int32_t function, pvl_manner manner);
int pvl_deliver_raising(lua_State *L, pvl_reply *reply);
void pvl_reap_parcels(pvl_host *host, const void *frame);
void pvl_drop_parcel(pvl_parcel *parcel);

/* load.c, coroutine.c, interrupt.c: parts of the standard library we replace */
void pvl_install_loaders_raising(lua_State *L);
void pvl_install_coroutines_raising(lua_State *L);
void pvl_install_sethook_raising(lua_State *L);
void pvl_interrupt_begin(pvl_host *host);
void pvl_interrupt_end(pvl_host *host);
void pvl_arm_if_interrupted(lua_State *L);
void pvl_raise_if_interrupted(lua_State *L);

/* coroutine.c. Neither raises. */
/* lua_resume(3) so that Ctrl-C reaches into the coroutine. Stack of the coroutine: its results. */
int pvl_resume(lua_State *L, lua_State *co, int count, int *results);
/* Closes the pending variables of a coroutine that is not running, which may run code of the script.
   Stack of the coroutine: leaves an error value where the status is one. */
int pvl_reset(lua_State *L, lua_State *co);
/* What coroutine.status calls it where it cannot be closed, else NULL. */
const char *pvl_running_status(lua_State *L, lua_State *co);

/* protected.c */
int pvl_message_handler(lua_State *L);
pvl_status pvl_run_protected(pvl_host *host, lua_CFunction body, void *argument);
pvl_status pvl_status_of(const pvl_host *host, int status);
void pvl_keep_error(lua_State *L);
void pvl_keep_interruption(pvl_host *host);

#endif
