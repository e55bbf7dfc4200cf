/* coroutine.resume, wrap and close, written anew so that the host knows which coroutine runs and
   Ctrl-C reaches into it (manual, 6.2). */
#include "host.h"

int pvl_resume(lua_State *L, lua_State *co, int count, int *results) {
  pvl_host *host = host_of(L);
  lua_State *resumer = host->running;
  host->running = co;
  pvl_arm_if_interrupted(co);
  int status = lua_resume(co, L, count, results);
  host->running = resumer;
  pvl_arm_if_interrupted(L);
  return status;
}

/* Moves `count` arguments over and runs. Stack: leaves the results, or one error value and
   answers -1. */
static int resume_raising(lua_State *L, lua_State *co, int count) {
  if (!lua_checkstack(co, count)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, count);
  int results = 0;
  int status = pvl_resume(L, co, count, &results);
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(co, results);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(co, L, results);
  return results;
}

int pvl_reset(lua_State *L, lua_State *co) {
  pvl_host *host = host_of(L);
  lua_State *closer = host->running;
  host->running = co;
  pvl_arm_if_interrupted(co);
  int status = lua_resetthread(co);
  host->running = closer;
  pvl_arm_if_interrupted(L);
  return status;
}

static int coroutine_resume(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "thread");
  int results = resume_raising(L, co, lua_gettop(L) - 1);
  bool ok = results >= 0;
  lua_pushboolean(L, ok);
  if (!ok) results = 1;
  lua_insert(L, -(results + 1));
  return results + 1;
}

/* An error inside closes the coroutine's pending variables and goes on to the caller; a text gets
   the caller's position put before it. */
static int call_wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int results = resume_raising(L, co, lua_gettop(L));
  if (results >= 0) return results;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) {   /* it died inside, and was not dead before */
    lua_xmove(L, co, 1);
    status = pvl_reset(L, co);
    lua_xmove(co, L, 1);
  }
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

const char *pvl_running_status(lua_State *L, lua_State *co) {
  lua_Debug activation;
  if (L == co) return "running";
  return lua_status(co) == LUA_OK && lua_getstack(co, 0, &activation) ? "normal" : NULL;
}

static int coroutine_close(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "thread");
  const char *status = pvl_running_status(L, co);
  if (status) return luaL_error(L, "cannot close a %s coroutine", status);
  bool ok = pvl_reset(L, co) == LUA_OK;
  lua_pushboolean(L, ok);
  if (!ok) lua_xmove(co, L, 1);
  return ok ? 1 : 2;
}

static int coroutine_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}

void pvl_install_coroutines_raising(lua_State *L) {
  lua_getglobal(L, LUA_COLIBNAME);
  lua_pushcfunction(L, coroutine_resume);
  lua_setfield(L, -2, "resume");
  lua_pushcfunction(L, coroutine_wrap);
  lua_setfield(L, -2, "wrap");
  lua_pushcfunction(L, coroutine_close);
  lua_setfield(L, -2, "close");
  lua_pop(L, 1);
}
