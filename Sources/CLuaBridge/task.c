/* Tasks: coroutines that Swift resumes, so that one function can wait while others go on. */
#include "reply.h"

/* Stack: the function and its arguments, or nothing. Leaves the reference of a coroutine that has
   them. */
static int begin_raising(lua_State *L) {
  int count = lua_gettop(L);
  lua_State *co = lua_newthread(L);
  if (!lua_checkstack(co, count)) return luaL_error(L, "not enough memory");
  lua_insert(L, 1);
  lua_xmove(L, co, count);
  lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
  return 1;
}

int32_t pvl_task_begin(lua_State *L, int32_t index) {
  int top = lua_gettop(L), count = index > 0 ? top - index + 1 : 0;
  if (!lua_checkstack(L, count + LUA_MINSTACK)) return 0;
  lua_pushcfunction(L, begin_raising);
  for (int place = top - count + 1; place <= top; place++) lua_pushvalue(L, place);
  int32_t kept = lua_pcall(L, count, 1, 0) == LUA_OK ? (int32_t)lua_tointeger(L, -1) : 0;
  lua_pop(L, 1);
  return kept;
}

/* Stack: leaves the task, or what debug.getregistry has put in its place, and answers NULL. */
static lua_State *push_task(lua_State *L, int32_t task) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, task);
  return lua_tothread(L, -1);
}

/* Stack: task, function, light userdata reply. */
static int load_raising(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  pvl_reply *reply = lua_touserdata(L, 3);
  lua_settop(L, 2);
  int count = pvl_play_raising(L, reply);
  if (!co || !lua_checkstack(co, count + 1)) return luaL_error(L, "not enough memory");
  lua_xmove(L, co, count + 1);
  return 0;
}

bool pvl_task_load(lua_State *L, int32_t task, int32_t function, pvl_reply *arguments) {
  if (!arguments) return false;
  int status = LUA_ERRMEM;
  if (lua_checkstack(L, LUA_MINSTACK)) {
    lua_pushcfunction(L, load_raising);
    push_task(L, task);
    lua_rawgeti(L, LUA_REGISTRYINDEX, function);
    lua_pushlightuserdata(L, arguments);
    status = lua_pcall(L, 3, 0, 0);
    if (status != LUA_OK) lua_pop(L, 1);
  }
  if (arguments->parcel) pvl_drop_parcel(arguments->parcel);
  pvl_free(host_of(L), arguments, sizeof *arguments);
  return status == LUA_OK;
}

/* Stack: task, error value. Leaves the error value; a text gets the traceback of the task. */
static int explain_raising(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) luaL_traceback(L, lua_tothread(L, 1), lua_tostring(L, 2), 0);
  return 1;
}

/* Stack: takes the task from the top, leaves the error value that lies on the task's stack. */
static pvl_task_state fail(lua_State *L, lua_State *co) {
  lua_xmove(co, L, 1);
  lua_pushcfunction(L, explain_raising);
  lua_pushvalue(L, -3);
  lua_pushvalue(L, -3);
  lua_pcall(L, 2, 1, 0);   /* without memory the error is that */
  pvl_reset(L, co);
  lua_settop(co, 0);
  lua_replace(L, -3);
  lua_pop(L, 1);
  return PVL_TASK_FAILED;
}

/* The task's place holds nothing of ours. */
static pvl_task_state lose(lua_State *L) {
  lua_pop(L, 1);
  lua_pushnil(L);
  return PVL_TASK_FAILED;
}

/* How many arguments a coroutine is resumed with; -1: it has nothing to do, since the script resumed it
   itself. What it yielded is gone. */
static int waiting_arguments(lua_State *co) {
  return lua_status(co) == LUA_YIELD ? 0 : lua_gettop(co) - 1;
}

pvl_task_state pvl_task_resume(lua_State *L, int32_t task) {
  pvl_host *host = host_of(L);
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    lua_pushnil(L);   /* the bridge reserves a slot for it */
    return PVL_TASK_FAILED;
  }
  lua_State *co = push_task(L, task), *outer = host->task;
  if (!co) return lose(L);
  int arguments = waiting_arguments(co), results = 0, status = LUA_OK;
  if (arguments >= 0) {
    host->task = co;
    status = pvl_resume(L, co, arguments, &results);
    host->task = outer;
  }
  if (status != LUA_OK && status != LUA_YIELD) return fail(L, co);
  lua_pop(co, results);
  lua_pop(L, 1);
  return status == LUA_YIELD ? PVL_TASK_WAITS : PVL_TASK_ENDED;
}

pvl_task_state pvl_task_close(lua_State *L, int32_t task) {
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    lua_pushnil(L);   /* the bridge reserves a slot for it */
    return PVL_TASK_FAILED;
  }
  lua_State *co = push_task(L, task);
  if (!co) return lose(L);
  if (pvl_running_status(L, co)) {
    lua_pop(L, 1);
    return PVL_TASK_WAITS;
  }
  if (pvl_reset(L, co) != LUA_OK) return fail(L, co);
  lua_settop(co, 0);
  lua_pop(L, 1);
  return PVL_TASK_ENDED;
}

bool pvl_may_wait(lua_State *L) { return host_of(L)->task == L && lua_isyieldable(L); }
