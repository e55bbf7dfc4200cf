/* Loading a chunk, text only, and running it as the outermost run. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host.h"

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
  if (source->results_to > 0) lua_rawgeti(L, LUA_REGISTRYINDEX, source->results_to);
  else lua_getglobal(L, "print");
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
  pvl_keep_error(L);
  pvl_status answer = pvl_status_of(host_of(L), status);
  if (answer == PVL_INTERRUPTED) pvl_keep_interruption(host_of(L));
  else if (status == LUA_ERRSYNTAX && is_incomplete(host_of(L))) return PVL_INCOMPLETE;
  return answer;
}

/* Stack: takes the function from the top. */
static pvl_status call_chunk(lua_State *L, const pvl_source *source) {
  int function = lua_gettop(L);
  lua_pushcfunction(L, pvl_message_handler);
  lua_pushcfunction(L, call_chunk_raising);
  lua_pushvalue(L, function);
  lua_pushlightuserdata(L, (void *)source);
  int status = lua_pcall(L, 2, 0, function + 1);
  pvl_status answer = pvl_status_of(host_of(L), status);
  if (status != LUA_OK) pvl_keep_error(L);
  else if (answer != PVL_OK) pvl_keep_interruption(host_of(L));
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
