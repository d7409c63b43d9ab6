#define _GNU_SOURCE
#include <time.h>

#include "internal.h"

// Steps between two looks at the thread's clock, a system call.
enum { CPU_STRIDE = 16384, CPU_SCALE_LIMIT = 20 };

static int64_t thread_nanoseconds(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) return 0;
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

void sandbox_arm(sandbox_core *core, int64_t steps) {
  sandbox *box = &core->open;
  core->steps_limit = steps;
  core->next_look = smaller(CPU_STRIDE, steps + 1);
  core->cpu_start = -1;
  core->cpu_limit = box->limits.cpu_nanoseconds;
  if (steps > box->limits.call_steps) {
    core->cpu_limit *= smaller(steps / box->limits.call_steps, CPU_SCALE_LIMIT);
  }
  core->trip = SANDBOX_OK;
  core->pending = SANDBOX_OK;
  core->running = true;
  box->steps_used = 0;
  box->report.verdict = SANDBOX_OK;
  box->report.line = 0;
  box->report.message[0] = '\0';
  sandbox_reset_weight(core);
  // Also restarts the count, so that the first tick comes after the same instruction in every call.
  if (SANDBOX_LIKELY(core->noted_lines == NULL)) {
    lua_sethook(box->state, sandbox_tick, LUA_MASKCOUNT, SANDBOX_TICK);
  } else {
    lua_sethook(box->state, sandbox_tick_or_line, LUA_MASKCOUNT | LUA_MASKLINE, SANDBOX_TICK);
  }
}

// Two pushes at most: where a native has filled its stack, they go to the reserve Lua keeps for its own errors.
static void raise_trip(lua_State *L) {
  lua_pushlightuserdata(L, NULL);
  lua_error(L);
}

void sandbox_trip(lua_State *L, sandbox_verdict verdict) {
  sandbox_core *core = sandbox_core_of(L);
  if (core->trip == SANDBOX_OK) {
    lua_Debug activation;
    core->trip = verdict;
    core->next_look = INT64_MIN;
    sandbox_report_limit(core, verdict, sandbox_innermost_line(L, &activation));
    // Whatever still runs while the stack unwinds is stopped at its first instruction.
    lua_sethook(L, sandbox_tick, LUA_MASKCOUNT, 1);
  }
  raise_trip(L);
}

void sandbox_look(lua_State *L) {
  sandbox_core *core = sandbox_core_of(L);
  if (core->trip != SANDBOX_OK) raise_trip(L);
  // The state's own set-up and a close run without a budget.
  if (!core->running) return;
  int64_t used = core->open.steps_used;
  if (used > core->steps_limit) sandbox_trip(L, SANDBOX_STEPS);
  int64_t now = thread_nanoseconds();
  if (core->cpu_start < 0) {
    core->cpu_start = now;
  } else if (now - core->cpu_start > core->cpu_limit) {
    sandbox_trip(L, SANDBOX_CPU);
  }
  core->next_look = smaller(used + CPU_STRIDE, core->steps_limit + 1);
}

void sandbox_tick(lua_State *L, lua_Debug *activation) {
  (void)activation;
  sandbox_core *core = sandbox_core_of(L);
  core->open.steps_used += SANDBOX_TICK * core->weight;
  if (!SANDBOX_LIKELY(core->open.steps_used < core->next_look)) sandbox_look(L);
}

void sandbox_charge(lua_State *L, lua_Integer steps) {
  sandbox_core *core = sandbox_core_of(L);
  // A count of elements may be anything a script can write; the sum must not wrap.
  int64_t most = INT64_MAX / 4;
  core->open.steps_used += smaller(steps, most);
  if (core->open.steps_used > most) core->open.steps_used = most;
  if (!SANDBOX_LIKELY(core->open.steps_used < core->next_look)) sandbox_look(L);
}
