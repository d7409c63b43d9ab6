#include <lauxlib.h>
#include <string.h>

#include "span_api.h"
#include "span_internal.h"

// Events and links, which rules read.

static const struct member event_members[] = {
    {"name", RULE_PART_NAME},
    {"time", RULE_PART_TIME},
    {"dropped_attributes_count", RULE_PART_DROPPED_ATTRIBUTES_COUNT},
    {"attributes", PART_ATTRIBUTES},
    {NULL, 0},
};
static const struct member link_members[] = {
    {"trace_id", RULE_PART_TRACE_ID},
    {"span_id", RULE_PART_SPAN_ID},
    {"trace_state", RULE_PART_TRACE_STATE},
    {"flags", RULE_PART_FLAGS},
    {"dropped_attributes_count", RULE_PART_DROPPED_ATTRIBUTES_COUNT},
    {"attributes", PART_ATTRIBUTES},
    {NULL, 0},
};

static lua_Integer part_count(lua_State *L, const handle *self) {
  rule_value value = {0};
  if (HOST(L)->count(CONTEXT(L), self->owner, &value) == RULE_REFUSED) rule_raise_refusal(L);
  sandbox_charge(L, 1 + value.cost);
  return value.integer;
}

int span_list_length(lua_State *L) {
  lua_pushinteger(L, part_count(L, lua_touserdata(L, 1)));
  return 1;
}

lua_Integer span_list_place(lua_State *L, const handle *list) {
  const char *name = list->owner == RULE_OWNER_EVENT ? "span.events" : "span.links";
  if (!lua_isinteger(L, 2)) return sandbox_refuse(L, "%s takes a number from 1 to #%s", name, name);
  lua_Integer index = lua_tointeger(L, 2);
  return index < 1 || index > part_count(L, list) ? -1 : index - 1;
}

int span_list_index(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  lua_Integer place = span_list_place(L, self);
  if (place < 0) {
    lua_pushnil(L);
  } else {
    span_push_handle(L, PART_TYPE, self->owner, (uint32_t)place);
  }
  return 1;
}

const struct member *span_part_member(lua_State *L, rule_owner owner) {
  bool is_event = owner == RULE_OWNER_EVENT;
  const struct member *members = is_event ? event_members : link_members, *found = members;
  size_t length = 0;
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &length) : "";
  // A name may hold a zero byte, at which comparing would end.
  while (found->name && (strlen(found->name) != length || strcmp(found->name, name) != 0)) found++;
  if (found->name == NULL) span_refuse_unknown(L, is_event ? "an event" : "a link", members);
  return found;
}

int span_part_push(lua_State *L, const handle *part, const struct member *member) {
  rule_value value = {0};
  rule_part_field field = (rule_part_field)member->id;
  return span_push(L, HOST(L)->get_part(CONTEXT(L), part->owner, part->index, field, &value), &value);
}

int span_part_index(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  const struct member *member = span_part_member(L, self->owner);
  if (member->id != PART_ATTRIBUTES) return span_part_push(L, self, member);
  span_push_handle(L, ATTRIBUTES_TYPE, self->owner, self->index);
  return 1;
}
