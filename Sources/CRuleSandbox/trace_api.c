#include <lauxlib.h>
#include <string.h>

#include "span_api.h"
#include "trace_api.h"
#include "trace_internal.h"

// Lists and verbs of the trace, in the place of a field's number.
enum { TRACE_ROOT = RULE_TRACE_NAMED_COUNT, TRACE_SPANS, TRACE_VERB };

const struct member trace_members[] = {
    {"id", RULE_TRACE_ID},
    {"duration", RULE_TRACE_DURATION},
    {"duration_ms", RULE_TRACE_DURATION_MS},
    {"complete", RULE_TRACE_COMPLETE},
    {"span_count", RULE_TRACE_SPAN_COUNT},
    {"error_count", RULE_TRACE_ERROR_COUNT},
    {"services", RULE_TRACE_SERVICES},
    {"root", TRACE_ROOT},
    {"spans", TRACE_SPANS},
    {"any", TRACE_VERB},
    {"all", TRACE_VERB},
    {"none", TRACE_VERB},
    {"touches", TRACE_VERB},
    {"self_time", TRACE_VERB},
    {"critical_path", TRACE_VERB},
    {"set", TRACE_VERB},
    {"keep", TRACE_VERB},
    {"sample", TRACE_VERB},
    {"drop", TRACE_VERB},
    {"rate_limit", TRACE_VERB},
    {"sample_dynamic", TRACE_VERB},
    {NULL, 0},
};

static int push_services(lua_State *L) {
  const rule_host *host = HOST(L);
  rule_value count = {0};
  if (host->get_trace(CONTEXT(L), RULE_TRACE_SERVICES, &count) == RULE_REFUSED) return rule_raise_refusal(L);
  sandbox_charge(L, 2 + count.cost);
  lua_createtable(L, (int)count.integer, 0);
  for (lua_Integer i = 1; i <= count.integer; i++) {
    rule_value name = {0};
    span_push(L, host->get_trace_item(CONTEXT(L), RULE_TRACE_SERVICES, (uint32_t)(i - 1), &name), &name);
    lua_rawseti(L, -2, i);
  }
  return 1;
}

static int push_root(lua_State *L) {
  rule_value root = {0};
  rule_answer answer = HOST(L)->get_trace(CONTEXT(L), RULE_TRACE_ROOT, &root);
  if (answer == RULE_REFUSED) return rule_raise_refusal(L);
  sandbox_charge(L, 2);
  if (answer == RULE_ABSENT) {
    lua_pushnil(L);
  } else {
    trace_push_span(L, (uint32_t)root.integer);
  }
  return 1;
}

// Reached for what is no verb of the trace: a field or a misspelling.
static int trace_index(lua_State *L) {
  int id = lua_type(L, 2) == LUA_TSTRING ? span_member_id(L) : -1;
  switch (id) {
    case -1: return span_refuse_unknown(L, "a trace", trace_members);
    case TRACE_ROOT: return push_root(L);
    case TRACE_SPANS: span_push_handle(L, TRACE_LIST_TYPE, RULE_OWNER_SPAN, RULE_TRACE_SPANS); return 1;
    case RULE_TRACE_SERVICES: return push_services(L);
    default: break;
  }
  rule_value value = {0};
  return span_push(L, HOST(L)->get_trace(CONTEXT(L), (rule_trace_field)id, &value), &value);
}

static int refuse_write(lua_State *L) {
  return sandbox_refuse(L, "a trace is read-only; trace:set(key, value) sets an attribute on all its spans");
}

// MARK: lists of spans

static int list_length(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  // Saying how many spans there are is what span_count does; how long the path is nobody minds.
  rule_trace_field field = self->index == RULE_TRACE_SPANS ? RULE_TRACE_SPAN_COUNT : RULE_TRACE_PATH;
  rule_value count = {0};
  return span_push(L, HOST(L)->get_trace(CONTEXT(L), field, &count), &count);
}

static int list_index(lua_State *L) {
  const handle *self = lua_touserdata(L, 1);
  if (!lua_isinteger(L, 2)) return sandbox_refuse(L, "a list of spans takes a number from 1 to its length");
  rule_trace_field field = (rule_trace_field)self->index;
  rule_value count = {0}, item = {0};
  if (HOST(L)->get_trace(CONTEXT(L), field, &count) == RULE_REFUSED) return rule_raise_refusal(L);
  lua_Integer place = lua_tointeger(L, 2);
  sandbox_charge(L, 2 + count.cost);
  if (place < 1 || place > count.integer) {
    lua_pushnil(L);
    return 1;
  }
  item.integer = place - 1;
  if (field == RULE_TRACE_PATH) HOST(L)->get_trace_item(CONTEXT(L), field, (uint32_t)(place - 1), &item);
  trace_push_span(L, (uint32_t)item.integer);
  return 1;
}

static int refuse_list_write(lua_State *L) { return sandbox_refuse(L, "a list of spans is read-only"); }

// MARK: installation

int trace_api_install(lua_State *L, const rule_host *host) {
  int top = lua_gettop(L);
  trace_install_spans(L, host);

  span_new_type(L, TRACE_LIST_TYPE, "list of spans");
  span_set_function(L, host, "__index", list_index);
  span_set_function(L, host, "__newindex", refuse_list_write);
  span_set_function(L, host, "__len", list_length);
  lua_pop(L, 1);

  static const struct {
    const char *name;
    lua_CFunction function;
  } verbs[] = {{"any", trace_any},
               {"all", trace_all},
               {"none", trace_none},
               {"touches", trace_touches},
               {"self_time", trace_self_time},
               {"critical_path", trace_critical_path},
               {"set", trace_set},
               {"keep", trace_keep},
               {"sample", trace_sample},
               {"drop", trace_drop},
               {"rate_limit", trace_rate_limit},
               {"sample_dynamic", trace_sample_dynamic}};
  lua_newtable(L);
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
    span_set_function(L, host, verbs[i].name, verbs[i].function);
  }
  lua_newtable(L);
  span_set_lookup(L, host, "__index", trace_index, trace_members, 0);
  lua_setmetatable(L, -2);
  span_new_type(L, TRACE_TYPE, "trace");
  lua_insert(L, -2);
  lua_setfield(L, -2, "__index");
  span_set_function(L, host, "__newindex", refuse_write);
  lua_pop(L, 1);
  span_push_handle(L, TRACE_TYPE, RULE_OWNER_SPAN, 0);
  int reference = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_settop(L, top);
  return reference;
}
