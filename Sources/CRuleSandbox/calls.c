#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static bool admitted(sandbox_core *core) {
  if (core->running) return false;
  if (core->spent) {
    static const char text[] = "the state ran out of memory before and has ended";
    core->open.report.verdict = SANDBOX_MEMORY;
    core->open.report.line = 0;
    sandbox_report_text(&core->open.report, text, sizeof text - 1);
    return false;
  }
  return true;
}

static sandbox_verdict refusal(const sandbox_core *core) {
  return core->running ? SANDBOX_REFUSED : SANDBOX_MEMORY;
}

static sandbox_verdict settle(sandbox_core *core, int status) {
  sandbox_report *report = &core->open.report;
  core->running = false;
  if (status == LUA_ERRMEM && core->trip != SANDBOX_MEMORY) {
    core->trip = SANDBOX_MEMORY;
    sandbox_report_limit(core, SANDBOX_MEMORY, 0);
  }
  // What the allocator charged after the last look counts all the same.
  if (core->trip == SANDBOX_OK && core->open.steps_used > core->steps_limit) {
    core->trip = SANDBOX_STEPS;
    sandbox_report_limit(core, SANDBOX_STEPS, report->line);
  }
  if (core->trip == SANDBOX_MEMORY) core->spent = true;
  // What was charged beyond the limit was not done, and a rule can make it any number.
  if (core->open.steps_used > core->steps_limit) core->open.steps_used = core->steps_limit;
  lua_settop(core->open.state, SANDBOX_KEPT);
  sandbox_restore_upvalues(core);
  if (core->trip != SANDBOX_OK) return core->trip;
  if (status == LUA_OK) return SANDBOX_OK;
  if (report->verdict == SANDBOX_OK || status == LUA_ERRERR) {
    static const char text[] = "calls are nested too deeply";
    report->verdict = SANDBOX_FAULT;
    sandbox_report_text(report, text, sizeof text - 1);
  }
  return report->verdict;
}

// Large blocks make instructions dear. Those that an earlier call has left would make them dear for this one, and its
// steps depend on what span came before. What outlives a collection between two calls is the rule's own.
static void collect_large(sandbox_core *core) {
  lua_gc(core->open.state, LUA_GCCOLLECT);
  core->large_kept = core->large_count;
}

static inline sandbox_verdict call_hook(sandbox *box, int function_ref, int argument_ref, int64_t step_limit) {
  sandbox_core *core = (sandbox_core *)box;
  lua_State *L = box->state;
  if (!SANDBOX_LIKELY(!core->running && !core->spent) && !admitted(core)) return refusal(core);
  if (!SANDBOX_LIKELY(core->large_count <= core->large_kept)) collect_large(core);
  sandbox_arm(core, step_limit);
  lua_rawgeti(L, LUA_REGISTRYINDEX, function_ref);
  lua_rawgeti(L, LUA_REGISTRYINDEX, argument_ref);
  int status = lua_pcall(L, 1, 0, SANDBOX_HANDLER);
  if (!SANDBOX_LIKELY(status == LUA_OK && box->steps_used <= core->steps_limit)) return settle(core, status);
  core->running = false;
  if (core->kept_count != 0) sandbox_restore_upvalues(core);
  return SANDBOX_OK;
}

sandbox_verdict sandbox_call_hook(sandbox *box, int function_ref, int argument_ref) {
  return call_hook(box, function_ref, argument_ref, box->limits.call_steps);
}

sandbox_verdict sandbox_call_hook_within(sandbox *box, int function_ref, int argument_ref, int64_t step_limit) {
  return call_hook(box, function_ref, argument_ref, step_limit);
}

sandbox_verdict sandbox_protect(sandbox *box, lua_CFunction body, void *argument, int64_t step_limit) {
  sandbox_core *core = (sandbox_core *)box;
  lua_State *L = box->state;
  if (!admitted(core)) return refusal(core);
  sandbox_arm(core, step_limit > 0 ? step_limit : box->limits.call_steps);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, argument);
  return settle(core, lua_pcall(L, 1, 0, SANDBOX_HANDLER));
}

typedef struct load_request {
  const char *text;
  size_t length;
  const char *chunk_name;
  int reference;
  int line;
  bool failed;
  char message[SANDBOX_MESSAGE_SIZE];
} load_request;

// Lua's message is "chunk:line: problem"; how it writes the chunk's name only an activation tells.
static void note_syntax_error(lua_State *L, load_request *request, const char *short_name) {
  const char *message = lua_tostring(L, -1);
  request->failed = true;
  if (message == NULL) message = "the text can not be compiled";
  size_t name_length = strlen(short_name);
  if (strncmp(message, short_name, name_length) == 0 && message[name_length] == ':') {
    char *end;
    long line = strtol(message + name_length + 1, &end, 10);
    if (end[0] == ':' && end[1] == ' ') {
      request->line = (int)line;
      message = end + 2;
    }
  }
  if (request->line == 0 && strstr(message, "overflow") != NULL) {
    message = "expressions or blocks are nested too deeply";
  }
  strncpy(request->message, message, sizeof request->message - 1);
}

static int load_body(lua_State *L) {
  load_request *request = lua_touserdata(L, 1);
  sandbox_core *core = sandbox_core_of(L);
  lua_Debug activation;
  sandbox_charge(L, (lua_Integer)(request->length / 4));
  if (luaL_loadbufferx(L, "", 0, request->chunk_name, "t") != LUA_OK) return lua_error(L);
  lua_getinfo(L, ">S", &activation);
  int status = luaL_loadbufferx(L, request->text, request->length, request->chunk_name, "t");
  if (status == LUA_ERRMEM) sandbox_trip(L, SANDBOX_MEMORY);
  if (status != LUA_OK) {
    core->pending = SANDBOX_OK;
    note_syntax_error(L, request, activation.short_src);
    return 0;
  }
  sandbox_push_environment(L);
  lua_setupvalue(L, -2, 1);
  request->reference = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

// Keeps the text for sandbox_name_in_source, and sets the price of a caught error: to name the value it is about, Lua
// walks the function's code once for each index before it, which takes 0.5 s for one chain that fills 64 KiB.
static bool note_source(sandbox_core *core, const char *text, size_t length) {
  char *joined = realloc(core->source, core->source_length + length + 1);
  if (joined == NULL) return false;
  memcpy(joined + core->source_length, text, length);
  joined[core->source_length + length] = '\n';
  core->source = joined;
  core->source_length += length + 1;
  int64_t steps = (int64_t)(length * length / 32768);
  if (steps > core->error_steps) core->error_steps = steps;
  return true;
}

sandbox_verdict sandbox_load(sandbox *box, const char *text, size_t length, const char *chunk_name, int *function_ref) {
  sandbox_core *core = (sandbox_core *)box;
  sandbox_report *report = &box->report;
  if (!admitted(core)) return refusal(core);
  load_request request = {.text = text, .length = length, .chunk_name = chunk_name, .reference = LUA_NOREF};
  *function_ref = LUA_NOREF;
  const char *problem = sandbox_check_source(text, length, &request.line);
  if (problem == NULL) {
    if (!note_source(core, text, length)) problem = "there is no memory to load the file";
  }
  if (problem == NULL) {
    sandbox_verdict verdict = sandbox_protect(box, load_body, &request, box->limits.load_steps);
    if (verdict != SANDBOX_OK) return verdict;
    if (!request.failed) {
      *function_ref = request.reference;
      return SANDBOX_OK;
    }
    problem = request.message;
  }
  report->verdict = SANDBOX_SYNTAX;
  report->line = request.line;
  sandbox_report_text(report, problem, strlen(problem));
  return SANDBOX_SYNTAX;
}
