#include <limits.h>
#include <string.h>

#include "internal.h"

static int string_len(lua_State *L) {
  size_t length;
  sandbox_check_text(L, "string.len", 1, &length);
  lua_pushinteger(L, (lua_Integer)length);
  return 1;
}

static int string_sub(lua_State *L) {
  size_t length;
  const char *text = sandbox_check_text(L, "string.sub", 1, &length);
  size_t start = sandbox_range_start(sandbox_check_integer(L, "string.sub", 2), length);
  size_t end = sandbox_range_end(sandbox_integer_or(L, "string.sub", 3, -1), length);
  lua_pushlstring(L, text + (start <= end ? start - 1 : 0), start <= end ? end - start + 1 : 0);
  return 1;
}

static int string_byte(lua_State *L) {
  size_t length;
  const char *text = sandbox_check_text(L, "string.byte", 1, &length);
  lua_Integer first = sandbox_integer_or(L, "string.byte", 2, 1);
  size_t start = sandbox_range_start(first, length);
  size_t end = sandbox_range_end(sandbox_integer_or(L, "string.byte", 3, first), length);
  if (start > end) return 0;
  sandbox_charge(L, (lua_Integer)((end - start) / 8));
  sandbox_need_stack(L, "string.byte", (lua_Integer)(end - start) + 1);
  for (size_t i = start; i <= end; i++) lua_pushinteger(L, (unsigned char)text[i - 1]);
  return (int)(end - start) + 1;
}

static int string_char(lua_State *L) {
  int count = lua_gettop(L);
  sandbox_text text;
  sandbox_charge(L, count / 8);
  sandbox_text_start(&text, L, "string.char");
  for (int i = 1; i <= count; i++) {
    lua_Integer code = sandbox_check_integer(L, "string.char", i);
    if (code < 0 || code > UCHAR_MAX) return sandbox_bad_value(L, "string.char", i, "must be from 0 to 255");
    *sandbox_text_room(&text, 1) = (char)code;
  }
  sandbox_text_finish(&text);
  return 1;
}

typedef void (*rewriting)(char *out, const char *text, size_t length);

static int push_rewritten(lua_State *L, const char *where, rewriting rewrite) {
  size_t length;
  const char *text = sandbox_check_text(L, where, 1, &length);
  sandbox_text out;
  sandbox_charge(L, (lua_Integer)(length / 64));
  sandbox_text_start(&out, L, where);
  rewrite(sandbox_text_room(&out, length), text, length);
  sandbox_text_finish(&out);
  return 1;
}

static void lower(char *out, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) out[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
}

static void upper(char *out, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) out[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 32) : text[i];
}

static void reverse(char *out, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) out[i] = text[length - 1 - i];
}

static int string_lower(lua_State *L) { return push_rewritten(L, "string.lower", lower); }
static int string_upper(lua_State *L) { return push_rewritten(L, "string.upper", upper); }
static int string_reverse(lua_State *L) { return push_rewritten(L, "string.reverse", reverse); }

static int string_rep(lua_State *L) {
  static const char where[] = "string.rep";
  size_t length, gap;
  const char *text = sandbox_check_text(L, where, 1, &length);
  lua_Integer count = sandbox_check_integer(L, where, 2);
  const char *separator = lua_isnoneornil(L, 3) ? "" : sandbox_check_text(L, where, 3, &gap);
  if (lua_isnoneornil(L, 3)) gap = 0;
  // Nothing repeated is nothing, however often.
  if (count <= 0 || length + gap == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  size_t limit = sandbox_text_limit(L);
  if (length + gap > limit || (size_t)count > (limit + gap) / (length + gap)) {
    return sandbox_refuse(L, "%s: the result would be larger than %I bytes", where, (LUAI_UACINT)limit);
  }
  sandbox_charge(L, count / 8);
  sandbox_text out;
  sandbox_text_start(&out, L, where);
  char *room = sandbox_text_room(&out, (size_t)count * (length + gap) - gap);
  for (lua_Integer i = 0; i < count; i++) {
    if (i > 0 && gap > 0) {
      memcpy(room, separator, gap);
      room += gap;
    }
    if (length > 0) memcpy(room, text, length);
    room += length;
  }
  sandbox_text_finish(&out);
  return 1;
}

// The metatable of all strings. Its __index is the hidden table, so that ("").rep is the library's and no other.
static void share_with_strings(lua_State *L) {
  lua_createtable(L, 0, 16);
  lua_insert(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  sandbox_add_string_arithmetic(L);
  lua_pushliteral(L, "");
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

void sandbox_open_string(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"byte", string_byte},             {"char", string_char},             {"find", sandbox_string_find},
    {"format", sandbox_string_format}, {"gmatch", sandbox_string_gmatch}, {"gsub", sandbox_string_gsub},
    {"len", string_len},               {"lower", string_lower},           {"match", sandbox_string_match},
    {"rep", string_rep},               {"reverse", string_reverse},       {"sub", string_sub},
    {"upper", string_upper},           {NULL, NULL},
  };
  luaL_newlib(L, functions);
  sandbox_add_library(L, "string");
  share_with_strings(L);
}
