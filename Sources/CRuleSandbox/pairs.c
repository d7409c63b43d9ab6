#include <string.h>

#include "internal.h"

// Lua walks a hash in an order that depends on a random seed and on addresses. A rule must do the same every time, so
// pairs takes the keys first and sorts them: numbers, strings by bytes, booleans.

typedef struct sorted_key {
  int rank;
  /// Where the key is in the list of keys.
  int position;
  size_t length;
  union {
    lua_Integer integer;
    lua_Number number;
    const char *text;
  } value;
} sorted_key;

enum { RANK_INTEGER, RANK_FLOAT, RANK_TEXT, RANK_BOOLEAN };

// A float key has no integer value: it has a fraction, or lies outside all integers.
static int compare_mixed(lua_Integer integer, lua_Number number) {
  const lua_Number beyond = 9223372036854775808.0;
  if (number >= beyond) return -1;
  if (number < -beyond) return 1;
  return (lua_Number)integer < number ? -1 : 1;
}

static int compare_keys(const sorted_key *a, const sorted_key *b) {
  if (a->rank <= RANK_FLOAT && b->rank <= RANK_FLOAT) {
    if (a->rank == RANK_INTEGER && b->rank == RANK_FLOAT) return compare_mixed(a->value.integer, b->value.number);
    if (a->rank == RANK_FLOAT && b->rank == RANK_INTEGER) return -compare_mixed(b->value.integer, a->value.number);
    if (a->rank == RANK_FLOAT) return a->value.number < b->value.number ? -1 : 1;
    return a->value.integer < b->value.integer ? -1 : 1;
  }
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  if (a->rank == RANK_BOOLEAN) return a->value.integer < b->value.integer ? -1 : 1;
  size_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->value.text, b->value.text, shorter);
  if (order != 0) return order;
  return a->length < b->length ? -1 : 1;
}

static void sift(sorted_key *keys, size_t root, size_t count) {
  sorted_key moved = keys[root];
  for (size_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && compare_keys(&keys[child], &keys[child + 1]) < 0) child++;
    if (compare_keys(&moved, &keys[child]) > 0) break;
    keys[root] = keys[child];
  }
  keys[root] = moved;
}

static void sort_keys(sorted_key *keys, size_t count) {
  for (size_t root = count / 2; root-- > 0;) sift(keys, root, count);
  for (size_t end = count; end-- > 1;) {
    sorted_key last = keys[end];
    keys[end] = keys[0];
    keys[0] = last;
    sift(keys, 0, end);
  }
}

// False for a key that has no order.
static bool describe_key(lua_State *L, int index, sorted_key *key) {
  switch (lua_type(L, index)) {
  case LUA_TNUMBER:
    if (lua_isinteger(L, index)) {
      key->rank = RANK_INTEGER;
      key->value.integer = lua_tointeger(L, index);
    } else {
      key->rank = RANK_FLOAT;
      key->value.number = lua_tonumber(L, index);
    }
    break;
  case LUA_TSTRING:
    key->rank = RANK_TEXT;
    key->value.text = lua_tolstring(L, index, &key->length);
    break;
  case LUA_TBOOLEAN:
    key->rank = RANK_BOOLEAN;
    key->value.integer = lua_toboolean(L, index);
    break;
  default: return false;
  }
  return true;
}

// The iterator: upvalues are the table that is read, the list of keys, their order (or nil), the position.
static int pairs_step(lua_State *L) {
  int table = lua_upvalueindex(1), list = lua_upvalueindex(2);
  const sorted_key *order = lua_touserdata(L, lua_upvalueindex(3));
  lua_Integer position = lua_tointeger(L, lua_upvalueindex(4));
  for (;;) {
    sandbox_charge(L, 1);
    lua_Integer at = ++position;
    if (at > (lua_Integer)lua_rawlen(L, list)) {
      lua_pushnil(L);
      return 1;
    }
    if (order != NULL) at = order[at - 1].position;
    lua_rawgeti(L, list, at);
    lua_pushvalue(L, -1);
    // Gone if the loop's body has removed it.
    if (lua_rawget(L, table) != LUA_TNIL) break;
    lua_pop(L, 2);
  }
  lua_pushinteger(L, position);
  lua_replace(L, lua_upvalueindex(4));
  return 2;
}

// Pushes the list of keys of the table at index; true where they are in order as they come, as in every list.
// Of texts that is never said: it would be luck, and the steps must not depend on it.
static bool push_keys(lua_State *L, int index, lua_Integer *count, size_t *bytes) {
  bool ordered = true;
  int unordered = LUA_TNONE;
  sorted_key last = {.rank = RANK_INTEGER}, key = last;
  lua_createtable(L, (int)lua_rawlen(L, index), 0);
  int list = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    lua_pop(L, 1);
    sandbox_charge(L, 1);
    key.length = 0;
    if (!describe_key(L, -1, &key)) {
      // To the end all the same, and the same of several kinds: what comes first is a matter of addresses.
      if (unordered == LUA_TNONE || lua_type(L, -1) < unordered) unordered = lua_type(L, -1);
      continue;
    }
    bool has_text = key.rank == RANK_TEXT || last.rank == RANK_TEXT;
    ordered = *count == 0 || (ordered && !has_text && compare_keys(&last, &key) < 0);
    *bytes += key.length;
    last = key;
    lua_pushvalue(L, -1);
    lua_rawseti(L, list, ++*count);
  }
  if (unordered != LUA_TNONE) {
    sandbox_refuse(L, "pairs: a key is a %s; only strings, numbers and booleans have an order",
                   lua_typename(L, unordered));
  }
  return ordered;
}

static void push_order(lua_State *L, int list, lua_Integer count, size_t bytes) {
  lua_Integer levels = 1;
  while (((lua_Integer)1 << levels) < count) levels++;
  sandbox_charge(L, levels * (count + (lua_Integer)(bytes / 64)));
  sorted_key *order = lua_newuserdatauv(L, (size_t)count * sizeof *order, 0);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_rawgeti(L, list, i);
    order[i - 1] = (sorted_key){.position = (int)i};
    describe_key(L, -1, &order[i - 1]);
    lua_pop(L, 1);
  }
  sort_keys(order, (size_t)count);
}

int sandbox_base_pairs(lua_State *L) {
  sandbox_check_any(L, "pairs", 1);
  if (lua_type(L, 1) == LUA_TUSERDATA && luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_call(L, 1, 3);
    return 3;
  }
  if (lua_type(L, 1) != LUA_TTABLE) return sandbox_bad_argument(L, "pairs", 1, "a table");
  lua_settop(L, 1);
  if (!sandbox_push_hidden(L, 1)) lua_pushvalue(L, 1);
  lua_Integer count = 0;
  size_t bytes = 0;
  if (push_keys(L, 2, &count, &bytes)) {
    lua_pushnil(L);
  } else {
    push_order(L, 3, count, bytes);
  }
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, pairs_step, 4);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}
