// Compares the bounded library with Lua's own: random calls run in a sandbox and in a stock state, and must give the
// same results, or an error in both. The text of errors is not compared. From the root of the package:
//
//   cc -std=c11 -O1 -g $(pkg-config --cflags lua5.4) -ISources/CRuleSandbox/include Tests/CRuleSandboxCheck/*.c
//      Sources/CRuleSandbox/*.c $(pkg-config --libs lua5.4) -lm -o differential && ./differential
//
// Arguments: the number of calls (default 50000) and the seed (default 1).

#include <CRuleSandbox.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lualib.h>

#include "generator.h"

enum { OUTCOME_SIZE = 1 << 16, CALLS_PER_SANDBOX = 200 };

/// What a program gave: its results in writing, or that it failed.
typedef struct outcome {
  bool failed;
  size_t length;
  char text[OUTCOME_SIZE];
} outcome;

static void write_bytes(outcome *to, const char *bytes, size_t count) {
  if (count > OUTCOME_SIZE - to->length) count = OUTCOME_SIZE - to->length;
  memcpy(to->text + to->length, bytes, count);
  to->length += count;
}

static void write_value(outcome *to, lua_State *L, int index);

static void write_table(outcome *to, lua_State *L, int index) {
  lua_Integer length = (lua_Integer)lua_rawlen(L, index);
  write_bytes(to, "{", 1);
  for (lua_Integer i = 1; i <= length; i++) {
    lua_rawgeti(L, index, i);
    write_value(to, L, -1);
    lua_pop(L, 1);
  }
  write_bytes(to, "}", 1);
}

static void write_value(outcome *to, lua_State *L, int index) {
  char number[64];
  size_t length;
  const char *text = number;
  index = lua_absindex(L, index);
  switch (lua_type(L, index)) {
  case LUA_TNUMBER:
    if (lua_isinteger(L, index)) {
      length = (size_t)snprintf(number, sizeof number, "i%lld", (long long)lua_tointeger(L, index));
    } else if (isnan(lua_tonumber(L, index))) {
      length = (size_t)snprintf(number, sizeof number, "nan");
    } else {
      length = (size_t)snprintf(number, sizeof number, "f%a", lua_tonumber(L, index));
    }
    break;
  case LUA_TSTRING:
    length = (size_t)snprintf(number, sizeof number, "s%llu:", (unsigned long long)lua_rawlen(L, index));
    write_bytes(to, number, length);
    text = lua_tolstring(L, index, &length);
    break;
  case LUA_TTABLE:
    write_table(to, L, index);
    return;
  case LUA_TBOOLEAN:
    text = lua_toboolean(L, index) ? "true" : "false";
    length = strlen(text);
    break;
  default:
    text = luaL_typename(L, index);
    length = strlen(text);
  }
  write_bytes(to, text, length);
  write_bytes(to, ",", 1);
}

static void write_results(outcome *to, lua_State *L, int first) {
  int top = lua_gettop(L);
  for (int i = first; i <= top; i++) write_value(to, L, i);
}

typedef struct sandboxed_run {
  int function_ref;
  outcome *outcome;
} sandboxed_run;

static int run_body(lua_State *L) {
  sandboxed_run *run = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, run->function_ref);
  lua_call(L, 0, LUA_MULTRET);
  write_results(run->outcome, L, 2);
  return 0;
}

static void run_sandboxed(sandbox *box, const generator *program, outcome *to) {
  sandboxed_run run = {.outcome = to};
  to->length = 0;
  sandbox_verdict verdict = sandbox_load(box, program->text, program->length, "=generated", &run.function_ref);
  if (verdict == SANDBOX_OK) verdict = sandbox_protect(box, run_body, &run, box->limits.load_steps);
  to->failed = verdict != SANDBOX_OK;
  if (to->failed) to->length = 0;
  luaL_unref(box->state, LUA_REGISTRYINDEX, run.function_ref);
}

static void run_stock(lua_State *L, const generator *program, outcome *to) {
  to->length = 0;
  int status = luaL_loadbufferx(L, program->text, program->length, "=generated", "t");
  if (status == LUA_OK) status = lua_pcall(L, 0, LUA_MULTRET, 0);
  to->failed = status != LUA_OK;
  if (!to->failed) write_results(to, L, 1);
  lua_settop(L, 0);
}

static bool agree(const outcome *a, const outcome *b) {
  return a->failed == b->failed && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void print_outcome(const char *whose, const outcome *what) {
  printf("  %-8s ", whose);
  if (what->failed) {
    printf("an error\n");
  } else {
    printf("%.*s\n", (int)(what->length < 400 ? what->length : 400), what->text);
  }
}

int main(int count, char **arguments) {
  static outcome bounded, stock;
  static char text[1 << 14];
  long calls = count > 1 ? atol(arguments[1]) : 50000;
  generator program = {.state = count > 2 ? strtoull(arguments[2], NULL, 10) : 1, .text = text, .size = sizeof text};
  program.state = program.state * 0x9E3779B97F4A7C15u + 1;
  long differences = 0, failures = 0;
  lua_State *L = luaL_newstate();
  sandbox *box = NULL;
  if (L == NULL) return 2;
  luaL_openlibs(L);
  for (long i = 0; i < calls; i++) {
    // A sandbox keeps the text of what it loads.
    if (i % CALLS_PER_SANDBOX == 0) {
      sandbox_close(box);
      box = sandbox_open(NULL, NULL);
      if (box == NULL) return 2;
    }
    generate_program(&program);
    run_sandboxed(box, &program, &bounded);
    run_stock(L, &program, &stock);
    failures += stock.failed;
    if (agree(&bounded, &stock)) continue;
    if (++differences > 20) continue;
    printf("%s\n", program.text);
    print_outcome("sandbox:", &bounded);
    if (bounded.failed) printf("           %s\n", sandbox_message(box));
    print_outcome("stock:", &stock);
  }
  sandbox_close(box);
  lua_close(L);
  printf("%ld calls, %ld with an error in Lua, %ld differences\n", calls, failures, differences);
  return differences == 0 ? 0 : 1;
}
