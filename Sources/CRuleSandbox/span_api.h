// The span as hooks see it.

#ifndef SPAN_API_H
#define SPAN_API_H

#include <lua.h>

#include "include/rule_host.h"

// Makes the metatables, and the one span object of this state: its reference in the registry comes back.
int span_api_install(lua_State *L, const rule_host *host);

// Reports a value that a rule wrote to `host->walk`; used for tables and nodes. Defined in rule_walk.c.
void rule_walk_value(lua_State *L, int index);

// The serial of the node at `index`; false where there is none. Defined in rule_words.c.
bool rule_node_serial(lua_State *L, int index, uint32_t *serial);

// The host's function table of this state.
const rule_host *rule_host_of(lua_State *L);

// Makes the room for that refusal. Defined in rule_run.c.
void rule_make_refusal_room(lua_State *L);

// Raises the refusal that the host left.
int rule_raise_refusal(lua_State *L);

#endif
