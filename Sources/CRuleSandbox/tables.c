#include "internal.h"

// Elements are read and written raw: scripts have no metatables, a frozen table is read through its hidden one, and a
// write to it is refused before anything is changed.

// The table at `argument`, for reading: frozen ones are replaced by what they hide. Returns its length.
static lua_Integer readable(lua_State *L, const char *where, int argument) {
  if (lua_type(L, argument) != LUA_TTABLE) sandbox_bad_argument(L, where, argument, "a table");
  if (sandbox_push_hidden(L, argument)) lua_replace(L, argument);
  return (lua_Integer)lua_rawlen(L, argument);
}

static lua_Integer writable(lua_State *L, const char *where, int argument) {
  if (lua_type(L, argument) != LUA_TTABLE) sandbox_bad_argument(L, where, argument, "a table");
  if (sandbox_push_hidden(L, argument)) sandbox_refuse_write(L);
  return (lua_Integer)lua_rawlen(L, argument);
}

static int table_concat(lua_State *L) {
  static const char where[] = "table.concat";
  lua_settop(L, 4);
  lua_Integer length = readable(L, where, 1);
  size_t gap = 0;
  const char *separator = lua_isnil(L, 2) ? "" : sandbox_check_text(L, where, 2, &gap);
  lua_Integer first = sandbox_integer_or(L, where, 3, 1);
  lua_Integer last = sandbox_integer_or(L, where, 4, length);
  sandbox_text text;
  sandbox_text_start(&text, L, where);
  for (lua_Integer i = first; i <= last; i++) {
    sandbox_charge(L, 1);
    lua_rawgeti(L, 1, i);
    if (!lua_isstring(L, -1)) {
      return sandbox_fault(L, "%s: element %I must be a string or a number, is %s", where, (LUAI_UACINT)i,
                           luaL_typename(L, -1));
    }
    sandbox_text_add_value(&text, -1);
    lua_pop(L, 1);
    // The last index may be the largest integer.
    if (i == last) break;
    sandbox_text_add(&text, separator, gap);
  }
  sandbox_text_finish(&text);
  return 1;
}

static int table_insert(lua_State *L) {
  static const char where[] = "table.insert";
  int given = lua_gettop(L);
  lua_Integer end = (lua_Integer)((lua_Unsigned)writable(L, where, 1) + 1);
  if (given == 2) {
    lua_rawseti(L, 1, end);
    return 0;
  }
  if (given != 3) return sandbox_fault(L, "table.insert: takes 2 or 3 arguments, has %d", given);
  lua_Integer position = sandbox_check_integer(L, where, 2);
  if (position < 1 || position > end) return sandbox_bad_value(L, where, 2, "must be a position in the list");
  sandbox_charge(L, end - position);
  for (lua_Integer i = end; i > position; i--) {
    lua_rawgeti(L, 1, i - 1);
    lua_rawseti(L, 1, i);
  }
  lua_rawseti(L, 1, position);
  return 0;
}

static int table_remove(lua_State *L) {
  static const char where[] = "table.remove";
  lua_Integer length = writable(L, where, 1);
  lua_Integer position = sandbox_integer_or(L, where, 2, length);
  lua_settop(L, 1);
  // The position after the last is allowed, and so is the only one of an empty list, 0.
  if (position != length && (position < 1 || position > length + 1)) {
    return sandbox_bad_value(L, where, 2, "must be a position in the list");
  }
  sandbox_charge(L, length > position ? length - position : 0);
  lua_rawgeti(L, 1, position);
  for (; position < length; position++) {
    lua_rawgeti(L, 1, position + 1);
    lua_rawseti(L, 1, position);
  }
  lua_pushnil(L);
  lua_rawseti(L, 1, position);
  return 1;
}

static int table_move(lua_State *L) {
  static const char where[] = "table.move";
  lua_Integer first = sandbox_check_integer(L, where, 2);
  lua_Integer last = sandbox_check_integer(L, where, 3);
  lua_Integer to = sandbox_check_integer(L, where, 4);
  int target = lua_isnoneornil(L, 5) ? 1 : 5;
  lua_settop(L, 5);
  bool same = target == 1 || lua_rawequal(L, 1, 5);
  if (lua_type(L, 1) != LUA_TTABLE) return sandbox_bad_argument(L, where, 1, "a table");
  writable(L, where, target);
  lua_pushvalue(L, target);
  readable(L, where, 1);
  if (last >= first) {
    if (first <= 0 && last >= LUA_MAXINTEGER + first) return sandbox_bad_value(L, where, 3, "is too far away");
    lua_Integer count = last - first + 1;
    if (to > LUA_MAXINTEGER - count + 1) return sandbox_bad_value(L, where, 4, "is too large: the indices wrap around");
    sandbox_charge(L, count);
    // Overlapping elements are moved from the end, where the others would be overwritten first.
    bool backwards = same && to > first && to <= last;
    for (lua_Integer i = 0; i < count; i++) {
      lua_Integer offset = backwards ? count - 1 - i : i;
      lua_rawgeti(L, 1, first + offset);
      lua_rawseti(L, target, to + offset);
    }
  }
  return 1;
}

static int table_pack(lua_State *L) {
  int count = lua_gettop(L);
  sandbox_charge(L, count / 4);
  lua_createtable(L, count, 1);
  lua_insert(L, 1);
  for (int i = count; i >= 1; i--) lua_rawseti(L, 1, i);
  lua_pushinteger(L, count);
  lua_setfield(L, 1, "n");
  return 1;
}

static int table_unpack(lua_State *L) {
  static const char where[] = "table.unpack";
  lua_settop(L, 3);
  lua_Integer length = readable(L, where, 1);
  lua_Integer first = sandbox_integer_or(L, where, 2, 1);
  lua_Integer last = sandbox_integer_or(L, where, 3, length);
  if (first > last) return 0;
  lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
  if (count >= 1000000) return sandbox_fault(L, "%s: too many results", where);
  sandbox_charge(L, (lua_Integer)(count / 4));
  sandbox_need_stack(L, where, (lua_Integer)count + 1);
  for (lua_Unsigned i = 0; i <= count; i++) lua_rawgeti(L, 1, (lua_Integer)((lua_Unsigned)first + i));
  return (int)count + 1;
}

void sandbox_open_table(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"concat", table_concat},     {"insert", table_insert},     {"move", table_move},
    {"pack", table_pack},         {"remove", table_remove},     {"sort", sandbox_table_sort},
    {"unpack", table_unpack},     {NULL, NULL},
  };
  luaL_newlib(L, functions);
  sandbox_add_library(L, "table");
  lua_pop(L, 1);
}
