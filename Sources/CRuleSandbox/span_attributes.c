#include <lauxlib.h>
#include <string.h>

#include "span_api.h"
#include "span_internal.h"

// The attributes of a span, a resource, a scope, an event or a link.

static const uint8_t *attribute_key(lua_State *L, size_t *length) {
  if (lua_type(L, 2) != LUA_TSTRING) {
    sandbox_refuse(L, "an attribute key is a string, this is a %s", luaL_typename(L, 2));
  }
  return (const uint8_t *)lua_tolstring(L, 2, length);
}

int span_attributes_index(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  size_t length;
  const uint8_t *key = attribute_key(L, &length);
  rule_value value = {0};
  return span_push(L, HOST(L)->get_attribute(CONTEXT(L), self->owner, self->index, key, length, &value), &value);
}

int span_attributes_newindex(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  if (self->owner != RULE_OWNER_SPAN) return span_refuse_write(L);
  size_t length;
  const uint8_t *key = attribute_key(L, &length);
  rule_value value = span_value_at(L, 3);
  sandbox_charge(L, 4 + (lua_Integer)(length / 16));
  if (HOST(L)->set_attribute(CONTEXT(L), key, length, &value) == RULE_REFUSED) return rule_raise_refusal(L);
  sandbox_charge(L, value.cost);
  return 0;
}

int span_attributes_next(lua_State *L) {
  const handle *self = lua_touserdata(L, lua_upvalueindex(2));
  uint32_t position = (uint32_t)lua_tointeger(L, lua_upvalueindex(3));
  rule_value key = {0}, value = {0};
  rule_answer answer = HOST(L)->next_attribute(CONTEXT(L), self->owner, self->index, &position, &key, &value);
  if (answer == RULE_ABSENT) {
    sandbox_charge(L, 1 + key.cost);
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, position);
  lua_replace(L, lua_upvalueindex(3));
  span_push(L, answer, &key);
  span_push(L, answer, &value);
  return 2;
}

int span_attributes_pairs(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, span_attributes_next, 3);
  return 1;
}
