// The trace as `on_trace` sees it.

#ifndef TRACE_API_H
#define TRACE_API_H

#include <lua.h>

#include "include/rule_host.h"

// Makes the metatables, after those of the span, and the one trace object of this state: its reference in the registry
// comes back.
int trace_api_install(lua_State *L, const rule_host *host);

#endif
