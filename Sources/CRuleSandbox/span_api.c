#include "span_api.h"

#include <lauxlib.h>
#include <string.h>

#include "any_value.h"
#include "include/sandbox.h"
#include "internal.h"

// The span and its parts are userdata that hold no pointer, only what they stand for. There is one span object in a
// state, an alias of whatever span is at hand; no state passes between spans, so nobody can hold on to an old one.
typedef struct handle {
  rule_owner owner;
  uint32_t index;  // of an event or link, from 0
} handle;

#define SPAN_TYPE "span"
#define STATUS_TYPE "status"
#define SCOPE_TYPE "scope"
#define ATTRIBUTES_TYPE "attributes"
#define LIST_TYPE "list"
#define PART_TYPE "part"

// Members of the span that are not plain fields come after RULE_FIELD_COUNT.
enum {
  MEMBER_STATUS = RULE_FIELD_COUNT,
  MEMBER_SCOPE,
  MEMBER_ATTRIBUTES,
  MEMBER_RESOURCE,
  MEMBER_EVENTS,
  MEMBER_LINKS,
  MEMBER_KEEP,
  MEMBER_SAMPLE,
  MEMBER_DROP,
  MEMBER_RATE_LIMIT,
  MEMBER_HIDE,
};

static const struct member {
  const char *name;
  int id;
} span_members[] = {
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
    {"status", MEMBER_STATUS},
    {"scope", MEMBER_SCOPE},
    {"attributes", MEMBER_ATTRIBUTES},
    {"resource", MEMBER_RESOURCE},
    {"events", MEMBER_EVENTS},
    {"links", MEMBER_LINKS},
    {"keep", MEMBER_KEEP},
    {"sample", MEMBER_SAMPLE},
    {"drop", MEMBER_DROP},
    {"rate_limit", MEMBER_RATE_LIMIT},
    {"hide", MEMBER_HIDE},
    {NULL, 0},
};

static const struct member status_members[] = {
    {"code", RULE_FIELD_STATUS_CODE}, {"message", RULE_FIELD_STATUS_MESSAGE}, {NULL, 0}};

enum { SCOPE_ATTRIBUTES = RULE_FIELD_COUNT };
static const struct member scope_members[] = {
    {"name", RULE_FIELD_SCOPE_NAME},
    {"version", RULE_FIELD_SCOPE_VERSION},
    {"attributes", SCOPE_ATTRIBUTES},
    {NULL, 0},
};

enum { PART_ATTRIBUTES = 100 };
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

static const char host_key = 'h';

const rule_host *rule_host_of(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &host_key);
  const rule_host *host = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return host;
}

// Every C function below has the host's table as its first upvalue.
#define HOST(L) ((const rule_host *)lua_touserdata(L, lua_upvalueindex(1)))
#define CONTEXT(L) (sandbox_of(L)->host)

// MARK: errors

static int refuse_unknown(lua_State *L, const char *what, const struct member *members) {
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

// MARK: values

static int push(lua_State *L, rule_answer answer, const rule_value *value) {
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
  }
  return 1;
}

// The Lua value at `index` as the host takes it; tables and nodes are walked.
static rule_value value_at(lua_State *L, int index) {
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

// MARK: the span

static int member_id(lua_State *L) {
  // The second upvalue maps names to ids.
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNUMBER) return -1;
  return (int)lua_tointeger(L, -1);
}

static int span_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? member_id(L) : -1;
  if (id < 0) return refuse_unknown(L, "a span", span_members);
  if (id < RULE_FIELD_COUNT) {
    rule_value value = {0};
    return push(L, HOST(L)->get_field(CONTEXT(L), (rule_field)id, &value), &value);
  }
  // Parts and verbs were made once; the third upvalue holds them by id.
  lua_rawgeti(L, lua_upvalueindex(3), id);
  return 1;
}

static int set_field(lua_State *L, int id) {
  rule_value value = value_at(L, 3);
  sandbox_charge(L, 4);
  if (HOST(L)->set_field(CONTEXT(L), (rule_field)id, &value) == RULE_REFUSED) return rule_raise_refusal(L);
  return 0;
}

static int span_newindex(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? member_id(L) : -1;
  if (id < 0) return refuse_unknown(L, "a span", span_members);
  if (id >= RULE_FIELD_COUNT) return sandbox_refuse(L, "span.%s cannot be assigned", lua_tostring(L, 2));
  return set_field(L, id);
}

static int status_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? member_id(L) : -1;
  if (id < 0) return refuse_unknown(L, "a status", status_members);
  rule_value value = {0};
  return push(L, HOST(L)->get_field(CONTEXT(L), (rule_field)id, &value), &value);
}

static int status_newindex(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? member_id(L) : -1;
  if (id < 0) return refuse_unknown(L, "a status", status_members);
  return set_field(L, id);
}

static int scope_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? member_id(L) : -1;
  if (id < 0) return refuse_unknown(L, "a scope", scope_members);
  if (id == SCOPE_ATTRIBUTES) {
    lua_pushvalue(L, lua_upvalueindex(3));
    return 1;
  }
  rule_value value = {0};
  return push(L, HOST(L)->get_field(CONTEXT(L), (rule_field)id, &value), &value);
}

static int read_only(lua_State *L) {
  return sandbox_refuse(L, "only span.attributes, span.name and span.status can be written; hide the rest instead");
}

// MARK: attributes

static const uint8_t *attribute_key(lua_State *L, size_t *length) {
  if (lua_type(L, 2) != LUA_TSTRING) {
    sandbox_refuse(L, "an attribute key is a string, this is a %s", luaL_typename(L, 2));
  }
  return (const uint8_t *)lua_tolstring(L, 2, length);
}

static int attributes_index(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  size_t length;
  const uint8_t *key = attribute_key(L, &length);
  rule_value value = {0};
  return push(L, HOST(L)->get_attribute(CONTEXT(L), self->owner, self->index, key, length, &value), &value);
}

static int attributes_newindex(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  if (self->owner != RULE_OWNER_SPAN) return read_only(L);
  size_t length;
  const uint8_t *key = attribute_key(L, &length);
  rule_value value = value_at(L, 3);
  sandbox_charge(L, 4 + (lua_Integer)(length / 16));
  if (HOST(L)->set_attribute(CONTEXT(L), key, length, &value) == RULE_REFUSED) return rule_raise_refusal(L);
  sandbox_charge(L, value.cost);
  return 0;
}

static int attributes_next(lua_State *L) {
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
  push(L, answer, &key);
  push(L, answer, &value);
  return 2;
}

static int attributes_pairs(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, attributes_next, 3);
  return 1;
}

static void push_handle(lua_State *L, const char *type, rule_owner owner, uint32_t index) {
  handle *self = lua_newuserdatauv(L, sizeof *self, 0);
  self->owner = owner;
  self->index = index;
  luaL_setmetatable(L, type);
}

// MARK: events and links

static lua_Integer part_count(lua_State *L, const handle *self) {
  rule_value value = {0};
  if (HOST(L)->count(CONTEXT(L), self->owner, &value) == RULE_REFUSED) rule_raise_refusal(L);
  sandbox_charge(L, 1 + value.cost);
  return value.integer;
}

static int list_length(lua_State *L) {
  lua_pushinteger(L, part_count(L, lua_touserdata(L, 1)));
  return 1;
}

static int list_index(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  const char *name = self->owner == RULE_OWNER_EVENT ? "span.events" : "span.links";
  if (!lua_isinteger(L, 2)) return sandbox_refuse(L, "%s takes a number from 1 to #%s", name, name);
  lua_Integer index = lua_tointeger(L, 2);
  if (index < 1 || index > part_count(L, self)) {
    lua_pushnil(L);
  } else {
    push_handle(L, PART_TYPE, self->owner, (uint32_t)(index - 1));
  }
  return 1;
}

static int part_index(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  bool is_event = self->owner == RULE_OWNER_EVENT;
  const struct member *members = is_event ? event_members : link_members, *found = members;
  size_t length = 0;
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &length) : "";
  // A name may hold a zero byte, at which comparing would end.
  while (found->name && (strlen(found->name) != length || strcmp(found->name, name) != 0)) found++;
  if (found->name == NULL) return refuse_unknown(L, is_event ? "an event" : "a link", members);
  if (found->id == PART_ATTRIBUTES) {
    push_handle(L, ATTRIBUTES_TYPE, self->owner, self->index);
    return 1;
  }
  rule_value value = {0};
  return push(L, HOST(L)->get_part(CONTEXT(L), self->owner, self->index, (rule_part_field)found->id, &value), &value);
}

// MARK: verbs

static void check_span(lua_State *L, const char *verb) {
  if (luaL_testudata(L, 1, SPAN_TYPE) == NULL) {
    sandbox_refuse(L, "span:%s(…) is written with a colon", verb);
  }
}

static int apply(lua_State *L, rule_verb verb, const char *name, double amount, int reason_index) {
  if (lua_type(L, reason_index) != LUA_TSTRING) {
    return sandbox_refuse(L, "span:%s needs a reason, a string that the rule declares under `can`", name);
  }
  size_t length;
  const uint8_t *reason = (const uint8_t *)lua_tolstring(L, reason_index, &length);
  sandbox_charge(L, 2);
  if (HOST(L)->verb(CONTEXT(L), verb, amount, reason, length) == RULE_REFUSED) return rule_raise_refusal(L);
  return 0;
}

static double amount_at(lua_State *L, const char *verb, double most) {
  if (lua_type(L, 2) != LUA_TNUMBER) {
    sandbox_refuse(L, "span:%s takes a number first, this is a %s", verb, luaL_typename(L, 2));
  }
  double amount = lua_tonumber(L, 2);
  if (!(amount >= 0 && amount <= most)) sandbox_refuse(L, "the number for span:%s is out of range", verb);
  return amount;
}

static int span_keep(lua_State *L) {
  check_span(L, "keep");
  return apply(L, RULE_VERB_KEEP, "keep", 1, 2);
}

static int span_drop(lua_State *L) {
  check_span(L, "drop");
  return apply(L, RULE_VERB_DROP, "drop", 0, 2);
}

static int span_sample(lua_State *L) {
  check_span(L, "sample");
  return apply(L, RULE_VERB_SAMPLE, "sample", amount_at(L, "sample", 1), 3);
}

static int span_rate_limit(lua_State *L) {
  check_span(L, "rate_limit");
  return apply(L, RULE_VERB_RATE_LIMIT, "rate_limit", amount_at(L, "rate_limit", 1e9), 3);
}

static int span_hide(lua_State *L) {
  check_span(L, "hide");
  uint32_t serial;
  if (!rule_node_serial(L, 2, &serial)) {
    return sandbox_refuse(L, "span:hide takes a step that was made while loading, such as match.names { \"card\" }");
  }
  sandbox_charge(L, 2);
  if (HOST(L)->hide(CONTEXT(L), serial) == RULE_REFUSED) return rule_raise_refusal(L);
  return 0;
}

// MARK: installation

static void push_names(lua_State *L, const struct member *members) {
  lua_newtable(L);
  for (const struct member *m = members; m->name; m++) {
    lua_pushinteger(L, m->id);
    lua_setfield(L, -2, m->name);
  }
}

static void set_function(lua_State *L, const rule_host *host, const char *name, lua_CFunction function) {
  lua_pushlightuserdata(L, (void *)host);
  lua_pushcclosure(L, function, 1);
  lua_setfield(L, -2, name);
}

// A metamethod that looks names up in `members` and, where `extra` is not zero, has that value as a third upvalue.
static void set_lookup(lua_State *L, const rule_host *host, const char *name, lua_CFunction function,
                       const struct member *members, int extra) {
  lua_pushlightuserdata(L, (void *)host);
  push_names(L, members);
  if (extra) lua_pushvalue(L, extra);
  lua_pushcclosure(L, function, extra ? 3 : 2);
  lua_setfield(L, -2, name);
}

static void new_type(lua_State *L, const char *type, const char *shown) {
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

  new_type(L, ATTRIBUTES_TYPE, "attributes");
  set_function(L, host, "__index", attributes_index);
  set_function(L, host, "__newindex", attributes_newindex);
  set_function(L, host, "__pairs", attributes_pairs);
  lua_pop(L, 1);

  new_type(L, LIST_TYPE, "list");
  set_function(L, host, "__index", list_index);
  set_function(L, host, "__newindex", read_only);
  set_function(L, host, "__len", list_length);
  lua_pop(L, 1);

  new_type(L, PART_TYPE, "part of a span");
  set_function(L, host, "__index", part_index);
  set_function(L, host, "__newindex", read_only);
  lua_pop(L, 1);

  new_type(L, STATUS_TYPE, "status");
  set_lookup(L, host, "__index", status_index, status_members, 0);
  set_lookup(L, host, "__newindex", status_newindex, status_members, 0);
  lua_pop(L, 1);

  new_type(L, SCOPE_TYPE, "scope");
  int scope_type = lua_gettop(L);
  push_handle(L, ATTRIBUTES_TYPE, RULE_OWNER_SCOPE, 0);
  int scope_attributes = lua_gettop(L);
  lua_pushvalue(L, scope_type);
  set_lookup(L, host, "__index", scope_index, scope_members, scope_attributes);
  set_function(L, host, "__newindex", read_only);
  lua_settop(L, scope_type - 1);

  lua_newtable(L);
  int parts = lua_gettop(L);
  push_handle(L, STATUS_TYPE, RULE_OWNER_SPAN, 0);
  lua_rawseti(L, parts, MEMBER_STATUS);
  push_handle(L, SCOPE_TYPE, RULE_OWNER_SCOPE, 0);
  lua_rawseti(L, parts, MEMBER_SCOPE);
  push_handle(L, ATTRIBUTES_TYPE, RULE_OWNER_SPAN, 0);
  lua_rawseti(L, parts, MEMBER_ATTRIBUTES);
  push_handle(L, ATTRIBUTES_TYPE, RULE_OWNER_RESOURCE, 0);
  lua_rawseti(L, parts, MEMBER_RESOURCE);
  push_handle(L, LIST_TYPE, RULE_OWNER_EVENT, 0);
  lua_rawseti(L, parts, MEMBER_EVENTS);
  push_handle(L, LIST_TYPE, RULE_OWNER_LINK, 0);
  lua_rawseti(L, parts, MEMBER_LINKS);
  static const struct {
    int id;
    lua_CFunction function;
  } verbs[] = {{MEMBER_KEEP, span_keep},
               {MEMBER_SAMPLE, span_sample},
               {MEMBER_DROP, span_drop},
               {MEMBER_RATE_LIMIT, span_rate_limit},
               {MEMBER_HIDE, span_hide}};
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
    lua_pushlightuserdata(L, (void *)host);
    lua_pushcclosure(L, verbs[i].function, 1);
    lua_rawseti(L, parts, verbs[i].id);
  }

  new_type(L, SPAN_TYPE, "span");
  set_lookup(L, host, "__index", span_index, span_members, parts);
  set_lookup(L, host, "__newindex", span_newindex, span_members, 0);
  lua_pop(L, 1);
  push_handle(L, SPAN_TYPE, RULE_OWNER_SPAN, 0);
  int reference = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_settop(L, parts - 1);
  return reference;
}
