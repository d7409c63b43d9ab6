#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "unicode.h"

int sandbox_innermost_line(lua_State *L, lua_Debug *activation) {
  for (int level = 0; lua_getstack(L, level, activation); level++) {
    lua_getinfo(L, "Sl", activation);
    if (activation->currentline > 0) return activation->currentline;
  }
  return 0;
}

// One character as it may stand in a message: itself, or an escape where it could forge a line or reverse the text.
static int shown(char *out, size_t size, const char *text, int count) {
  if (count > 0) {
    uint32_t scalar = sandbox_scalar(text, count);
    if (!sandbox_is_unsafe(scalar)) return snprintf(out, size, "%.*s", count, text);
    if (scalar == '\n') return snprintf(out, size, "\\n");
    if (scalar == '\t') return snprintf(out, size, "\\t");
    if (scalar > 0xFF) return snprintf(out, size, "\\u{%X}", (unsigned)scalar);
  }
  return snprintf(out, size, "\\x%02X", (unsigned char)*text);
}

void sandbox_report_text(sandbox_report *report, const char *text, size_t length) {
  size_t used = 0;
  size_t at = 0;
  while (at < length) {
    char piece[16];
    int count = sandbox_character_length(text + at, length - at);
    int size = shown(piece, sizeof piece, text + at, count);
    if (used + (size_t)size >= SANDBOX_MESSAGE_SIZE) break;
    memcpy(report->message + used, piece, (size_t)size);
    used += (size_t)size;
    at += count > 0 ? (size_t)count : 1;
  }
  report->message[used] = '\0';
}

static void report_line(sandbox_report *report, sandbox_verdict verdict, int line, const char *text) {
  report->verdict = verdict;
  report->line = line;
  sandbox_report_text(report, text, strlen(text));
}

void sandbox_report_limit(sandbox_core *core, sandbox_verdict verdict, int line) {
  const sandbox_limits *limits = &core->open.limits;
  char text[SANDBOX_MESSAGE_SIZE];
  switch (verdict) {
  case SANDBOX_STEPS:
    snprintf(text, sizeof text, "used more than its %lld steps; do less work per call", (long long)core->steps_limit);
    break;
  case SANDBOX_CPU:
    snprintf(text, sizeof text, "used more than %lld ms of processor time", (long long)(core->cpu_limit / 1000000));
    break;
  default:
    snprintf(text, sizeof text, "ran out of memory: at most %zu bytes in all and %zu in one piece are allowed",
             limits->memory_bytes, limits->block_bytes);
  }
  report_line(&core->open.report, verdict, line, text);
}

// Lua puts "chunk:line: " before its own messages; the report has the line in a field.
static size_t prefix_length(const char *text, const lua_Debug *activation, int line) {
  char prefix[LUA_IDSIZE + 16];
  if (line <= 0) return 0;
  int length = snprintf(prefix, sizeof prefix, "%s:%d: ", activation->short_src, line);
  return strncmp(text, prefix, (size_t)length) == 0 ? (size_t)length : 0;
}

// Runs where the error was raised, while the stack still stands. It only reads, and so cannot fail itself.
int sandbox_message_handler(lua_State *L) {
  sandbox_core *core = sandbox_core_of(L);
  if (core->trip != SANDBOX_OK) return 1;
  sandbox_report *report = &core->open.report;
  lua_Debug activation;
  int line = sandbox_innermost_line(L, &activation);
  if (core->pending == SANDBOX_RAISED) {
    report_line(report, SANDBOX_RAISED, line, core->raised_text);
    return 1;
  }
  report->verdict = core->pending == SANDBOX_OK ? SANDBOX_FAULT : core->pending;
  report->line = line;
  if (lua_type(L, 1) == LUA_TSTRING) {
    size_t length;
    const char *text = lua_tolstring(L, 1, &length);
    size_t skip = prefix_length(text, &activation, line);
    sandbox_report_text(report, text + skip, length - skip);
  } else {
    sandbox_report_text(report, "failed", 6);
  }
  return 1;
}

// A name computed at run time may be a span's value, which no report may show; one that stands in the text may.
const char *sandbox_name_in_source(lua_State *L, int index) {
  sandbox_core *core = sandbox_core_of(L);
  if (lua_type(L, index) != LUA_TSTRING || core->source == NULL) return NULL;
  size_t length;
  const char *name = lua_tolstring(L, index, &length);
  if (length == 0 || length > 64 || strlen(name) != length) return NULL;
  sandbox_charge(L, (lua_Integer)(core->source_length / 64));
  return memmem(core->source, core->source_length, name, length) != NULL ? name : NULL;
}

int sandbox_refuse(lua_State *L, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  lua_pushvfstring(L, format, arguments);
  va_end(arguments);
  sandbox_core_of(L)->pending = SANDBOX_REFUSED;
  return lua_error(L);
}

int sandbox_fault(lua_State *L, const char *format, ...) {
  va_list arguments;
  luaL_where(L, 1);
  va_start(arguments, format);
  lua_pushvfstring(L, format, arguments);
  va_end(arguments);
  lua_concat(L, 2);
  sandbox_core_of(L)->pending = SANDBOX_OK;
  return lua_error(L);
}

const char *sandbox_message(const sandbox *box) { return box->report.message; }
