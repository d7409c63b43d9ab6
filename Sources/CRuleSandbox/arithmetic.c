#include "internal.h"

// "10" + 1 is 11 in Lua: the string metatable does the arithmetic that the virtual machine leaves to it.

// Pushes the operand as a number; false where it is none.
static bool push_number(lua_State *L, int operand) {
  if (lua_type(L, operand) == LUA_TNUMBER) {
    lua_pushvalue(L, operand);
    return true;
  }
  size_t length;
  const char *text = lua_tolstring(L, operand, &length);
  if (text == NULL) return false;
  sandbox_charge(L, (lua_Integer)(length / 16));
  return lua_stringtonumber(L, text) == length + 1;
}

static int calculate(lua_State *L, int operation, const char *event) {
  lua_settop(L, 2);
  if (push_number(L, 1) && push_number(L, 2)) {
    lua_arith(L, operation);
    return 1;
  }
  lua_settop(L, 2);
  // The other operand may be a value of the host's with arithmetic of its own.
  if (lua_type(L, 2) != LUA_TSTRING && luaL_getmetafield(L, 2, event) != LUA_TNIL) {
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
  }
  int culprit = lua_type(L, 2) == LUA_TSTRING || lua_type(L, 2) == LUA_TNUMBER ? 1 : 2;
  return sandbox_fault(L, "attempt to perform arithmetic on a %s value", luaL_typename(L, culprit));
}

static int add(lua_State *L) { return calculate(L, LUA_OPADD, "__add"); }
static int subtract(lua_State *L) { return calculate(L, LUA_OPSUB, "__sub"); }
static int multiply(lua_State *L) { return calculate(L, LUA_OPMUL, "__mul"); }
static int modulo(lua_State *L) { return calculate(L, LUA_OPMOD, "__mod"); }
static int power(lua_State *L) { return calculate(L, LUA_OPPOW, "__pow"); }
static int divide(lua_State *L) { return calculate(L, LUA_OPDIV, "__div"); }
static int divide_down(lua_State *L) { return calculate(L, LUA_OPIDIV, "__idiv"); }

// Lua passes the operand twice.
static int negate(lua_State *L) {
  lua_settop(L, 1);
  if (!push_number(L, 1)) return sandbox_fault(L, "attempt to perform arithmetic on a string value");
  lua_arith(L, LUA_OPUNM);
  return 1;
}

void sandbox_add_string_arithmetic(lua_State *L) {
  static const luaL_Reg events[] = {
    {"__add", add},    {"__sub", subtract},     {"__mul", multiply}, {"__mod", modulo}, {"__pow", power},
    {"__div", divide}, {"__idiv", divide_down}, {"__unm", negate},   {NULL, NULL},
  };
  luaL_setfuncs(L, events, 0);
}
