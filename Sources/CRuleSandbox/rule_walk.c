#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "include/sandbox.h"
#include "span_api.h"

// A value goes to the host piece by piece, so that nothing of the state is left in what the host keeps. The host's copy
// lies outside the state's memory; that is why a walk has limits of its own.

typedef struct walking {
  rule_walk purpose;
  lua_Integer values_left;
  lua_Integer bytes_left;
} walking;

// Nodes and tables may stand in each other this deep. A written map takes three messages a level, and decoders commonly
// take 100 in all.
#define MAXIMUM_DEPTH 32
#define MAXIMUM_WRITTEN_DEPTH 16

// A file may use whole lists several times; what is written has to fit into a span.
#define MAXIMUM_VALUES (1 << 18)
#define MAXIMUM_BYTES (1 << 22)
#define MAXIMUM_WRITTEN_VALUES (1 << 14)
#define MAXIMUM_WRITTEN_BYTES (1 << 17)

static void tell(lua_State *L, rule_event event, const rule_value *value) {
  rule_host_of(L)->walk(sandbox_of(L)->host, event, value);
}

static void walk(lua_State *L, walking *work, int index, int depth);

static void walk_pairs(lua_State *L, walking *work, int index, int depth) {
  lua_pushnil(L);
  while (lua_next(L, index)) {
    sandbox_charge(L, 4);
    walk(L, work, lua_gettop(L) - 1, depth);
    walk(L, work, lua_gettop(L), depth);
    lua_pop(L, 1);
  }
}

// A table that was frozen keeps its content behind its metatable's __index.
static void walk_table(lua_State *L, walking *work, int index, int depth) {
  if (luaL_getmetafield(L, index, "__index") == LUA_TTABLE) {
    walk_pairs(L, work, lua_gettop(L), depth);
    lua_pop(L, 1);
  } else {
    walk_pairs(L, work, index, depth);
  }
}

static void check_size(lua_State *L, walking *work, int index, int depth) {
  int deepest = work->purpose == RULE_WALK_WRITTEN ? MAXIMUM_WRITTEN_DEPTH : MAXIMUM_DEPTH;
  if (depth > deepest) sandbox_refuse(L, "tables nest deeper than %d levels", deepest);
  if (lua_type(L, index) == LUA_TSTRING) work->bytes_left -= (lua_Integer)lua_rawlen(L, index);
  work->values_left--;
  if (work->values_left < 0 || work->bytes_left < 0) {
    sandbox_refuse(L, work->purpose == RULE_WALK_WRITTEN ? "the value is too large for an attribute"
                                                         : "the file holds more data than a rule may have");
  }
}

static void walk_node(lua_State *L, walking *work, int index, int depth, const rule_node *node) {
  rule_value value = {.bytes = (const uint8_t *)node->kind, .length = strlen(node->kind)};
  value.integer = node->line;
  value.number = node->serial;
  tell(L, RULE_EVENT_NODE, &value);
  lua_getiuservalue(L, index, 1);
  walk_pairs(L, work, lua_gettop(L), depth);
  lua_pop(L, 1);
  tell(L, RULE_EVENT_END, &value);
}

static void walk(lua_State *L, walking *work, int index, int depth) {
  check_size(L, work, index, depth);
  luaL_checkstack(L, 8, "tables nest too deep");
  rule_value value = {0};
  switch (lua_type(L, index)) {
    case LUA_TNIL: tell(L, RULE_EVENT_VALUE, &value); return;
    case LUA_TBOOLEAN:
      value.type = RULE_BOOLEAN;
      value.integer = lua_toboolean(L, index);
      tell(L, RULE_EVENT_VALUE, &value);
      return;
    case LUA_TNUMBER:
      value.type = lua_isinteger(L, index) ? RULE_INTEGER : RULE_NUMBER;
      value.integer = lua_isinteger(L, index) ? lua_tointeger(L, index) : 0;
      value.number = lua_tonumber(L, index);
      tell(L, RULE_EVENT_VALUE, &value);
      return;
    case LUA_TSTRING:
      value.type = RULE_TEXT;
      value.bytes = (const uint8_t *)lua_tolstring(L, index, &value.length);
      sandbox_charge(L, (lua_Integer)(value.length / 16));
      tell(L, RULE_EVENT_VALUE, &value);
      return;
    case LUA_TTABLE:
      tell(L, RULE_EVENT_TABLE, &value);
      walk_table(L, work, index, depth + 1);
      tell(L, RULE_EVENT_END, &value);
      return;
    case LUA_TFUNCTION:
      if (work->purpose != RULE_WALK_RESULT || lua_iscfunction(L, index)) break;
      lua_pushvalue(L, index);
      value.integer = luaL_ref(L, LUA_REGISTRYINDEX);
      tell(L, RULE_EVENT_FUNCTION, &value);
      return;
    case LUA_TUSERDATA: {
      const rule_node *node = rule_node_at(L, index);
      if (node == NULL) break;
      walk_node(L, work, index, depth, node);
      return;
    }
    default: break;
  }
  const char *type = luaL_typename(L, index);
  value.bytes = (const uint8_t *)type;
  value.length = strlen(type);
  tell(L, RULE_EVENT_OTHER, &value);
}

void rule_walk_value(lua_State *L, int index, rule_walk purpose) {
  bool is_written = purpose == RULE_WALK_WRITTEN;
  walking work = {
    .purpose = purpose,
    .values_left = is_written ? MAXIMUM_WRITTEN_VALUES : MAXIMUM_VALUES,
    .bytes_left = is_written ? MAXIMUM_WRITTEN_BYTES : MAXIMUM_BYTES,
  };
  rule_value none = {0};
  tell(L, RULE_EVENT_START, &none);
  walk(L, &work, lua_absindex(L, index), 0);
}
