// The span as hooks see it.

#ifndef SPAN_API_H
#define SPAN_API_H

#include <lua.h>

#include "include/rule_host.h"

// Makes the metatables, and the one span object of this state: its reference in the registry comes back.
int span_api_install(lua_State *L, const rule_host *host);

// Why a value is walked, which decides how large it may be.
typedef enum rule_walk {
  // What a file returned: its functions get references, which live as long as the state.
  RULE_WALK_RESULT,
  // What a file declares on the way.
  RULE_WALK_DECLARATION,
  // What a hook writes.
  RULE_WALK_WRITTEN,
} rule_walk;

// Reports a value to `host->walk`. Defined in rule_walk.c.
void rule_walk_value(lua_State *L, int index, rule_walk purpose);

// What the file says of a node, for rule_walk.c.
typedef struct rule_node {
  const char *kind;  // a constant of rule_words.c
  int line;
  uint32_t serial;
} rule_node;

// The node at `index`, or NULL where there is none. Defined in rule_words.c.
const rule_node *rule_node_at(lua_State *L, int index);

// The serial of the node at `index`; false where there is none. Defined in rule_words.c.
bool rule_node_serial(lua_State *L, int index, uint32_t *serial);

// The host's function table of this state.
const rule_host *rule_host_of(lua_State *L);

// Makes the room for that refusal. Defined in rule_run.c.
void rule_make_refusal_room(lua_State *L);

// Raises the refusal that the host left.
int rule_raise_refusal(lua_State *L);

#endif
