/* Swift calls Lua: always under lua_pcall, so that an error stops here and never meets a Swift
   frame. */
#include "host.h"

#include <string.h>

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
void pvl_keep_error(lua_State *L) {
  pvl_host *host = host_of(L);
  size_t count = 0;
  const char *text = pvl_bytes_at(L, -1, &count);
  static const char unknown[] = "(error object is no text)";
  pvl_store_error(host, text ? text : unknown, text ? count : sizeof unknown - 1);
  lua_pop(L, 1);
}

pvl_status pvl_status_of(const pvl_host *host, int status) {
  if (host->interrupted) return host->over_time ? PVL_ERROR : PVL_INTERRUPTED;
  switch (status) {
    case LUA_OK: return PVL_OK;
    case LUA_ERRSYNTAX: return PVL_SYNTAX;
    case LUA_ERRMEM: return PVL_MEMORY;
    default: return PVL_ERROR;
  }
}

/* Ctrl-C came with the last instruction: no error tells of it. */
void pvl_keep_interruption(pvl_host *host) {
  const char *text = pvl_interruption_text(host);
  pvl_store_error(host, text, strlen(text));
}

/* Runs `body` with one light userdata under the message handler. Stack: as it was. */
pvl_status pvl_run_protected(pvl_host *host, lua_CFunction body, void *argument) {
  lua_State *L = host->L;
  if (!lua_checkstack(L, LUA_MINSTACK)) return PVL_MEMORY;
  int base = lua_gettop(L);
  lua_pushcfunction(L, pvl_message_handler);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, argument);
  int status = lua_pcall(L, 1, 0, base + 1);
  pvl_status answer = pvl_status_of(host, status);
  if (status != LUA_OK) pvl_keep_error(L);
  lua_settop(L, base);
  pvl_reap_parcels(host, __builtin_frame_address(0));
  return answer;
}
