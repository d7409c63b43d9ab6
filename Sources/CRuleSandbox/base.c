#include "internal.h"

static int base_type(lua_State *L) {
  sandbox_check_any(L, "type", 1);
  lua_pushstring(L, luaL_typename(L, 1));
  return 1;
}

static int base_tostring(lua_State *L) {
  sandbox_check_any(L, "tostring", 1);
  sandbox_push_text(L, 1, NULL);
  return 1;
}

static int raise_from_rule(lua_State *L, const char *text) {
  sandbox_core *core = sandbox_core_of(L);
  core->pending = SANDBOX_RAISED;
  core->raised_text = text;
  return lua_error(L);
}

static int base_error(lua_State *L) {
  lua_Integer level = sandbox_integer_or(L, "error", 2, 1);
  lua_settop(L, 1);
  if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
    // Far beyond any stack there is nothing to name, and the walk there takes its time.
    luaL_where(L, level < 256 ? (int)level : 256);
    lua_pushvalue(L, 1);
    lua_concat(L, 2);
  }
  return raise_from_rule(L, "the rule called error(...)");
}

static int base_assert(lua_State *L) {
  if (SANDBOX_LIKELY(lua_toboolean(L, 1))) return lua_gettop(L);
  sandbox_check_any(L, "assert", 1);
  lua_remove(L, 1);
  lua_pushliteral(L, "assertion failed!");
  lua_settop(L, 1);
  return raise_from_rule(L, "an assertion in the rule failed");
}

static int base_pcall(lua_State *L) {
  sandbox_core *core = sandbox_core_of(L);
  sandbox_check_any(L, "pcall", 1);
  sandbox_charge(L, 8);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
  if (status == LUA_OK) return lua_gettop(L);
  if (status == LUA_ERRMEM) sandbox_trip(L, SANDBOX_MEMORY);
  if (core->trip != SANDBOX_OK) sandbox_trip(L, core->trip);
  core->pending = SANDBOX_OK;
  sandbox_charge(L, core->error_steps);
  // Finding the words for an error may have taken long without a step: the clock is read at each one.
  sandbox_look(L);
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

static int base_select(lua_State *L) {
  int top = lua_gettop(L);
  sandbox_charge(L, top / 16);
  if (lua_type(L, 1) == LUA_TSTRING && lua_tostring(L, 1)[0] == '#') {
    lua_pushinteger(L, top - 1);
    return 1;
  }
  lua_Integer first = sandbox_check_integer(L, "select", 1);
  if (first < 0) {
    first = top + first;
  } else if (first > top) {
    first = top;
  }
  if (first < 1) return sandbox_bad_value(L, "select", 1, "is out of range");
  return top - (int)first;
}

static int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 36;
}

static size_t skip_space(const char *text, size_t at, size_t length) {
  while (at < length && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r'))) at++;
  return at;
}

// Pushes the integer and returns true where the whole text is one, in the given base.
static bool push_integer(lua_State *L, const char *text, size_t length, int base) {
  size_t at = skip_space(text, 0, length);
  bool negative = at < length && text[at] == '-';
  if (at < length && (text[at] == '-' || text[at] == '+')) at++;
  if (at == length || digit_value(text[at]) >= base) return false;
  lua_Unsigned value = 0;
  for (; at < length && digit_value(text[at]) < 36; at++) {
    int digit = digit_value(text[at]);
    if (digit >= base) return false;
    value = value * (lua_Unsigned)base + (lua_Unsigned)digit;
  }
  if (skip_space(text, at, length) != length) return false;
  lua_pushinteger(L, (lua_Integer)(negative ? 0u - value : value));
  return true;
}

static int base_tonumber(lua_State *L) {
  size_t length;
  if (lua_isnoneornil(L, 2)) {
    sandbox_check_any(L, "tonumber", 1);
    if (lua_type(L, 1) == LUA_TNUMBER) {
      lua_settop(L, 1);
      return 1;
    }
    if (lua_type(L, 1) == LUA_TSTRING) {
      const char *text = lua_tolstring(L, 1, &length);
      sandbox_charge(L, (lua_Integer)(length / 16));
      if (lua_stringtonumber(L, text) == length + 1) return 1;
    }
    lua_pushnil(L);
    return 1;
  }
  lua_Integer base = sandbox_check_integer(L, "tonumber", 2);
  if (lua_type(L, 1) != LUA_TSTRING) return sandbox_bad_argument(L, "tonumber", 1, "a string");
  if (base < 2 || base > 36) return sandbox_bad_value(L, "tonumber", 2, "must be a base from 2 to 36");
  const char *text = lua_tolstring(L, 1, &length);
  sandbox_charge(L, (lua_Integer)(length / 16));
  if (!push_integer(L, text, length, (int)base)) lua_pushnil(L);
  return 1;
}

static int ipairs_step(lua_State *L) {
  lua_Integer index = (lua_Integer)((lua_Unsigned)lua_tointeger(L, 2) + 1);
  sandbox_charge(L, 1);
  lua_pushinteger(L, index);
  return lua_geti(L, 1, index) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L) {
  sandbox_check_any(L, "ipairs", 1);
  lua_pushcfunction(L, ipairs_step);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

void sandbox_open_base(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"assert", base_assert},       {"error", base_error},         {"ipairs", base_ipairs},
    {"pairs", sandbox_base_pairs}, {"pcall", base_pcall},         {"select", base_select},
    {"tonumber", base_tonumber},   {"tostring", base_tostring},   {"type", base_type},
  };
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    lua_pushcfunction(L, functions[i].func);
    sandbox_set_global(L, functions[i].name);
  }
  lua_pushliteral(L, LUA_VERSION);
  sandbox_set_global(L, "_VERSION");
}
