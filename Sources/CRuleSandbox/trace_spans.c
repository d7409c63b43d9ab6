#include <lauxlib.h>

#include "span_api.h"
#include "trace_internal.h"

// Spans of a trace, which a hook reads as it reads the span of on_span: each access opens the span and goes on there.

static void open_span(lua_State *L, const trace_handle *self) {
  rule_value value = {0};
  rule_answer answer = rule_host_of(L)->open_span(CONTEXT(L), self->span, self->call, &value);
  if (answer == RULE_REFUSED) rule_raise_refusal(L);
  sandbox_charge(L, 1 + value.cost);
}

static const trace_handle *self_at(lua_State *L, int index) {
  const trace_handle *self = lua_touserdata(L, index);
  open_span(L, self);
  return self;
}

const trace_handle *trace_span_at(lua_State *L, int index) {
  const trace_handle *self = luaL_testudata(L, index, TRACE_SPAN_TYPE);
  if (self != NULL) open_span(L, self);
  return self;
}

static void push_part(lua_State *L, const char *type, const trace_handle *whole, rule_owner owner, uint32_t index) {
  // `whole` is a userdata that the caller keeps on the stack.
  sandbox_charge(L, 2);
  trace_handle *made = lua_newuserdatauv(L, sizeof *made, 0);
  *made = (trace_handle){.part = {owner, index}, .span = whole->span, .call = whole->call};
  luaL_setmetatable(L, type);
}

void trace_push_span(lua_State *L, uint32_t index) {
  rule_value call = {0};
  rule_host_of(L)->get_trace(CONTEXT(L), RULE_TRACE_CALL, &call);
  trace_handle whole = {.span = index, .call = call.integer};
  push_part(L, TRACE_SPAN_TYPE, &whole, RULE_OWNER_SPAN, 0);
}

static int push_field(lua_State *L, int id) {
  rule_value value = {0};
  return span_push(L, HOST(L)->get_field(CONTEXT(L), (rule_field)id, &value), &value);
}

// Reached for what is no verb of the span. The second upvalue maps names to ids.
static int span_index(lua_State *L) {
  const trace_handle *self = lua_touserdata(L, 1);
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) {
    // The third upvalue holds the verbs.
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL) return 1;
    return span_refuse_unknown(L, "a span", span_members);
  }
  switch (id) {
    case SPAN_STATUS: push_part(L, TRACE_STATUS_TYPE, self, RULE_OWNER_SPAN, 0); return 1;
    case SPAN_SCOPE: push_part(L, TRACE_SCOPE_TYPE, self, RULE_OWNER_SCOPE, 0); return 1;
    case SPAN_ATTRIBUTES: push_part(L, TRACE_ATTRIBUTES_TYPE, self, RULE_OWNER_SPAN, 0); return 1;
    case SPAN_RESOURCE: push_part(L, TRACE_ATTRIBUTES_TYPE, self, RULE_OWNER_RESOURCE, 0); return 1;
    case SPAN_EVENTS: push_part(L, TRACE_PARTS_TYPE, self, RULE_OWNER_EVENT, 0); return 1;
    case SPAN_LINKS: push_part(L, TRACE_PARTS_TYPE, self, RULE_OWNER_LINK, 0); return 1;
    case SPAN_VERB: lua_pushvalue(L, 2); lua_rawget(L, lua_upvalueindex(3)); return 1;
    default: break;
  }
  open_span(L, self);
  return push_field(L, id);
}

static int status_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) return span_refuse_unknown(L, "a status", status_members);
  self_at(L, 1);
  return push_field(L, id);
}

static int scope_index(lua_State *L) {
  const trace_handle *self = lua_touserdata(L, 1);
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  if (id < 0) return span_refuse_unknown(L, "a scope", scope_members);
  if (id == SCOPE_ATTRIBUTES) {
    push_part(L, TRACE_ATTRIBUTES_TYPE, self, RULE_OWNER_SCOPE, 0);
    return 1;
  }
  open_span(L, self);
  return push_field(L, id);
}

static int attributes_index(lua_State *L) {
  self_at(L, 1);
  return span_attributes_index(L);
}

static int attributes_next(lua_State *L) {
  self_at(L, lua_upvalueindex(2));
  return span_attributes_next(L);
}

static int attributes_pairs(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, attributes_next, 3);
  return 1;
}

static int parts_length(lua_State *L) {
  self_at(L, 1);
  return span_list_length(L);
}

static int parts_index(lua_State *L) {
  const trace_handle *self = self_at(L, 1);
  lua_Integer place = span_list_place(L, &self->part);
  if (place < 0) {
    lua_pushnil(L);
  } else {
    push_part(L, TRACE_PART_TYPE, self, self->part.owner, (uint32_t)place);
  }
  return 1;
}

static int part_index(lua_State *L) {
  const trace_handle *self = self_at(L, 1);
  const struct member *member = span_part_member(L, self->part.owner);
  if (member->id != PART_ATTRIBUTES) return span_part_push(L, &self->part, member);
  push_part(L, TRACE_ATTRIBUTES_TYPE, self, self->part.owner, self->part.index);
  return 1;
}

static int refuse_write(lua_State *L) {
  return sandbox_refuse(L, "spans are read-only in on_trace; span:set(key, value) and trace:set(key, value) set attributes");
}

// MARK: installation

static void add_type(lua_State *L, const rule_host *host, const char *type, const char *shown, lua_CFunction index) {
  span_new_type(L, type, shown);
  span_set_function(L, host, "__index", index);
  span_set_function(L, host, "__newindex", refuse_write);
}

void trace_install_spans(lua_State *L, const rule_host *host) {
  int top = lua_gettop(L);
  add_type(L, host, TRACE_ATTRIBUTES_TYPE, "attributes", attributes_index);
  span_set_function(L, host, "__pairs", attributes_pairs);
  add_type(L, host, TRACE_PARTS_TYPE, "list", parts_index);
  span_set_function(L, host, "__len", parts_length);
  add_type(L, host, TRACE_PART_TYPE, "part of a span", part_index);

  span_new_type(L, TRACE_STATUS_TYPE, "status");
  span_set_lookup(L, host, "__index", status_index, status_members, 0);
  span_set_function(L, host, "__newindex", refuse_write);
  span_new_type(L, TRACE_SCOPE_TYPE, "scope");
  span_set_lookup(L, host, "__index", scope_index, scope_members, 0);
  span_set_function(L, host, "__newindex", refuse_write);

  lua_newtable(L);
  int verbs = lua_gettop(L);
  span_set_function(L, host, "set", trace_span_set);
  static const char *const refused[] = {"keep", "sample", "drop", "rate_limit", "sample_dynamic", "hide"};
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    span_set_function(L, host, refused[i], trace_refuse_span_verb);
  }
  span_new_type(L, TRACE_SPAN_TYPE, "span");
  span_set_lookup(L, host, "__index", span_index, span_members, verbs);
  span_set_function(L, host, "__newindex", refuse_write);
  lua_settop(L, top);
}
