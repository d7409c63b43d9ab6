// What the files of the span's API share.

#ifndef SPAN_INTERNAL_H
#define SPAN_INTERNAL_H

#include <lua.h>

#include "include/rule_host.h"
#include "include/sandbox.h"

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

// Every C function of the API has the host's table as its first upvalue.
#define HOST(L) ((const rule_host *)lua_touserdata(L, lua_upvalueindex(1)))
#define CONTEXT(L) (sandbox_of(L)->host)

// A field by the name that rules use. Lists end with a name of NULL.
struct member {
  const char *name;
  int id;
};

// span_values.c
int span_refuse_unknown(lua_State *L, const char *what, const struct member *members);
int span_refuse_write(lua_State *L);
int span_push(lua_State *L, rule_answer answer, const rule_value *value);
// The Lua value at `index` as the host takes it; tables and nodes are walked.
rule_value span_value_at(lua_State *L, int index);
void span_push_handle(lua_State *L, const char *type, rule_owner owner, uint32_t index);

// span_attributes.c
int span_attributes_index(lua_State *L);
int span_attributes_newindex(lua_State *L);
int span_attributes_pairs(lua_State *L);

// span_parts.c
int span_list_length(lua_State *L);
int span_list_index(lua_State *L);
int span_part_index(lua_State *L);

// span_verbs.c
int span_keep(lua_State *L);
int span_drop(lua_State *L);
int span_sample(lua_State *L);
int span_rate_limit(lua_State *L);
int span_hide(lua_State *L);

#endif
