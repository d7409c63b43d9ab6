#include <lauxlib.h>

#include "span_api.h"
#include "trace_internal.h"

// What a hook asks of a trace with a call, and what it says of it.

static void check_trace(lua_State *L, const char *verb) {
  if (luaL_testudata(L, 1, TRACE_TYPE) == NULL) sandbox_refuse(L, "trace:%s(…) is written with a colon", verb);
}

// MARK: questions

// Calls the function with each span until one answer is `wanted`; says whether there was one.
static bool finds(lua_State *L, const char *verb, bool wanted) {
  check_trace(L, verb);
  if (lua_type(L, 2) != LUA_TFUNCTION) {
    sandbox_refuse(L, "trace:%s takes a function of a span: trace:%s(function(span) return … end)", verb, verb);
  }
  rule_value count = {0};
  if (HOST(L)->get_trace(CONTEXT(L), RULE_TRACE_SPANS, &count) == RULE_REFUSED) rule_raise_refusal(L);
  for (lua_Integer i = 0; i < count.integer; i++) {
    lua_settop(L, 2);
    sandbox_charge(L, 4);
    lua_pushvalue(L, 2);
    trace_push_span(L, (uint32_t)i);
    lua_call(L, 1, 1);
    if ((bool)lua_toboolean(L, -1) == wanted) return true;
  }
  return false;
}

int trace_any(lua_State *L) {
  lua_pushboolean(L, finds(L, "any", true));
  return 1;
}

int trace_all(lua_State *L) {
  lua_pushboolean(L, !finds(L, "all", false));
  return 1;
}

int trace_none(lua_State *L) {
  lua_pushboolean(L, !finds(L, "none", true));
  return 1;
}

int trace_touches(lua_State *L) {
  check_trace(L, "touches");
  if (lua_type(L, 2) != LUA_TSTRING) return sandbox_refuse(L, "trace:touches takes the name of a service, a string");
  size_t length;
  const uint8_t *service = (const uint8_t *)lua_tolstring(L, 2, &length);
  rule_value value = {0};
  return span_push(L, HOST(L)->touches(CONTEXT(L), service, length, &value), &value);
}

int trace_self_time(lua_State *L) {
  check_trace(L, "self_time");
  const trace_handle *span = trace_span_at(L, 2);
  if (span == NULL) return sandbox_refuse(L, "trace:self_time takes a span of the trace, this is a %s", luaL_typename(L, 2));
  rule_value value = {0};
  return span_push(L, HOST(L)->self_time(CONTEXT(L), span->span, &value), &value);
}

int trace_critical_path(lua_State *L) {
  check_trace(L, "critical_path");
  rule_value count = {0};
  if (HOST(L)->get_trace(CONTEXT(L), RULE_TRACE_PATH, &count) == RULE_REFUSED) return rule_raise_refusal(L);
  sandbox_charge(L, 2 + count.cost);
  span_push_handle(L, TRACE_LIST_TYPE, RULE_OWNER_SPAN, RULE_TRACE_PATH);
  return 1;
}

// MARK: setting

static int set(lua_State *L, lua_Integer index) {
  if (lua_type(L, 2) != LUA_TSTRING) {
    return sandbox_refuse(L, "an attribute key is a string, this is a %s", luaL_typename(L, 2));
  }
  size_t length;
  const uint8_t *key = (const uint8_t *)lua_tolstring(L, 2, &length);
  rule_value value = {0};
  const trace_handle *span = trace_span_at(L, 3);
  if (span != NULL) {
    value.type = RULE_SPAN;
    value.integer = span->span;
  } else if (lua_type(L, 3) == LUA_TTABLE || lua_type(L, 3) == LUA_TUSERDATA || lua_type(L, 3) == LUA_TFUNCTION) {
    // Nothing of which the host takes anything here.
    value.type = RULE_ANY_VALUE;
  } else {
    value = span_value_at(L, 3);
  }
  sandbox_charge(L, 16 + (lua_Integer)(length / 16));
  if (HOST(L)->set_on_trace(CONTEXT(L), index, key, length, &value) == RULE_REFUSED) return rule_raise_refusal(L);
  sandbox_charge(L, value.cost);
  return 0;
}

int trace_set(lua_State *L) {
  check_trace(L, "set");
  return set(L, RULE_ALL_SPANS);
}

int trace_span_set(lua_State *L) {
  const trace_handle *self = trace_span_at(L, 1);
  if (self == NULL) return sandbox_refuse(L, "span:set(…) is written with a colon");
  return set(L, self->span);
}

// MARK: the trace's fate

int trace_refuse_span_verb(lua_State *L) {
  return sandbox_refuse(L, "a trace stays or goes as a whole, and its spans are hidden by then: write trace:keep, "
                           "trace:sample, trace:sample_dynamic, trace:drop or trace:rate_limit");
}

static int apply(lua_State *L, rule_verb verb, const char *name, double amount, int reason_index) {
  if (lua_type(L, reason_index) != LUA_TSTRING) {
    return sandbox_refuse(L, "trace:%s needs a reason, a string that the rule declares under `can`", name);
  }
  size_t length, group_length = 0;
  const uint8_t *reason = (const uint8_t *)lua_tolstring(L, reason_index, &length), *group = NULL;
  int group_index = reason_index + 1;
  bool has_group = verb == RULE_VERB_RATE_LIMIT || verb == RULE_VERB_SAMPLE_DYNAMIC;
  if (has_group && !lua_isnone(L, group_index)) {
    // What an attribute holds where there is none is nil, and those without one are a group, too.
    if (lua_isnil(L, group_index)) {
      group = (const uint8_t *)"";
    } else if (lua_type(L, group_index) == LUA_TSTRING) {
      group = (const uint8_t *)lua_tolstring(L, group_index, &group_length);
    } else {
      return sandbox_refuse(L, "the %s of trace:%s is a string, this is a %s",
                            verb == RULE_VERB_RATE_LIMIT ? "group" : "key", name, luaL_typename(L, group_index));
    }
    sandbox_charge(L, (lua_Integer)(group_length / 16));
  }
  sandbox_charge(L, 2);
  rule_answer answer = HOST(L)->trace_verb(CONTEXT(L), verb, amount, reason, length, group, group_length);
  if (answer == RULE_REFUSED) return rule_raise_refusal(L);
  return 0;
}

int trace_keep(lua_State *L) {
  check_trace(L, "keep");
  return apply(L, RULE_VERB_KEEP, "keep", 1, 2);
}

int trace_drop(lua_State *L) {
  check_trace(L, "drop");
  return apply(L, RULE_VERB_DROP, "drop", 0, 2);
}

int trace_sample(lua_State *L) {
  check_trace(L, "sample");
  return apply(L, RULE_VERB_SAMPLE, "sample", span_amount_at(L, "trace", "sample", 1), 3);
}

int trace_rate_limit(lua_State *L) {
  check_trace(L, "rate_limit");
  return apply(L, RULE_VERB_RATE_LIMIT, "rate_limit", span_amount_at(L, "trace", "rate_limit", 1e9), 3);
}

int trace_sample_dynamic(lua_State *L) {
  check_trace(L, "sample_dynamic");
  // The host searches its counts.
  sandbox_charge(L, 16);
  return apply(L, RULE_VERB_SAMPLE_DYNAMIC, "sample_dynamic", span_amount_at(L, "trace", "sample_dynamic", 1e9), 3);
}
