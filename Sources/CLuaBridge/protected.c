/* Swift calls Lua: always under lua_pcall, so that an error stops here and never meets a Swift
   frame. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reply.h"

/* Makes a text of any error value, as the stock interpreter does, while still protected: a
   __tostring may raise or answer something else. */
int pvl_message_handler(lua_State *L) {
  const char *text = lua_tostring(L, 1);
  if (!text) {
    if (luaL_callmeta(L, 1, "__tostring") && lua_type(L, -1) == LUA_TSTRING) return 1;
    text = lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
  }
  luaL_traceback(L, L, text, 1);
  return 1;
}

/* Pops the error value and keeps its text. */
static void keep_error(lua_State *L) {
  pvl_host *host = host_of(L);
  size_t count = 0;
  const char *text = pvl_bytes_at(L, -1, &count);
  static const char unknown[] = "(error object is no text)";
  pvl_store_error(host, text ? text : unknown, text ? count : sizeof unknown - 1);
  lua_pop(L, 1);
}

static pvl_status status_of(const pvl_host *host, int status) {
  if (host->interrupted) return PVL_INTERRUPTED;
  switch (status) {
    case LUA_OK: return PVL_OK;
    case LUA_ERRSYNTAX: return PVL_SYNTAX;
    case LUA_ERRMEM: return PVL_MEMORY;
    default: return PVL_ERROR;
  }
}

/* Ctrl-C came with the last instruction: no error tells of it. */
static void keep_interruption(pvl_host *host) {
  static const char interrupted[] = "interrupted!";
  pvl_store_error(host, interrupted, sizeof interrupted - 1);
}

/* Runs `body` with one light userdata under the message handler. Stack: as it was. */
static pvl_status run_protected(pvl_host *host, lua_CFunction body, void *argument) {
  lua_State *L = host->L;
  if (!lua_checkstack(L, LUA_MINSTACK)) return PVL_MEMORY;
  int base = lua_gettop(L);
  lua_pushcfunction(L, pvl_message_handler);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, argument);
  int status = lua_pcall(L, 1, 0, base + 1);
  pvl_status answer = status_of(host, status);
  if (status != LUA_OK) keep_error(L);
  lua_settop(L, base);
  pvl_reap_parcels(host, __builtin_frame_address(0));
  return answer;
}

/* --- chunks ---------------------------------------------------------------------------------- */

/* All of standard input. luaL_loadfilex would go on reading after Ctrl-C. Stack: leaves the text. */
static void read_stdin_raising(lua_State *L) {
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  size_t count;
  do {
    pvl_raise_if_interrupted(L);
    errno = 0;
    count = fread(luaL_prepbuffer(&buffer), 1, LUAL_BUFFERSIZE, stdin);
    luaL_addsize(&buffer, count);
  } while (count == LUAL_BUFFERSIZE);
  pvl_raise_if_interrupted(L);
  if (ferror(stdin)) luaL_error(L, "cannot read stdin: %s", strerror(errno));
  luaL_pushresult(&buffer);
}

/* Without a byte order mark and without a first line that starts with #; its end stays, so that
   lines keep their numbers. Stack: leaves the chunk, or the message. */
static int load_stdin_raising(lua_State *L) {
  read_stdin_raising(L);
  const char *text = lua_tostring(L, -1);
  const char *end = text + lua_rawlen(L, -1);
  if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
  if (*text == '#') while (text < end && *text != '\n') text++;
  int status = luaL_loadbufferx(L, text, (size_t)(end - text), "=stdin", "t");
  lua_remove(L, -2);
  return status;
}

/* Stack: leaves the chunk, or the message. */
static int load_raising(lua_State *L, const pvl_source *source) {
  if (source->kind == PVL_SOURCE_STDIN) return load_stdin_raising(L);
  if (source->kind == PVL_SOURCE_FILE) return luaL_loadfilex(L, source->bytes, "t");
  if (source->as_expression) {
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    luaL_addstring(&buffer, "return ");
    luaL_addlstring(&buffer, source->bytes, source->count);
    luaL_pushresult(&buffer);
    size_t count;
    const char *text = lua_tolstring(L, -1, &count);
    int status = luaL_loadbufferx(L, text, count, source->name, "t");
    lua_remove(L, -2);
    if (status == LUA_OK) return status;
    lua_pop(L, 1);
  }
  return luaL_loadbufferx(L, source->bytes, source->count, source->name, "t");
}

/* Stack: pushes arg[1], arg[2] ... and answers how many. */
static int push_arguments_raising(lua_State *L) {
  if (lua_getglobal(L, "arg") != LUA_TTABLE) luaL_error(L, "'arg' is not a table");
  int count = (int)luaL_len(L, -1);
  luaL_checkstack(L, count + 3, "too many arguments to script");
  int table = lua_gettop(L);
  for (int i = 1; i <= count; i++) lua_rawgeti(L, table, i);
  lua_remove(L, table);
  return count;
}

static int load_chunk_raising(lua_State *L) {
  const pvl_source *source = lua_touserdata(L, 1);
  lua_pushinteger(L, load_raising(L, source));
  lua_insert(L, -2);
  return 2;
}

/* Stack: function, light userdata source. */
static int call_chunk_raising(lua_State *L) {
  const pvl_source *source = lua_touserdata(L, 2);
  lua_settop(L, 1);
  int count = source->pass_arguments ? push_arguments_raising(L) : 0;
  lua_call(L, count, source->print_results ? LUA_MULTRET : 0);
  int results = lua_gettop(L);
  if (!source->print_results || results == 0) return 0;
  luaL_checkstack(L, LUA_MINSTACK, "too many results to print");
  lua_getglobal(L, "print");
  lua_insert(L, 1);
  lua_call(L, results, 0);
  return 0;
}

static bool is_incomplete(const pvl_host *host) {
  static const char mark[] = "<eof>";
  size_t length = sizeof mark - 1;
  return host->last_error_count >= length &&
         memcmp(host->last_error + host->last_error_count - length, mark, length) == 0;
}

/* Stack: leaves the function when PVL_OK. */
static pvl_status load_chunk(lua_State *L, const pvl_source *source) {
  lua_pushcfunction(L, load_chunk_raising);
  lua_pushlightuserdata(L, (void *)source);
  int status = lua_pcall(L, 1, 2, 0);
  if (status == LUA_OK) {
    status = (int)lua_tointeger(L, -2);
    lua_remove(L, -2);
    if (status == LUA_OK) return PVL_OK;
  }
  keep_error(L);
  if (status == LUA_ERRSYNTAX && is_incomplete(host_of(L))) return PVL_INCOMPLETE;
  return status_of(host_of(L), status);
}

/* Stack: takes the function from the top. */
static pvl_status call_chunk(lua_State *L, const pvl_source *source) {
  int function = lua_gettop(L);
  lua_pushcfunction(L, pvl_message_handler);
  lua_pushcfunction(L, call_chunk_raising);
  lua_pushvalue(L, function);
  lua_pushlightuserdata(L, (void *)source);
  int status = lua_pcall(L, 2, 0, function + 1);
  pvl_status answer = status_of(host_of(L), status);
  if (status != LUA_OK) keep_error(L);
  else if (answer == PVL_INTERRUPTED) keep_interruption(host_of(L));
  return answer;
}

pvl_status pvl_run(pvl_host *host, const pvl_source *source) {
  lua_State *L = host->L;
  if (!lua_checkstack(L, LUA_MINSTACK)) return PVL_MEMORY;
  int base = lua_gettop(L);
  pvl_interrupt_begin(host);
  pvl_status status = load_chunk(L, source);
  if (status == PVL_OK) status = call_chunk(L, source);
  pvl_interrupt_end(host);
  lua_settop(L, base);
  pvl_reap_parcels(host, __builtin_frame_address(0));
  /* What the chunk held is garbage now. Swift cannot go on where malloc has nothing to give. */
  if (status == PVL_MEMORY) lua_gc(L, LUA_GCCOLLECT);
  return status;
}

/* --- globals --------------------------------------------------------------------------------- */

typedef struct {
  const char *global, *module;
  int32_t count, script, class_id;
  const char *const *argv;
  void *object;
} global_request;

static int require_raising(lua_State *L) {
  const global_request *r = lua_touserdata(L, 1);
  lua_getglobal(L, "require");
  lua_pushstring(L, r->module);
  lua_call(L, 1, 1);
  lua_setglobal(L, r->global);
  return 0;
}

pvl_status pvl_require(pvl_host *host, const char *global, const char *module) {
  global_request r = {.global = global, .module = module};
  pvl_interrupt_begin(host);
  pvl_status status = run_protected(host, require_raising, &r);
  pvl_interrupt_end(host);
  return status;
}

static int set_arguments_raising(lua_State *L) {
  const global_request *r = lua_touserdata(L, 1);
  lua_createtable(L, r->count - r->script, r->script + 1);
  for (int32_t i = 0; i < r->count; i++) {
    lua_pushstring(L, r->argv[i]);
    lua_rawseti(L, -2, i - r->script);
  }
  lua_setglobal(L, "arg");
  return 0;
}

pvl_status pvl_set_arguments(pvl_host *host, int32_t count, const char *const *argv,
                             int32_t script) {
  global_request r = {.count = count, .argv = argv, .script = script};
  return run_protected(host, set_arguments_raising, &r);
}

static int set_global_object_raising(lua_State *L) {
  global_request *r = lua_touserdata(L, 1);
  pvl_push_handle_raising(L, r->class_id, &r->object);
  lua_setglobal(L, r->global);
  return 0;
}

pvl_status pvl_set_global_object(pvl_host *host, const char *name, int32_t class_id,
                                 void *object) {
  global_request r = {.global = name, .class_id = class_id, .object = object};
  pvl_status status = run_protected(host, set_global_object_raising, &r);
  if (r.object) host->options.release(r.object);
  return status;
}

static int global_text_raising(lua_State *L) {
  const global_request *r = lua_touserdata(L, 1);
  if (lua_getglobal(L, r->global) != LUA_TSTRING) luaL_error(L, "no text");
  size_t count;
  const char *text = lua_tolstring(L, -1, &count);
  pvl_store_error(host_of(L), text, count);
  return 0;
}

bool pvl_global_text(pvl_host *host, const char *name, pvl_text *text) {
  global_request r = {.global = name};
  if (run_protected(host, global_text_raising, &r) != PVL_OK) return false;
  *text = pvl_last_error(host);
  return true;
}

void pvl_set_warnings(pvl_host *host, bool on) {
  lua_warning(host->L, on ? "@on" : "@off", 0);
}

/* --- kept values and callbacks --------------------------------------------------------------- */

static int keep_raising(lua_State *L) {
  lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
  return 1;
}

int32_t pvl_keep(lua_State *L, int32_t index) {
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, LUA_MINSTACK)) return 0;
  lua_pushcfunction(L, keep_raising);
  lua_pushvalue(L, index);
  int32_t kept = lua_pcall(L, 1, 1, 0) == LUA_OK ? (int32_t)lua_tointeger(L, -1) : 0;
  lua_pop(L, 1);
  return kept;
}

/* luaL_unref only writes to fields that exist, and does not raise for a reference of ours. */
void pvl_forget(pvl_host *host, int32_t kept) {
  if (kept > 0 && host->L) luaL_unref(host->L, LUA_REGISTRYINDEX, kept);
}

/* Above every frame, so that no trampoline below takes it for a reply that was jumped over. */
static const void *const whole_stack = (const void *)UINTPTR_MAX;

pvl_reply *pvl_arguments_begin(lua_State *L) {
  pvl_host *host = host_of(L);
  pvl_reply *reply = pvl_allocate(host, NULL, 0, sizeof *reply);
  if (reply) pvl_reply_init(reply, host, whole_stack);
  return reply;
}

/* Stack: function, light userdata reply. Replaces itself by a call with the reply's values. */
static int call_with_reply_raising(lua_State *L) {
  pvl_reply *reply = lua_touserdata(L, 2);
  lua_settop(L, 1);
  int count = pvl_play_raising(L, reply);
  lua_call(L, count, LUA_MULTRET);
  return lua_gettop(L);
}

pvl_status pvl_call_at(lua_State *L, int32_t index, pvl_reply *arguments, int32_t results) {
  pvl_host *host = host_of(L);
  index = lua_absindex(L, index);
  if (!arguments || !lua_checkstack(L, LUA_MINSTACK + results)) {
    lua_pushnil(L);   /* the bridge reserves a slot for it */
    if (arguments) pvl_free(host, arguments, sizeof *arguments);
    return PVL_MEMORY;
  }
  lua_pushcfunction(L, call_with_reply_raising);
  lua_pushvalue(L, index);
  lua_pushlightuserdata(L, arguments);
  int status = lua_pcall(L, 2, results, 0);
  if (arguments->parcel) pvl_drop_parcel(arguments->parcel);
  pvl_free(host, arguments, sizeof *arguments);
  pvl_status answer = status_of(host, status);
  if (status == LUA_OK && answer != PVL_OK) {   /* Ctrl-C came with the last instruction */
    lua_pop(L, results);
    lua_pushnil(L);
  }
  return answer;
}

pvl_status pvl_call_kept(lua_State *L, int32_t kept, pvl_reply *arguments, int32_t results) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, kept);
  pvl_status status = pvl_call_at(L, -1, arguments, results);
  lua_remove(L, status == PVL_OK ? -(results + 1) : -2);
  return status;
}

/* --- the text of an error value left by a callback ------------------------------------------- */

static int describe_raising(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  return 1;
}

void pvl_describe_error(lua_State *L) {
  lua_pushcfunction(L, describe_raising);
  lua_insert(L, -2);
  lua_pcall(L, 1, 1, 0);
  keep_error(L);
}
