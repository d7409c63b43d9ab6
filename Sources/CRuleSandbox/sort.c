#include "internal.h"

// A merge sort: at most n log n comparisons whatever the comparison answers, and no answer is an error. It works on
// two lists of its own, so a comparison that changes the table changes nothing here, and one that fails leaves the
// table as it was.

enum { TABLE = 1, COMPARISON = 2, FROM = 3, TO = 4 };

// Whether the value at the top comes before the one below it. Both stay.
static bool comes_first(lua_State *L) {
  if (lua_isnil(L, COMPARISON)) {
    lua_Integer steps = 2;
    if (lua_type(L, -1) == LUA_TSTRING) steps += (lua_Integer)(lua_rawlen(L, -1) / 64);
    sandbox_charge(L, steps);
    return lua_compare(L, -1, -2, LUA_OPLT);
  }
  sandbox_charge(L, 4);
  lua_pushvalue(L, COMPARISON);
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -4);
  lua_call(L, 2, 1);
  bool first = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return first;
}

// Merges [low, middle) and [middle, high) of one list into the other. The heads of both are on the stack meanwhile,
// the left one below.
static void merge(lua_State *L, lua_Integer low, lua_Integer middle, lua_Integer high, int from, int to) {
  lua_Integer left = low, right = middle, out = low;
  while (left < middle && right < high) {
    lua_rawgeti(L, from, left);
    lua_rawgeti(L, from, right);
    if (comes_first(L)) {
      lua_rawseti(L, to, out++);
      right++;
      lua_pop(L, 1);
    } else {
      lua_pop(L, 1);
      lua_rawseti(L, to, out++);
      left++;
    }
  }
  for (; left < middle; left++) {
    lua_rawgeti(L, from, left);
    lua_rawseti(L, to, out++);
  }
  for (; right < high; right++) {
    lua_rawgeti(L, from, right);
    lua_rawseti(L, to, out++);
  }
}

static void copy(lua_State *L, int from, int to, lua_Integer length) {
  for (lua_Integer i = 1; i <= length; i++) {
    lua_rawgeti(L, from, i);
    lua_rawseti(L, to, i);
  }
}

static lua_Integer nearer(lua_Integer a, lua_Integer b) { return a < b ? a : b; }

int sandbox_table_sort(lua_State *L) {
  static const char where[] = "table.sort";
  lua_settop(L, 2);
  if (lua_type(L, TABLE) != LUA_TTABLE) return sandbox_bad_argument(L, where, TABLE, "a table");
  if (sandbox_push_hidden(L, TABLE)) return sandbox_refuse_write(L);
  lua_Integer length = (lua_Integer)lua_rawlen(L, TABLE);
  if (length < 2) return 0;
  if (!lua_isnil(L, COMPARISON) && !lua_isfunction(L, COMPARISON)) {
    return sandbox_bad_argument(L, where, COMPARISON, "a function");
  }
  sandbox_charge(L, length);
  lua_createtable(L, (int)length, 0);
  lua_createtable(L, (int)length, 0);
  copy(L, TABLE, FROM, length);
  int from = FROM, to = TO;
  for (lua_Integer width = 1; width < length; width *= 2) {
    sandbox_charge(L, length / 2);
    for (lua_Integer low = 1; low <= length; low += 2 * width) {
      merge(L, low, nearer(low + width, length + 1), nearer(low + 2 * width, length + 1), from, to);
    }
    int spare = from;
    from = to;
    to = spare;
  }
  copy(L, from, TABLE, length);
  return 0;
}
