#define _GNU_SOURCE
#include <locale.h>
#include <stdlib.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#include "internal.h"

static sandbox_limits with_defaults(const sandbox_limits *given) {
  sandbox_limits limits = {0};
  if (given != NULL) limits = *given;
  if (limits.memory_bytes == 0) limits.memory_bytes = 4 << 20;
  if (limits.block_bytes == 0) limits.block_bytes = 1 << 20;
  if (limits.load_steps <= 0) limits.load_steps = 10000000;
  if (limits.call_steps <= 0) limits.call_steps = 100000;
  if (limits.cpu_nanoseconds <= 0) limits.cpu_nanoseconds = 100000000;
  return limits;
}

static int open_libraries(lua_State *L) {
  sandbox_open_kept(L);
  sandbox_open_environment(L);
  sandbox_open_base(L);
  sandbox_open_string(L);
  sandbox_open_table(L);
  sandbox_open_math(L);
  sandbox_open_utf8(L);
  return 0;
}

sandbox *sandbox_open(const sandbox_limits *limits, void *host) {
  sandbox_core *core = calloc(1, sizeof *core);
  if (core == NULL) return NULL;
  sandbox *box = &core->open;
  box->limits = with_defaults(limits);
  box->host = host;
  core->weight = 1;
  core->next_look = INT64_MAX;
  lua_State *L = lua_newstate(sandbox_allocate, core);
  if (L == NULL) {
    free(core);
    return NULL;
  }
  box->state = L;
  *(sandbox **)lua_getextraspace(L) = box;
  // Their places are SANDBOX_HANDLER and SANDBOX_KEPT; the second is filled once the table is made.
  lua_pushcfunction(L, sandbox_message_handler);
  lua_pushnil(L);
  if (sandbox_protect(box, open_libraries, NULL, box->limits.load_steps) != SANDBOX_OK) {
    sandbox_close(box);
    return NULL;
  }
  sandbox_push_kept(L);
  lua_replace(L, SANDBOX_KEPT);
  return box;
}

void sandbox_close(sandbox *box) {
  if (box == NULL) return;
  sandbox_core *core = (sandbox_core *)box;
  lua_close(box->state);
  free(core->kept_index);
  free(core->source);
  free(core);
}

bool sandbox_is_spent(const sandbox *box) { return ((const sandbox_core *)box)->spent; }

bool sandbox_prepare_thread(void) {
  // One for the process, kept for its life: threads may still use it when others end.
  static locale_t plain;
  locale_t known = __atomic_load_n(&plain, __ATOMIC_ACQUIRE);
  if (known == (locale_t)0) {
    locale_t made = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (made == (locale_t)0) return false;
    if (__atomic_compare_exchange_n(&plain, &known, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
      known = made;
    } else {
      freelocale(made);
    }
  }
  return uselocale(known) != (locale_t)0;
}
