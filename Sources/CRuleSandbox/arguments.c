#include <limits.h>

#include "internal.h"

int sandbox_bad_argument(lua_State *L, const char *where, int argument, const char *expected) {
  const char *found = lua_isnone(L, argument) ? "missing" : luaL_typename(L, argument);
  return sandbox_fault(L, "%s: argument %d must be %s, is %s", where, argument, expected, found);
}

int sandbox_bad_value(lua_State *L, const char *where, int argument, const char *problem) {
  return sandbox_fault(L, "%s: argument %d %s", where, argument, problem);
}

const char *sandbox_check_text(lua_State *L, const char *where, int argument, size_t *length) {
  const char *text = lua_tolstring(L, argument, length);
  if (text == NULL) sandbox_bad_argument(L, where, argument, "a string");
  return text;
}

// Turning a long text into a number reads all of it.
static void charge_conversion(lua_State *L, int argument) {
  if (lua_type(L, argument) == LUA_TSTRING) sandbox_charge(L, (lua_Integer)(lua_rawlen(L, argument) / 16));
}

lua_Integer sandbox_check_integer(lua_State *L, const char *where, int argument) {
  int valid;
  charge_conversion(L, argument);
  lua_Integer value = lua_tointegerx(L, argument, &valid);
  if (valid) return value;
  if (!lua_isnumber(L, argument)) return sandbox_bad_argument(L, where, argument, "an integer");
  return sandbox_bad_value(L, where, argument, "must be an integer, is a number without an integer value");
}

lua_Integer sandbox_integer_or(lua_State *L, const char *where, int argument, lua_Integer otherwise) {
  return lua_isnoneornil(L, argument) ? otherwise : sandbox_check_integer(L, where, argument);
}

lua_Number sandbox_check_number(lua_State *L, const char *where, int argument) {
  int valid;
  charge_conversion(L, argument);
  lua_Number value = lua_tonumberx(L, argument, &valid);
  if (!valid) sandbox_bad_argument(L, where, argument, "a number");
  return value;
}

void sandbox_check_any(lua_State *L, const char *where, int argument) {
  if (lua_isnone(L, argument)) sandbox_bad_argument(L, where, argument, "a value");
}

void sandbox_need_stack(lua_State *L, const char *where, lua_Integer count) {
  if (count >= INT_MAX || !lua_checkstack(L, (int)count)) sandbox_fault(L, "%s: too many results", where);
}

size_t sandbox_range_start(lua_Integer position, size_t length) {
  if (position > 0) return (size_t)position;
  if (position == 0 || position < -(lua_Integer)length) return 1;
  return length + (size_t)position + 1;
}

size_t sandbox_range_end(lua_Integer position, size_t length) {
  if (position > (lua_Integer)length) return length;
  if (position >= 0) return (size_t)position;
  if (position < -(lua_Integer)length) return 0;
  return length + (size_t)position + 1;
}
