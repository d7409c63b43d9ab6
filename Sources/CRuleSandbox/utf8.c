#include "internal.h"

enum { SCALAR_LIMIT = 0x10FFFF };

static bool continues(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

// Lua's own UTF-8: up to six bytes, and unless strict also surrogates and what lies beyond Unicode.
// Returns the bytes of the character, 0 for none. A text ends with a zero byte, which continues nothing.
static int decode(const char *text, bool strict, uint32_t *code) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};
  unsigned char lead = (unsigned char)text[0];
  if (lead < 0x80) {
    *code = lead;
    return 1;
  }
  int count = 0;
  while (count < 7 && (lead & (0x80 >> count))) count++;
  if (count < 2 || count > 6) return 0;
  uint32_t value = lead & (0x7Fu >> count);
  for (int i = 1; i < count; i++) {
    if (!continues(text[i])) return 0;
    value = value << 6 | ((unsigned char)text[i] & 0x3Fu);
  }
  if (value < least[count]) return 0;
  if (strict && (value > SCALAR_LIMIT || (value >= 0xD800 && value <= 0xDFFF))) return 0;
  *code = value;
  return count;
}

static int encode(char *out, uint32_t code) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  int count = code < 0x800 ? 2 : code < 0x10000 ? 3 : code < 0x200000 ? 4 : code < 0x4000000 ? 5 : 6;
  for (int i = count - 1; i > 0; i--) {
    out[i] = (char)(0x80 | (code & 0x3F));
    code >>= 6;
  }
  out[0] = (char)((0xFF00 >> count) | code);
  return count;
}

// A position that may count from the end; 0 for one before the start.
static lua_Integer absolute(lua_Integer position, size_t length) {
  if (position >= 0) return position;
  return 0u - (size_t)position > length ? 0 : (lua_Integer)length + position + 1;
}

static int utf8_char(lua_State *L) {
  int count = lua_gettop(L);
  sandbox_text text;
  sandbox_charge(L, count / 4);
  sandbox_text_start(&text, L, "utf8.char");
  for (int i = 1; i <= count; i++) {
    char bytes[8];
    lua_Integer code = sandbox_check_integer(L, "utf8.char", i);
    if (code < 0 || code > 0x7FFFFFFF) return sandbox_bad_value(L, "utf8.char", i, "must be from 0 to 0x7FFFFFFF");
    sandbox_text_add(&text, bytes, (size_t)encode(bytes, (uint32_t)code));
  }
  sandbox_text_finish(&text);
  return 1;
}

static int utf8_codepoint(lua_State *L) {
  static const char where[] = "utf8.codepoint";
  size_t length;
  const char *text = sandbox_check_text(L, where, 1, &length);
  lua_Integer first = absolute(sandbox_integer_or(L, where, 2, 1), length);
  lua_Integer last = absolute(sandbox_integer_or(L, where, 3, first), length);
  bool strict = !lua_toboolean(L, 4);
  if (first < 1) return sandbox_bad_value(L, where, 2, "is out of bounds");
  if (last > (lua_Integer)length) return sandbox_bad_value(L, where, 3, "is out of bounds");
  if (first > last) return 0;
  sandbox_charge(L, (last - first) / 4);
  sandbox_need_stack(L, where, last - first + 1);
  int count = 0;
  for (lua_Integer at = first - 1; at < last;) {
    uint32_t code;
    int size = decode(text + at, strict, &code);
    if (size == 0) return sandbox_bad_value(L, where, 1, "is not valid UTF-8");
    lua_pushinteger(L, code);
    at += size;
    count++;
  }
  return count;
}

static int utf8_len(lua_State *L) {
  static const char where[] = "utf8.len";
  size_t length;
  const char *text = sandbox_check_text(L, where, 1, &length);
  lua_Integer at = absolute(sandbox_integer_or(L, where, 2, 1), length) - 1;
  lua_Integer last = absolute(sandbox_integer_or(L, where, 3, -1), length) - 1;
  bool strict = !lua_toboolean(L, 4);
  if (at < 0 || at > (lua_Integer)length) return sandbox_bad_value(L, where, 2, "is out of bounds");
  if (last >= (lua_Integer)length) return sandbox_bad_value(L, where, 3, "is out of bounds");
  sandbox_charge(L, at < last ? (last - at) / 8 : 0);
  lua_Integer count = 0;
  while (at <= last) {
    uint32_t code;
    int size = decode(text + at, strict, &code);
    if (size == 0) {
      lua_pushnil(L);
      lua_pushinteger(L, at + 1);
      return 2;
    }
    at += size;
    count++;
  }
  lua_pushinteger(L, count);
  return 1;
}

// Position of the n-th character counted from a position: n = 0 is the character the position lies in.
static int utf8_offset(lua_State *L) {
  static const char where[] = "utf8.offset";
  size_t length;
  const char *text = sandbox_check_text(L, where, 1, &length);
  lua_Integer n = sandbox_check_integer(L, where, 2);
  lua_Integer otherwise = n >= 0 ? 1 : (lua_Integer)length + 1;
  lua_Integer at = absolute(sandbox_integer_or(L, where, 3, otherwise), length) - 1;
  if (at < 0 || at > (lua_Integer)length) return sandbox_bad_value(L, where, 3, "is out of bounds");
  sandbox_charge(L, (lua_Integer)(length / 8));
  if (n == 0) {
    while (at > 0 && continues(text[at])) at--;
    lua_pushinteger(L, at + 1);
    return 1;
  }
  if (continues(text[at])) return sandbox_bad_value(L, where, 3, "lies inside a character");
  for (; n < 0 && at > 0; n++) {
    do at--; while (at > 0 && continues(text[at]));
  }
  for (; n > 1 && at < (lua_Integer)length; n--) {
    do at++; while (continues(text[at]));
  }
  if (n == 0 || n == 1) {
    lua_pushinteger(L, at + 1);
  } else {
    lua_pushnil(L);
  }
  return 1;
}

static int codes_step(lua_State *L, bool strict) {
  size_t length;
  const char *text = sandbox_check_text(L, "utf8.codes", 1, &length);
  lua_Unsigned at = (lua_Unsigned)lua_tointeger(L, 2);
  sandbox_charge(L, 1);
  // The position is that of the last character's first byte, counted from 1: the next byte, counted from 0.
  while (at < length && continues(text[at])) at++;
  if (at >= length) return 0;
  uint32_t code;
  int size = decode(text + at, strict, &code);
  if (size == 0 || continues(text[at + (lua_Unsigned)size])) {
    return sandbox_bad_value(L, "utf8.codes", 1, "is not valid UTF-8");
  }
  lua_pushinteger(L, (lua_Integer)at + 1);
  lua_pushinteger(L, code);
  return 2;
}

static int codes_strict(lua_State *L) { return codes_step(L, true); }
static int codes_lax(lua_State *L) { return codes_step(L, false); }

static int utf8_codes(lua_State *L) {
  size_t length;
  const char *text = sandbox_check_text(L, "utf8.codes", 1, &length);
  if (continues(text[0])) return sandbox_bad_value(L, "utf8.codes", 1, "is not valid UTF-8");
  lua_pushcfunction(L, lua_toboolean(L, 2) ? codes_lax : codes_strict);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

void sandbox_open_utf8(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"char", utf8_char},           {"codepoint", utf8_codepoint}, {"codes", utf8_codes},
    {"len", utf8_len},             {"offset", utf8_offset},       {NULL, NULL},
  };
  static const char pattern[] = "[\0-\x7F\xC2-\xFD][\x80-\xBF]*";
  luaL_newlib(L, functions);
  lua_pushlstring(L, pattern, sizeof pattern - 1);
  lua_setfield(L, -2, "charpattern");
  sandbox_add_library(L, "utf8");
  lua_pop(L, 1);
}
