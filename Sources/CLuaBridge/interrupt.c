/* Ctrl-C without a standing hook. The signal handler sets a flag and a one-shot hook on the
   coroutine that runs; the flag is sticky, so the hook raises again behind every pcall until the
   outermost run has returned. A standing count hook would double the time of every loop. */
#include "host.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static atomic_bool interrupted;
static pvl_host *_Atomic listening;
static struct sigaction former;

bool pvl_is_interrupted(void) {
  return atomic_load_explicit(&interrupted, memory_order_relaxed);
}

static void stop(lua_State *L, lua_Debug *where) {
  (void)where;
  if (pvl_is_interrupted()) luaL_error(L, "interrupted!");
  lua_sethook(L, NULL, 0, 0);   /* a coroutine that yielded before its hook came to fire */
}

static void set_hook(lua_State *L) {
  lua_sethook(L, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* lua_sethook is made for being called from a signal handler (manual, lua_sethook). */
void pvl_interrupt(void) {
  pvl_host *host = atomic_load(&listening);
  atomic_store(&interrupted, true);
  if (host) set_hook(host->running);
}

static void on_signal(int number) {
  (void)number;
  pvl_interrupt();
}

/* SA_RESETHAND: the second Ctrl-C meets the default action and always ends the program. No
   SA_RESTART: a sleeping call must come back to be told. */
void pvl_interrupt_begin(pvl_host *host) {
  if (host->run_depth++ > 0) return;
  atomic_store(&interrupted, false);
  atomic_store(&listening, host);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, NULL, &former);
  if (former.sa_handler != SIG_IGN) sigaction(SIGINT, &action, NULL);
}

void pvl_interrupt_end(pvl_host *host) {
  if (--host->run_depth > 0) return;
  sigaction(SIGINT, &former, NULL);
  atomic_store(&listening, (pvl_host *)NULL);
  atomic_store(&interrupted, false);
  host->running = host->L;
  if (lua_gethook(host->L) == stop) lua_sethook(host->L, NULL, 0, 0);
}

void pvl_arm_if_interrupted(lua_State *L) {
  if (pvl_is_interrupted()) set_hook(L);
}

void pvl_raise_if_interrupted(lua_State *L) {
  if (pvl_is_interrupted() && host_of(L)->run_depth > 0) luaL_error(L, "interrupted!");
}
