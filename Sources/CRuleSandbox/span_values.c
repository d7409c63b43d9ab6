#include <lauxlib.h>
#include <string.h>

#include "any_value.h"
#include "internal.h"
#include "span_api.h"
#include "span_internal.h"

// Values on their way between Lua and the host, and what is said of those that cannot go.

int span_refuse_unknown(lua_State *L, const char *what, const struct member *members) {
  size_t length;
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &length) : NULL;
  if (name == NULL) return sandbox_refuse(L, "a field of %s has a name, this is a %s", what, luaL_typename(L, 2));
  // A name that was made at run time may be a span's value.
  if (sandbox_name_in_source(L, 2) == NULL) return sandbox_refuse(L, "%s has no field of this name", what);
  const char *names[32];
  size_t count = 0;
  for (const struct member *m = members; m->name; m++) names[count++] = m->name;
  const char *near = sandbox_nearest(name, length, names, count);
  if (near == NULL) return sandbox_refuse(L, "%s is not a field of %s", name, what);
  return sandbox_refuse(L, "%s is not a field of %s; did you mean %s?", name, what, near);
}

int span_push(lua_State *L, rule_answer answer, const rule_value *value) {
  if (answer == RULE_REFUSED) return rule_raise_refusal(L);
  sandbox_charge(L, 1 + value->cost);
  if (answer == RULE_ABSENT) {
    lua_pushnil(L);
    return 1;
  }
  switch (value->type) {
    case RULE_NIL: lua_pushnil(L); break;
    case RULE_BOOLEAN: lua_pushboolean(L, value->integer != 0); break;
    case RULE_INTEGER: lua_pushinteger(L, value->integer); break;
    case RULE_NUMBER: lua_pushnumber(L, value->number); break;
    case RULE_TEXT:
      sandbox_charge(L, (lua_Integer)(value->length / 16));
      lua_pushlstring(L, value->bytes ? (const char *)value->bytes : "", value->length);
      break;
    case RULE_ANY_VALUE: any_value_push(L, value->bytes, value->length); break;
    case RULE_SPAN: lua_pushnil(L); break;
  }
  return 1;
}

rule_value span_value_at(lua_State *L, int index) {
  rule_value value = {0};
  switch (lua_type(L, index)) {
    case LUA_TNIL: value.type = RULE_NIL; break;
    case LUA_TBOOLEAN:
      value.type = RULE_BOOLEAN;
      value.integer = lua_toboolean(L, index);
      break;
    case LUA_TNUMBER:
      if (lua_isinteger(L, index)) {
        value.type = RULE_INTEGER;
        value.integer = lua_tointeger(L, index);
      } else {
        value.type = RULE_NUMBER;
        value.number = lua_tonumber(L, index);
      }
      break;
    case LUA_TSTRING:
      value.type = RULE_TEXT;
      value.bytes = (const uint8_t *)lua_tolstring(L, index, &value.length);
      sandbox_charge(L, (lua_Integer)(value.length / 16));
      break;
    default:
      rule_walk_value(L, index, RULE_WALK_WRITTEN);
      value.type = RULE_ANY_VALUE;
  }
  return value;
}

int span_refuse_write(lua_State *L) {
  return sandbox_refuse(L, "only span.attributes, span.name and span.status can be written; hide the rest instead");
}

void span_push_handle(lua_State *L, const char *type, rule_owner owner, uint32_t index) {
  handle *self = lua_newuserdatauv(L, sizeof *self, 0);
  self->owner = owner;
  self->index = index;
  luaL_setmetatable(L, type);
}
