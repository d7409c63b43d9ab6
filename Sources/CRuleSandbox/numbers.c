#include <math.h>

#include "internal.h"

static void push_whole(lua_State *L, lua_Number whole) {
  lua_Integer integer;
  if (lua_numbertointeger(whole, &integer)) {
    lua_pushinteger(L, integer);
  } else {
    lua_pushnumber(L, whole);
  }
}

static int math_floor(lua_State *L) {
  if (lua_isinteger(L, 1)) {
    lua_settop(L, 1);
  } else {
    push_whole(L, floor(sandbox_check_number(L, "math.floor", 1)));
  }
  return 1;
}

static int math_ceil(lua_State *L) {
  if (lua_isinteger(L, 1)) {
    lua_settop(L, 1);
  } else {
    push_whole(L, ceil(sandbox_check_number(L, "math.ceil", 1)));
  }
  return 1;
}

static int math_abs(lua_State *L) {
  if (lua_isinteger(L, 1)) {
    lua_Integer value = lua_tointeger(L, 1);
    lua_pushinteger(L, value < 0 ? (lua_Integer)(0u - (lua_Unsigned)value) : value);
  } else {
    lua_pushnumber(L, fabs(sandbox_check_number(L, "math.abs", 1)));
  }
  return 1;
}

static int math_fmod(lua_State *L) {
  if (lua_isinteger(L, 1) && lua_isinteger(L, 2)) {
    lua_Integer divisor = lua_tointeger(L, 2);
    if (divisor == 0) return sandbox_bad_value(L, "math.fmod", 2, "must not be zero");
    // The smallest integer divided by -1 is beyond all integers.
    lua_pushinteger(L, divisor == -1 ? 0 : lua_tointeger(L, 1) % divisor);
  } else {
    lua_Number value = sandbox_check_number(L, "math.fmod", 1);
    lua_pushnumber(L, fmod(value, sandbox_check_number(L, "math.fmod", 2)));
  }
  return 1;
}

static int math_modf(lua_State *L) {
  if (lua_isinteger(L, 1)) {
    lua_settop(L, 1);
    lua_pushnumber(L, 0);
    return 2;
  }
  lua_Number value = sandbox_check_number(L, "math.modf", 1);
  lua_Number whole = value < 0 ? ceil(value) : floor(value);
  push_whole(L, whole);
  lua_pushnumber(L, whole == value ? 0 : value - whole);
  return 2;
}

static int push_extreme(lua_State *L, const char *where, bool largest) {
  int count = lua_gettop(L), best = 1;
  sandbox_check_any(L, where, 1);
  sandbox_charge(L, count / 8);
  for (int i = 2; i <= count; i++) {
    // As Lua's own: anything that can be compared.
    if (lua_type(L, i) == LUA_TSTRING) sandbox_charge(L, (lua_Integer)(lua_rawlen(L, i) / 64));
    if (largest ? lua_compare(L, best, i, LUA_OPLT) : lua_compare(L, i, best, LUA_OPLT)) best = i;
  }
  lua_pushvalue(L, best);
  return 1;
}

static int math_max(lua_State *L) { return push_extreme(L, "math.max", true); }
static int math_min(lua_State *L) { return push_extreme(L, "math.min", false); }

static int math_sqrt(lua_State *L) {
  lua_pushnumber(L, sqrt(sandbox_check_number(L, "math.sqrt", 1)));
  return 1;
}

static int math_exp(lua_State *L) {
  lua_pushnumber(L, exp(sandbox_check_number(L, "math.exp", 1)));
  return 1;
}

static int math_log(lua_State *L) {
  lua_Number value = sandbox_check_number(L, "math.log", 1);
  if (lua_isnoneornil(L, 2)) {
    lua_pushnumber(L, log(value));
    return 1;
  }
  lua_Number base = sandbox_check_number(L, "math.log", 2);
  // Exact for powers of the base, which the quotient is not.
  lua_pushnumber(L, base == 2 ? log2(value) : base == 10 ? log10(value) : log(value) / log(base));
  return 1;
}

static int math_tointeger(lua_State *L) {
  int valid;
  sandbox_check_any(L, "math.tointeger", 1);
  lua_Integer value = lua_tointegerx(L, 1, &valid);
  if (valid) {
    lua_pushinteger(L, value);
  } else {
    lua_pushnil(L);
  }
  return 1;
}

static int math_type(lua_State *L) {
  sandbox_check_any(L, "math.type", 1);
  if (lua_type(L, 1) == LUA_TNUMBER) {
    lua_pushstring(L, lua_isinteger(L, 1) ? "integer" : "float");
  } else {
    lua_pushnil(L);
  }
  return 1;
}

static int math_ult(lua_State *L) {
  lua_Integer first = sandbox_check_integer(L, "math.ult", 1);
  lua_pushboolean(L, (lua_Unsigned)first < (lua_Unsigned)sandbox_check_integer(L, "math.ult", 2));
  return 1;
}

void sandbox_open_math(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"abs", math_abs},     {"ceil", math_ceil},   {"exp", math_exp},     {"floor", math_floor},
    {"fmod", math_fmod},   {"log", math_log},     {"max", math_max},     {"min", math_min},
    {"modf", math_modf},   {"sqrt", math_sqrt},   {"type", math_type},   {"ult", math_ult},
    {NULL, NULL},
  };
  luaL_newlib(L, functions);
  lua_pushcfunction(L, math_tointeger);
  lua_setfield(L, -2, "tointeger");
  lua_pushnumber(L, 3.141592653589793);
  lua_setfield(L, -2, "pi");
  lua_pushnumber(L, HUGE_VAL);
  lua_setfield(L, -2, "huge");
  lua_pushinteger(L, LUA_MAXINTEGER);
  lua_setfield(L, -2, "maxinteger");
  lua_pushinteger(L, LUA_MININTEGER);
  lua_setfield(L, -2, "mininteger");
  sandbox_add_library(L, "math");
  lua_pop(L, 1);
}
