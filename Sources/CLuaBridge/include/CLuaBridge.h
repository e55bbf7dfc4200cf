/* The seam to Lua, in a vocabulary of its own.
 *
 * This header never includes lua.h, so Swift cannot spell a call that raises. Lua raises by longjmp,
 * and a Swift frame that is jumped over leaks and corrupts. Hence one rule: between a call that can
 * raise and the protected call that catches it there is never a Swift frame. Swift reads arguments
 * with calls that never raise, writes its answer into a reply and returns; C plays the reply onto
 * the Lua stack, or raises. Swift reaches Lua only through protected calls.
 *
 * Unless a comment says otherwise: nothing here raises, `index` is an acceptable Lua stack index,
 * and everything happens on the one thread that opened the host.
 */
#ifndef CLUABRIDGE_H
#define CLUABRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lua_State lua_State;
typedef struct pvl_host pvl_host;
typedef struct pvl_reply pvl_reply;

/* --- host.c: one Lua state and what belongs to it ------------------------------------------- */

/* Runs one declared function, start to finish. False: the reply holds what to raise. */
typedef bool (*pvl_body)(void *context, lua_State *L, int32_t function, int32_t argument_count,
                         pvl_reply *reply);

/* Gives up the one reference that a handle held. */
typedef void (*pvl_release)(void *object);

typedef struct {
  pvl_body body;
  pvl_release release;
  void *context;          /* handed to body, never looked at */
  size_t memory_limit;    /* bytes Lua may hold, replies under way included; 0: no limit */
  uint64_t fail_at;       /* the n-th allocation and its retry fail; 0: never (tests) */
} pvl_options;

/* A state with the standard libraries, text-only loading and interruptible coroutines.
   NULL when memory does not suffice. `ignore_environment`: LUA_PATH and its like do not count. */
pvl_host *pvl_open(const pvl_options *options, bool ignore_environment);
/* lua_close(3), then drains every handle that is still open. Finalizers run and may call bodies. */
void pvl_close(pvl_host *host);
/* "Lua 5.4.4" and its copyright line. */
const char *pvl_lua_version(void);
const char *pvl_lua_copyright(void);

typedef struct {
  size_t bytes_now, bytes_peak;
  uint64_t allocations;   /* calls that asked for new or larger memory */
  uint32_t open_handles;
  uint32_t parcels;       /* replies under way; 0 between calls */
} pvl_usage;
pvl_usage pvl_measure(const pvl_host *host);
void pvl_set_memory_limit(pvl_host *host, size_t bytes);
/* From now on, the n-th allocation and its retry fail; 0 switches it off. */
void pvl_fail_allocation(pvl_host *host, uint64_t n);

/* --- define.c: functions and classes -------------------------------------------------------- */

enum { PVL_MODULE = -1 };
/* How a declared function is reached. */
typedef enum {
  PVL_FUNCTION,   /* module.name(...) or object:name(...) */
  PVL_TRY,        /* the same body; a failure comes back as nil, error; no result becomes true */
  PVL_GETTER,     /* object.name */
  PVL_SETTER,     /* object.name = value; arguments: object, value */
  PVL_ITEM,       /* object[integer] and pairs(object); arguments: object, integer */
  PVL_METAMETHOD  /* __len, __tostring, __pairs, __call ... */
} pvl_role;

/* All answer false when memory does not suffice. Names are bytes with a length. */
bool pvl_define_class(pvl_host *host, const char *name, size_t length, int32_t *class_id);
bool pvl_define_function(pvl_host *host, int32_t class_id, pvl_role role, const char *name,
                         size_t length, int32_t function);
/* Names the function that answers for fields nobody declared; arguments: object, key. */
void pvl_define_unknown_field(pvl_host *host, int32_t class_id, int32_t function);
/* Names the function that assigns what has no setter of its own; arguments: object, key, value. */
void pvl_define_unknown_assignment(pvl_host *host, int32_t class_id, int32_t function);
/* Publishes the module table under package.loaded[name], and as a global too. */
bool pvl_publish_module(pvl_host *host, const char *name, size_t length);
/* module.name = integer | bytes | a table of names that are true. */
bool pvl_define_constant_bytes(pvl_host *host, const char *name, size_t length, const char *bytes,
                               size_t count);
bool pvl_define_feature(pvl_host *host, const char *name, size_t length, bool present);

/* --- arguments.c: reading, which never raises ------------------------------------------------ */

typedef enum {
  PVL_NONE, PVL_NIL, PVL_BOOLEAN, PVL_INTEGER, PVL_NUMBER, PVL_STRING, PVL_TABLE,
  PVL_CALLABLE, PVL_OBJECT, PVL_OTHER
} pvl_type;

pvl_type pvl_type_at(lua_State *L, int32_t index);
/* What luaL_typeerror would call it: "number", "no value", a class name, "FILE*". Valid while the
   value is on the stack. */
const char *pvl_type_name(lua_State *L, int32_t index);
/* An integer, a float with an exact integer value, or text that reads as one. */
bool pvl_integer_at(lua_State *L, int32_t index, int64_t *value);
bool pvl_number_at(lua_State *L, int32_t index, double *value);
bool pvl_truth_at(lua_State *L, int32_t index);
/* The text of a number as tostring gives it; the length, 0 for any other type. */
enum { PVL_NUMBER_TEXT = 64 };
size_t pvl_number_text_at(lua_State *L, int32_t index, char *text);
/* The bytes of a string, valid while it stays on the stack; NULL for any other type. */
const char *pvl_bytes_at(lua_State *L, int32_t index, size_t *count);
int32_t pvl_top(lua_State *L);
void pvl_set_top(lua_State *L, int32_t index);
int32_t pvl_absolute_index(lua_State *L, int32_t index);
/* Room for `count` more stack slots; false: not to be had. */
bool pvl_reserve_stack(lua_State *L, int32_t count);

/* Tables, read raw (no metamethod runs). */
size_t pvl_length_at(lua_State *L, int32_t index);
/* Push t[i], or t[name]; the caller pops. */
void pvl_push_item(lua_State *L, int32_t table, int64_t i);
void pvl_push_field(lua_State *L, int32_t table, const char *name, size_t length);
/* Traversal: push nil, then next until false; key at -2 and value at -1, pop the value each time.
   The table must not change meanwhile. */
void pvl_push_nil(lua_State *L);
bool pvl_next(lua_State *L, int32_t table);

/* Objects. The pointer is borrowed: the handle keeps its reference. */
typedef enum { PVL_HANDLE_OPEN, PVL_HANDLE_CLOSED, PVL_NOT_A_HANDLE } pvl_handle_state;
pvl_handle_state pvl_object_at(lua_State *L, int32_t index, int32_t class_id, void **object);
/* Any of ours: its class, or -1. */
int32_t pvl_class_at(lua_State *L, int32_t index);
/* Releases what the handle holds and marks it closed; again is harmless. */
void pvl_close_handle(lua_State *L, int32_t index);

/* --- reply.c: the answer, delivered after Swift has returned --------------------------------- */

void pvl_reply_nil(pvl_reply *reply);
void pvl_reply_boolean(pvl_reply *reply, bool value);
void pvl_reply_integer(pvl_reply *reply, int64_t value);
void pvl_reply_number(pvl_reply *reply, double value);
/* Copies the bytes. */
void pvl_reply_bytes(pvl_reply *reply, const void *bytes, size_t count);
/* Storage to fill in place, and then the string made of its first `count` bytes. NULL: no memory
   (the reply will raise that by itself). */
void *pvl_reply_reserve(pvl_reply *reply, size_t capacity);
void pvl_reply_commit(pvl_reply *reply, size_t count);
/* Takes over one reference, whatever happens. `weight`: bytes the object holds outside Lua, so that
   the collector hurries as if Lua held them. */
void pvl_reply_object(pvl_reply *reply, int32_t class_id, void *object, size_t weight);
/* A copy of an argument (nil for one that was not passed), or of a kept value. */
void pvl_reply_argument(pvl_reply *reply, int32_t index);
void pvl_reply_kept(pvl_reply *reply, int32_t kept);
/* Takes over one reference and gives it up once the reply is delivered or lost. */
void pvl_reply_hold(pvl_reply *reply, void *object);
/* Everything until the close goes into the table: under the key named just before it, or appended. */
void pvl_reply_open_table(pvl_reply *reply, int32_t array_hint, int32_t record_hint);
void pvl_reply_key(pvl_reply *reply, const char *name, size_t length);
void pvl_reply_integer_key(pvl_reply *reply, int64_t key);
void pvl_reply_close_table(pvl_reply *reply);
/* Turns the reply into raising the value at a stack index, by a try_ twin too: a script's own error
   goes on unchanged. */
void pvl_reply_raise_again(pvl_reply *reply, int32_t index);
/* Gives the table being built the metatable of error objects and the script's position. */
void pvl_reply_mark_error(pvl_reply *reply);
/* Lets the task wait that pvl_may_wait has told of: the call answers nothing, when it is resumed. */
void pvl_reply_wait(pvl_reply *reply);
/* Forgets what was written so far. */
void pvl_reply_clear(pvl_reply *reply);
/* Turns the reply into "bad argument #index to 'name' (text)" in Lua's own wording. */
void pvl_reply_bad_argument(pvl_reply *reply, int32_t index, const char *text, size_t length);
/* Turns the reply into an error raised with the script's position in front of the text. */
void pvl_reply_misuse(pvl_reply *reply, const char *text, size_t length);

/* --- chunk.c: Swift runs Lua, always under protection ---------------------------------------- */

typedef enum {
  PVL_OK, PVL_ERROR, PVL_SYNTAX, PVL_INCOMPLETE, PVL_MEMORY, PVL_INTERRUPTED
} pvl_status;

/* A script error as text, with a traceback where lua.c gives one. Owned by the host until the next
   failing call. */
typedef struct { const char *bytes; size_t count; } pvl_text;
pvl_text pvl_last_error(const pvl_host *host);

typedef enum { PVL_SOURCE_BUFFER, PVL_SOURCE_FILE, PVL_SOURCE_STDIN } pvl_source_kind;
typedef struct {
  pvl_source_kind kind;
  const char *bytes;      /* the chunk, or the path of the file (zero-ended) */
  size_t count;
  const char *name;       /* chunk name as luaL_loadbuffer takes it; buffers only */
  bool as_expression;     /* try "return <chunk>" first */
  bool print_results;     /* call print on what the chunk returns */
  bool pass_arguments;    /* call the chunk with arg[1], arg[2] ... */
} pvl_source;

/* Loads (text only) and runs one chunk as the outermost run: Ctrl-C stops it, and is forgotten
   when it has returned. */
pvl_status pvl_run(pvl_host *host, const pvl_source *source);
/* --- globals.c: what a host sets and asks among the globals ---------------------------------- */

/* require(module) and store its result in the global named; both zero-ended. */
pvl_status pvl_require(pvl_host *host, const char *global, const char *module);
/* arg = {[i - script] = argv[i]}; arg[0] is the script. */
pvl_status pvl_set_arguments(pvl_host *host, int32_t count, const char *const *argv, int32_t script);
/* _G[name] = an object; takes over one reference. */
pvl_status pvl_set_global_object(pvl_host *host, const char *name, int32_t class_id, void *object);
/* A global's text, copied into the last error's place; false when it is no string. */
bool pvl_global_text(pvl_host *host, const char *name, pvl_text *text);
void pvl_set_warnings(pvl_host *host, bool on);

/* --- callback.c: values kept beyond a call, and calls of kept functions ------------------------ */

/* Keeps the value at index beyond the call; 0: no memory. Forgetting 0 is harmless. */
int32_t pvl_keep(lua_State *L, int32_t index);
void pvl_forget(pvl_host *host, int32_t kept);
/* Calls a kept function with what the builder replied, and frees the builder. Leaves `results` values
   on the stack when PVL_OK, one error value otherwise (nil where memory did not suffice to call). A
   coroutine cannot yield across it. */
pvl_reply *pvl_arguments_begin(lua_State *L);
pvl_status pvl_call_kept(lua_State *L, int32_t kept, pvl_reply *arguments, int32_t results);
/* Calls the function at an absolute index with all that lies above it, which stays. Leaves all it
   returned on the stack when PVL_OK, `*results` values; one error value otherwise, as above. */
pvl_status pvl_call_rest(lua_State *L, int32_t index, int32_t *results);

/* --- task.c: functions that may wait, each on a coroutine that Swift resumes ------------------ */

typedef enum { PVL_TASK_ENDED, PVL_TASK_WAITS, PVL_TASK_FAILED } pvl_task_state;
/* A coroutine, kept, that will call the function at an absolute index with all that lies above it;
   index 0: one that waits for pvl_task_load. 0: no memory. Given back by pvl_forget. */
int32_t pvl_task_begin(lua_State *L, int32_t index);
/* Has a task that has nothing to do call a kept function with what the builder replied, and frees the
   builder. False: no memory. */
bool pvl_task_load(lua_State *L, int32_t task, int32_t function, pvl_reply *arguments);
/* Runs it until it waits, yields or ends; what it yields or returns is dropped. Leaves one error value
   on the stack when it failed, a text with the task's traceback; the task has nothing to do then. */
pvl_task_state pvl_task_resume(lua_State *L, int32_t task);
/* Ends a task that waits: its pending variables are closed. Leaves an error value as above when that
   failed. PVL_TASK_WAITS: it is running and cannot be ended. */
pvl_task_state pvl_task_close(lua_State *L, int32_t task);
/* Whether the call under way was made by a task that can wait here. */
bool pvl_may_wait(lua_State *L);

/* --- interrupt.c ----------------------------------------------------------------------------- */

/* True from Ctrl-C until the outermost run has returned. Native loops ask once a block. Safe from
   any thread: where no host runs, it answers for the run that Ctrl-C stops. */
bool pvl_is_interrupted(void);
/* As if Ctrl-C had been pressed: for a terminal that reads the key itself. Safe from any thread. */
void pvl_interrupt(void);

/* Takes an interrupt back that has done its work: what runs goes on, and the next Ctrl-C counts as the
   first again. */
void pvl_forgive_interrupt(pvl_host *host);
/* The same for one host; nothing happens while it is idle. Safe from any thread. */
void pvl_interrupt_host(pvl_host *host);
/* What the second Ctrl-C during a run calls instead of ending the program; it has to end it. Only
   what a signal handler may do. */
void pvl_set_last_resort(void (*handler)(int));

#endif
