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

// What of a span is no field, in the place of a field's number.
enum { SPAN_STATUS = RULE_FIELD_COUNT, SPAN_SCOPE, SPAN_ATTRIBUTES, SPAN_RESOURCE, SPAN_EVENTS, SPAN_LINKS, SPAN_VERB };
enum { SCOPE_ATTRIBUTES = RULE_FIELD_COUNT };

// span_api.c
extern const struct member span_members[];
extern const struct member status_members[];
extern const struct member scope_members[];
// The id of the name at index 2, which the second upvalue maps; -1 where it has none.
int span_member_id(lua_State *L);
void span_new_type(lua_State *L, const char *type, const char *shown);
void span_set_function(lua_State *L, const rule_host *host, const char *name, lua_CFunction function);
void span_set_lookup(lua_State *L, const rule_host *host, const char *name, lua_CFunction function,
                     const struct member *members, int extra);

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
// The iterator of pairs; its upvalues are the host, the attributes and the position.
int span_attributes_next(lua_State *L);

// span_parts.c
int span_list_length(lua_State *L);
int span_list_index(lua_State *L);
int span_part_index(lua_State *L);
enum { PART_ATTRIBUTES = 100 };
// The member of an event or a link that is named at index 2; where there is none, that is refused.
const struct member *span_part_member(lua_State *L, rule_owner owner);
int span_part_push(lua_State *L, const handle *part, const struct member *member);
// The index from 0 that is asked for at index 2 of a list; -1 where nothing stands there.
lua_Integer span_list_place(lua_State *L, const handle *list);

// span_verbs.c
// The number that a verb of a span or a trace takes first, from 0 to `most`; raises an error where there is none.
double span_amount_at(lua_State *L, const char *receiver, const char *verb, double most);
int span_keep(lua_State *L);
int span_drop(lua_State *L);
int span_sample(lua_State *L);
int span_rate_limit(lua_State *L);
int span_hide(lua_State *L);

#endif
