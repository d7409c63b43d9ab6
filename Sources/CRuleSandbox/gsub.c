#include <string.h>

#include "pattern.h"

// The text that replaces a match, where it is a template with %0 to %9 and %%.
static void add_template(pattern_match *match, sandbox_text *text, const char *start, const char *end) {
  lua_State *L = match->L;
  size_t length;
  const char *template = lua_tolstring(L, 3, &length);
  match->work += 1 + (lua_Integer)(length / 8);
  for (size_t i = 0; i < length; i++) {
    const char *escape = memchr(template + i, '%', length - i);
    size_t plain = escape == NULL ? length - i : (size_t)(escape - template) - i;
    sandbox_text_add(text, template + i, plain);
    if (escape == NULL) return;
    i += plain + 1;
    char c = i < length ? template[i] : '\0';
    match->work++;
    if (c == '%') {
      sandbox_text_add(text, "%", 1);
    } else if (c == '0') {
      sandbox_text_add(text, start, (size_t)(end - start));
    } else if (c >= '1' && c <= '9') {
      sandbox_push_capture(match, c - '1', start, end);
      sandbox_text_add_value(text, -1);
      lua_pop(L, 1);
    } else {
      sandbox_fault(L, "string.gsub: a '%%' in the replacement must be followed by a digit or '%%'");
    }
  }
}

static void add_replacement(pattern_match *match, sandbox_text *text, const char *start, const char *end) {
  lua_State *L = match->L;
  switch (lua_type(L, 3)) {
  case LUA_TFUNCTION:
    lua_pushvalue(L, 3);
    lua_call(L, sandbox_push_captures(match, start, end), 1);
    break;
  case LUA_TTABLE:
    sandbox_push_capture(match, 0, start, end);
    lua_gettable(L, 3);
    break;
  default:
    add_template(match, text, start, end);
    return;
  }
  if (!lua_toboolean(L, -1)) {
    sandbox_text_add(text, start, (size_t)(end - start));
  } else if (lua_isstring(L, -1)) {
    sandbox_text_add_value(text, -1);
  } else {
    sandbox_fault(L, "string.gsub: a replacement must be a string or a number, is %s", luaL_typename(L, -1));
  }
  lua_pop(L, 1);
}

int sandbox_string_gsub(lua_State *L) {
  size_t length, size;
  const char *subject = sandbox_check_text(L, "string.gsub", 1, &length);
  const char *pattern = sandbox_check_text(L, "string.gsub", 2, &size);
  int kind = lua_type(L, 3);
  if (kind != LUA_TSTRING && kind != LUA_TNUMBER && kind != LUA_TTABLE && kind != LUA_TFUNCTION) {
    return sandbox_bad_argument(L, "string.gsub", 3, "a string, a table or a function");
  }
  lua_Integer most = sandbox_integer_or(L, "string.gsub", 4, (lua_Integer)length + 1);
  bool anchored = size > 0 && *pattern == '^';
  pattern_match match = sandbox_start_match(L, "string.gsub", subject, length, pattern + size);
  if (anchored) pattern++;
  sandbox_text text;
  lua_settop(L, 4);
  sandbox_text_start(&text, L, "string.gsub");
  const char *s = subject, *last_end = NULL;
  lua_Integer count = 0;
  while (count < most) {
    const char *end = sandbox_match_here(&match, s, pattern);
    if (end != NULL && end != last_end) {
      count++;
      add_replacement(&match, &text, s, end);
      s = last_end = end;
    } else if (s < match.subject_end) {
      sandbox_text_add(&text, s++, 1);
    } else {
      break;
    }
    if (anchored) break;
  }
  sandbox_match_settle(&match);
  if (count == 0) {
    lua_pushvalue(L, 1);
  } else {
    sandbox_text_add(&text, s, (size_t)(match.subject_end - s));
    sandbox_text_finish(&text);
  }
  lua_pushinteger(L, count);
  return 2;
}
