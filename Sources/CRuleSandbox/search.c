#define _GNU_SOURCE
#include <string.h>

#include "pattern.h"

// What a match gives to Lua: find, match, gmatch.

pattern_match sandbox_start_match(lua_State *L, const char *where, const char *subject, size_t length,
                                  const char *pattern_end) {
  pattern_match match;
  match.L = L;
  match.where = where;
  match.subject = subject;
  match.subject_end = subject + length;
  match.pattern_end = pattern_end;
  match.work = 0;
  match.level = 0;
  return match;
}

void sandbox_push_capture(pattern_match *match, int index, const char *start, const char *end) {
  if (index >= match->level) {
    if (index != 0) {
      sandbox_fault(match->L, "%s: capture %%%d is not in the pattern", match->where, index + 1);
    }
    lua_pushlstring(match->L, start, (size_t)(end - start));
    return;
  }
  const pattern_capture *capture = &match->captures[index];
  if (capture->length == CAPTURE_OPEN) {
    sandbox_fault(match->L, "%s: the pattern has a '(' without its ')'", match->where);
  }
  if (capture->length == CAPTURE_POSITION) {
    lua_pushinteger(match->L, capture->start - match->subject + 1);
  } else {
    lua_pushlstring(match->L, capture->start, (size_t)capture->length);
  }
}

int sandbox_push_captures(pattern_match *match, const char *start, const char *end) {
  int count = match->level == 0 && start != NULL ? 1 : match->level;
  sandbox_need_stack(match->L, match->where, count + 4);
  for (int i = 0; i < count; i++) sandbox_push_capture(match, i, start, end);
  return count;
}

static int push_plain(lua_State *L, const char *subject, size_t length, size_t start, const char *needle, size_t size) {
  sandbox_charge(L, (lua_Integer)((length - start + size) / 16));
  const char *found = size == 0 ? subject + start : memmem(subject + start, length - start, needle, size);
  if (found == NULL) {
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, found - subject + 1);
  lua_pushinteger(L, found - subject + (lua_Integer)size);
  return 2;
}

static bool is_plain(const char *pattern, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (pattern[i] != '\0' && strchr("^$*+?.([%-", pattern[i]) != NULL) return false;
  }
  return true;
}

static int search(lua_State *L, const char *where, bool find) {
  size_t length, size;
  const char *subject = sandbox_check_text(L, where, 1, &length);
  const char *pattern = sandbox_check_text(L, where, 2, &size);
  size_t start = sandbox_range_start(sandbox_integer_or(L, where, 3, 1), length) - 1;
  if (start > length) {
    lua_pushnil(L);
    return 1;
  }
  sandbox_charge(L, (lua_Integer)(size / 16));
  if (find && (lua_toboolean(L, 4) || is_plain(pattern, size))) {
    return push_plain(L, subject, length, start, pattern, size);
  }
  pattern_match match = sandbox_start_match(L, where, subject, length, pattern + size);
  bool anchored = size > 0 && *pattern == '^';
  if (anchored) pattern++;
  for (const char *s = subject + start; s <= match.subject_end; s++) {
    const char *end = sandbox_match_here(&match, s, pattern);
    if (end != NULL) {
      sandbox_match_settle(&match);
      if (!find) return sandbox_push_captures(&match, s, end);
      lua_pushinteger(L, s - subject + 1);
      lua_pushinteger(L, end - subject);
      return sandbox_push_captures(&match, NULL, NULL) + 2;
    }
    if (anchored) break;
  }
  sandbox_match_settle(&match);
  lua_pushnil(L);
  return 1;
}

int sandbox_string_find(lua_State *L) { return search(L, "string.find", true); }

int sandbox_string_match(lua_State *L) { return search(L, "string.match", false); }

// The iterator: upvalues are subject, pattern, offset to go on from, offset of the last match's end (or -1).
static int gmatch_step(lua_State *L) {
  size_t length, size;
  const char *subject = lua_tolstring(L, lua_upvalueindex(1), &length);
  const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &size);
  lua_Integer offset = lua_tointeger(L, lua_upvalueindex(3));
  lua_Integer last_end = lua_tointeger(L, lua_upvalueindex(4));
  pattern_match match = sandbox_start_match(L, "string.gmatch", subject, length, pattern + size);
  for (; offset <= (lua_Integer)length; offset++) {
    const char *end = sandbox_match_here(&match, subject + offset, pattern);
    // An empty match right after the last match would be found for ever.
    if (end == NULL || end - subject == last_end) continue;
    sandbox_match_settle(&match);
    lua_pushinteger(L, end - subject);
    lua_copy(L, -1, lua_upvalueindex(3));
    lua_replace(L, lua_upvalueindex(4));
    return sandbox_push_captures(&match, subject + offset, end);
  }
  lua_pushinteger(L, offset);
  lua_replace(L, lua_upvalueindex(3));
  sandbox_match_settle(&match);
  return 0;
}

int sandbox_string_gmatch(lua_State *L) {
  size_t length, size;
  sandbox_check_text(L, "string.gmatch", 1, &length);
  sandbox_check_text(L, "string.gmatch", 2, &size);
  size_t start = sandbox_range_start(sandbox_integer_or(L, "string.gmatch", 3, 1), length) - 1;
  if (start > length) start = length + 1;
  lua_settop(L, 2);
  lua_pushinteger(L, (lua_Integer)start);
  lua_pushinteger(L, -1);
  lua_pushcclosure(L, gmatch_step, 4);
  return 1;
}
