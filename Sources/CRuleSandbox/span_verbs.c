#include <lauxlib.h>
#include <string.h>

#include "span_api.h"
#include "span_internal.h"

// What a hook says of a span's fate.

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

double span_amount_at(lua_State *L, const char *receiver, const char *verb, double most) {
  if (lua_type(L, 2) != LUA_TNUMBER) {
    sandbox_refuse(L, "%s:%s takes a number first, this is a %s", receiver, verb, luaL_typename(L, 2));
  }
  double amount = lua_tonumber(L, 2);
  if (!(amount >= 0 && amount <= most)) sandbox_refuse(L, "the number for %s:%s is out of range", receiver, verb);
  return amount;
}

int span_keep(lua_State *L) {
  check_span(L, "keep");
  return apply(L, RULE_VERB_KEEP, "keep", 1, 2);
}

int span_drop(lua_State *L) {
  check_span(L, "drop");
  return apply(L, RULE_VERB_DROP, "drop", 0, 2);
}

int span_sample(lua_State *L) {
  check_span(L, "sample");
  return apply(L, RULE_VERB_SAMPLE, "sample", span_amount_at(L, "span", "sample", 1), 3);
}

int span_rate_limit(lua_State *L) {
  check_span(L, "rate_limit");
  return apply(L, RULE_VERB_RATE_LIMIT, "rate_limit", span_amount_at(L, "span", "rate_limit", 1e9), 3);
}

int span_hide(lua_State *L) {
  check_span(L, "hide");
  uint32_t serial;
  if (!rule_node_serial(L, 2, &serial)) {
    return sandbox_refuse(L, "span:hide takes a step that was made while loading, such as match.names { \"card\" }");
  }
  sandbox_charge(L, 2);
  if (HOST(L)->hide(CONTEXT(L), serial) == RULE_REFUSED) return rule_raise_refusal(L);
  return 0;
}
