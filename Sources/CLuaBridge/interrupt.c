/* Ctrl-C without a standing hook. The signal handler sets a flag and a one-shot hook on the
   coroutine that runs; the flag is sticky, so the hook raises again behind every pcall until the
   outermost run has returned. A standing count hook would double the time of every loop. */
#include "host.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

/* The run that Ctrl-C stops: the first to begin of those that several threads may have under way. */
static pvl_host *_Atomic listening;
/* Whether that run was interrupted, for the threads that work for it. */
static atomic_bool interrupted;
static struct sigaction former;
/* The host that runs on this thread. */
static _Thread_local pvl_host *here;

bool pvl_is_interrupted(void) {
  return atomic_load_explicit(here ? &here->interrupted : &interrupted, memory_order_relaxed);
}

const char *pvl_interruption_text(const pvl_host *host) {
  return host->over_time ? "time limit reached: the script used up its processor time "
                           "(pvmlua --time-limit SECONDS sets another)"
                         : "interrupted!";
}

static void stop(lua_State *L, lua_Debug *where) {
  (void)where;
  if (host_of(L)->interrupted) luaL_error(L, "%s", pvl_interruption_text(host_of(L)));
  lua_sethook(L, NULL, 0, 0);   /* a coroutine that yielded before its hook came to fire */
}

/* lua_sethook is made for being called from a signal handler (manual, lua_sethook), which has to run
   on the thread that runs Lua. */
static void set_hook(lua_State *L) {
  lua_sethook(L, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* SIGURG is ignored by default, so one that comes too late harms nobody. */
enum { WAKE = SIGURG };

static void on_wake(int number) {
  (void)number;
  if (here && here->interrupted) set_hook(here->running);
}

/* No SA_RESTART: a sleeping call must come back to be told. */
static void wake(pthread_t thread) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_wake;
  sigemptyset(&action.sa_mask);
  sigaction(WAKE, &action, NULL);
  pthread_kill(thread, WAKE);
}

void pvl_interrupt_host(pvl_host *host) {
  if (host->run_depth == 0) return;
  atomic_store(&host->interrupted, true);
  if (host == atomic_load(&listening)) atomic_store(&interrupted, true);
  if (pthread_equal(pthread_self(), host->thread)) set_hook(host->running);
  else wake(host->thread);
}

void pvl_interrupt(void) {
  pvl_host *host = atomic_load(&listening);
  if (host) pvl_interrupt_host(host);
}

/* What the second Ctrl-C meets instead of the default action. */
static void (*_Atomic last_resort)(int);

void pvl_set_last_resort(void (*handler)(int)) { atomic_store(&last_resort, handler); }

static void on_signal(int number) {
  pvl_interrupt();
  void (*handler)(int) = atomic_load(&last_resort);
  if (!handler) return;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

/* SA_RESETHAND: the second Ctrl-C meets the default action, or the last resort, and the next one the
   default action: it always ends the program. No SA_RESTART, as above. */
static void listen(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, NULL, &former);
  if (former.sa_handler != SIG_IGN) sigaction(SIGINT, &action, NULL);
}

static bool (*early)(void);

void pvl_set_early_interrupt(bool (*take)(void)) { early = take; }

/* Threads of a pool come with every signal blocked. */
static void let_wake(bool is_let) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, WAKE);
  pthread_sigmask(is_let ? SIG_UNBLOCK : SIG_BLOCK, &signals, NULL);
}

static bool is_wake_blocked(void) {
  sigset_t blocked;
  pthread_sigmask(SIG_BLOCK, NULL, &blocked);
  return sigismember(&blocked, WAKE) == 1;
}

void pvl_interrupt_begin(pvl_host *host) {
  if (host->run_depth > 0) {
    host->run_depth += 1;
    return;
  }
  atomic_store(&host->interrupted, false);
  host->thread = pthread_self();
  host->outer = here;
  here = host;
  host->wake_was_blocked = is_wake_blocked();
  if (host->wake_was_blocked) let_wake(true);
  host->run_depth = 1;
  if (host->over_time) pvl_interrupt_host(host);
  pvl_host *nobody = NULL;
  if (!atomic_compare_exchange_strong(&listening, &nobody, host)) return;
  atomic_store(&interrupted, host->interrupted);
  listen();
  if (early && early()) pvl_interrupt_host(host);
}

void pvl_interrupt_end(pvl_host *host) {
  if (host->run_depth > 1) {
    host->run_depth -= 1;
    return;
  }
  if (atomic_load(&listening) == host) {
    sigaction(SIGINT, &former, NULL);
    atomic_store(&interrupted, false);
    atomic_store(&listening, (pvl_host *)NULL);
  }
  host->run_depth = 0;
  atomic_store(&host->interrupted, false);
  if (host->wake_was_blocked) let_wake(false);
  here = host->outer;
  host->running = host->L;
  if (lua_gethook(host->L) == stop) lua_sethook(host->L, NULL, 0, 0);
}

bool pvl_is_running_here(const pvl_host *host) {
  return host->run_depth > 0 && pthread_equal(pthread_self(), host->thread);
}

void pvl_forgive_interrupt(pvl_host *host) {
  if (!host->interrupted || host->over_time) return;
  atomic_store(&host->interrupted, false);
  if (host != atomic_load(&listening)) return;
  atomic_store(&interrupted, false);
  sigaction(SIGINT, &former, NULL);
  listen();
}

void pvl_arm_if_interrupted(lua_State *L) {
  if (host_of(L)->interrupted) set_hook(L);
}

void pvl_raise_if_interrupted(lua_State *L) {
  pvl_host *host = host_of(L);
  if (host->interrupted && host->run_depth > 0)
    luaL_error(L, "%s", pvl_interruption_text(host));
}

/* Upvalue: the stock debug.sethook, called in this very frame so that hooks see no other one. A
   script's hook, or its removal, may have come just after ours. */
static int debug_sethook(lua_State *L) {
  int results = lua_tocfunction(L, lua_upvalueindex(1))(L);
  pvl_arm_if_interrupted(L);
  return results;
}

void pvl_install_sethook_raising(lua_State *L) {
  lua_getglobal(L, LUA_DBLIBNAME);
  lua_getfield(L, -1, "sethook");
  lua_pushcclosure(L, debug_sethook, 1);
  lua_setfield(L, -2, "sethook");
  lua_pop(L, 1);
}
