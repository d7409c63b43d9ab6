#include <lauxlib.h>
#include <string.h>

#include "any_value.h"
#include "span_api.h"
#include "span_internal.h"

const struct member span_members[] = {
    {"name", RULE_FIELD_NAME},
    {"kind", RULE_FIELD_KIND},
    {"duration", RULE_FIELD_DURATION},
    {"duration_ms", RULE_FIELD_DURATION_MS},
    {"start_time", RULE_FIELD_START_TIME},
    {"end_time", RULE_FIELD_END_TIME},
    {"trace_id", RULE_FIELD_TRACE_ID},
    {"span_id", RULE_FIELD_SPAN_ID},
    {"parent_span_id", RULE_FIELD_PARENT_SPAN_ID},
    {"trace_state", RULE_FIELD_TRACE_STATE},
    {"flags", RULE_FIELD_FLAGS},
    {"dropped_attributes_count", RULE_FIELD_DROPPED_ATTRIBUTES_COUNT},
    {"dropped_events_count", RULE_FIELD_DROPPED_EVENTS_COUNT},
    {"dropped_links_count", RULE_FIELD_DROPPED_LINKS_COUNT},
    {"schema_url", RULE_FIELD_SCHEMA_URL},
    {"resource_schema_url", RULE_FIELD_RESOURCE_SCHEMA_URL},
    {"status", SPAN_STATUS},
    {"scope", SPAN_SCOPE},
    {"attributes", SPAN_ATTRIBUTES},
    {"resource", SPAN_RESOURCE},
    {"events", SPAN_EVENTS},
    {"links", SPAN_LINKS},
    {"keep", SPAN_VERB},
    {"sample", SPAN_VERB},
    {"drop", SPAN_VERB},
    {"rate_limit", SPAN_VERB},
    {"hide", SPAN_VERB},
    {NULL, 0},
};

const struct member status_members[] = {
    {"code", RULE_FIELD_STATUS_CODE}, {"message", RULE_FIELD_STATUS_MESSAGE}, {NULL, 0}};

const struct member scope_members[] = {
    {"name", RULE_FIELD_SCOPE_NAME},
    {"version", RULE_FIELD_SCOPE_VERSION},
    {"attributes", SCOPE_ATTRIBUTES},
    {NULL, 0},
};

static const char host_key = 'h';

const rule_host *rule_host_of(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &host_key);
  const rule_host *host = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return host;
}

// MARK: the span

int span_member_id(lua_State *L) {
  // The second upvalue maps names to ids.
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNUMBER) return -1;
  return (int)lua_tointeger(L, -1);
}

// __index of the span's parts: reached for what is none of them, a field or a misspelling. There is one span in a state,
// so it does not matter through which table it was asked.
static int span_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) return span_refuse_unknown(L, "a span", span_members);
  rule_value value = {0};
  return span_push(L, HOST(L)->get_field(CONTEXT(L), (rule_field)id, &value), &value);
}

static int set_field(lua_State *L, int id) {
  rule_value value = span_value_at(L, 3);
  sandbox_charge(L, 4);
  if (HOST(L)->set_field(CONTEXT(L), (rule_field)id, &value) == RULE_REFUSED) return rule_raise_refusal(L);
  return 0;
}

static int span_newindex(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) return span_refuse_unknown(L, "a span", span_members);
  if (id >= RULE_FIELD_COUNT) return sandbox_refuse(L, "span.%s cannot be assigned", lua_tostring(L, 2));
  return set_field(L, id);
}

static int status_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) return span_refuse_unknown(L, "a status", status_members);
  rule_value value = {0};
  return span_push(L, HOST(L)->get_field(CONTEXT(L), (rule_field)id, &value), &value);
}

static int status_newindex(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) return span_refuse_unknown(L, "a status", status_members);
  return set_field(L, id);
}

static int scope_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) return span_refuse_unknown(L, "a scope", scope_members);
  if (id == SCOPE_ATTRIBUTES) {
    lua_pushvalue(L, lua_upvalueindex(3));
    return 1;
  }
  rule_value value = {0};
  return span_push(L, HOST(L)->get_field(CONTEXT(L), (rule_field)id, &value), &value);
}

// MARK: installation

static void push_names(lua_State *L, const struct member *members) {
  lua_newtable(L);
  for (const struct member *m = members; m->name; m++) {
    lua_pushinteger(L, m->id);
    lua_setfield(L, -2, m->name);
  }
}

void span_set_function(lua_State *L, const rule_host *host, const char *name, lua_CFunction function) {
  lua_pushlightuserdata(L, (void *)host);
  lua_pushcclosure(L, function, 1);
  lua_setfield(L, -2, name);
}

// A metamethod that looks names up in `members` and, where `extra` is not zero, has that value as a third upvalue.
void span_set_lookup(lua_State *L, const rule_host *host, const char *name, lua_CFunction function,
                     const struct member *members, int extra) {
  lua_pushlightuserdata(L, (void *)host);
  push_names(L, members);
  if (extra) lua_pushvalue(L, extra);
  lua_pushcclosure(L, function, extra ? 3 : 2);
  lua_setfield(L, -2, name);
}

void span_new_type(lua_State *L, const char *type, const char *shown) {
  luaL_newmetatable(L, type);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushstring(L, shown);
  lua_setfield(L, -2, "__name");
}

int span_api_install(lua_State *L, const rule_host *host) {
  lua_pushlightuserdata(L, (void *)host);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &host_key);
  any_value_install(L);

  span_new_type(L, ATTRIBUTES_TYPE, "attributes");
  span_set_function(L, host, "__index", span_attributes_index);
  span_set_function(L, host, "__newindex", span_attributes_newindex);
  span_set_function(L, host, "__pairs", span_attributes_pairs);
  lua_pop(L, 1);

  span_new_type(L, LIST_TYPE, "list");
  span_set_function(L, host, "__index", span_list_index);
  span_set_function(L, host, "__newindex", span_refuse_write);
  span_set_function(L, host, "__len", span_list_length);
  lua_pop(L, 1);

  span_new_type(L, PART_TYPE, "part of a span");
  span_set_function(L, host, "__index", span_part_index);
  span_set_function(L, host, "__newindex", span_refuse_write);
  lua_pop(L, 1);

  span_new_type(L, STATUS_TYPE, "status");
  span_set_lookup(L, host, "__index", status_index, status_members, 0);
  span_set_lookup(L, host, "__newindex", status_newindex, status_members, 0);
  lua_pop(L, 1);

  span_new_type(L, SCOPE_TYPE, "scope");
  int scope_type = lua_gettop(L);
  span_push_handle(L, ATTRIBUTES_TYPE, RULE_OWNER_SCOPE, 0);
  int scope_attributes = lua_gettop(L);
  lua_pushvalue(L, scope_type);
  span_set_lookup(L, host, "__index", scope_index, scope_members, scope_attributes);
  span_set_function(L, host, "__newindex", span_refuse_write);
  lua_settop(L, scope_type - 1);

  // The span's parts and verbs are members of a table, so that Lua finds them without a call; fields are asked for.
  lua_newtable(L);
  int parts = lua_gettop(L);
  span_push_handle(L, STATUS_TYPE, RULE_OWNER_SPAN, 0);
  lua_setfield(L, parts, "status");
  span_push_handle(L, SCOPE_TYPE, RULE_OWNER_SCOPE, 0);
  lua_setfield(L, parts, "scope");
  span_push_handle(L, ATTRIBUTES_TYPE, RULE_OWNER_SPAN, 0);
  lua_setfield(L, parts, "attributes");
  span_push_handle(L, ATTRIBUTES_TYPE, RULE_OWNER_RESOURCE, 0);
  lua_setfield(L, parts, "resource");
  span_push_handle(L, LIST_TYPE, RULE_OWNER_EVENT, 0);
  lua_setfield(L, parts, "events");
  span_push_handle(L, LIST_TYPE, RULE_OWNER_LINK, 0);
  lua_setfield(L, parts, "links");
  static const struct {
    const char *name;
    lua_CFunction function;
  } verbs[] = {{"keep", span_keep},
               {"sample", span_sample},
               {"drop", span_drop},
               {"rate_limit", span_rate_limit},
               {"hide", span_hide}};
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
    lua_pushvalue(L, parts);
    span_set_function(L, host, verbs[i].name, verbs[i].function);
    lua_pop(L, 1);
  }
  lua_newtable(L);
  span_set_lookup(L, host, "__index", span_index, span_members, 0);
  lua_setmetatable(L, parts);

  span_new_type(L, SPAN_TYPE, "span");
  lua_pushvalue(L, parts);
  lua_setfield(L, -2, "__index");
  span_set_lookup(L, host, "__newindex", span_newindex, span_members, 0);
  lua_pop(L, 1);
  span_push_handle(L, SPAN_TYPE, RULE_OWNER_SPAN, 0);
  int reference = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_settop(L, parts - 1);
  return reference;
}
