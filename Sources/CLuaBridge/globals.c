/* What a host sets and asks among the globals. */
#include "host.h"

typedef struct {
  const char *global, *module;
  int32_t count, script, class_id, function;
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
  pvl_status status = pvl_run_protected(host, require_raising, &r);
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
  return pvl_run_protected(host, set_arguments_raising, &r);
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
  pvl_status status = pvl_run_protected(host, set_global_object_raising, &r);
  if (r.object) host->options.release(r.object);
  return status;
}

static int set_global_function_raising(lua_State *L) {
  const global_request *r = lua_touserdata(L, 1);
  lua_pushinteger(L, r->function);
  lua_pushstring(L, r->global);
  lua_pushboolean(L, false);   /* no method */
  lua_pushcclosure(L, pvl_trampoline, 3);
  lua_setglobal(L, r->global);
  return 0;
}

pvl_status pvl_set_global_function(pvl_host *host, const char *name, int32_t function) {
  global_request r = {.global = name, .function = function};
  return pvl_run_protected(host, set_global_function_raising, &r);
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
  if (pvl_run_protected(host, global_text_raising, &r) != PVL_OK) return false;
  *text = pvl_last_error(host);
  return true;
}

void pvl_set_warnings(pvl_host *host, bool on) {
  lua_warning(host->L, on ? "@on" : "@off", 0);
}
