// What the files of the trace's API share.

#ifndef TRACE_INTERNAL_H
#define TRACE_INTERNAL_H

#include "span_internal.h"

// A span of the trace, or a part of one: which it is, and the call that it belongs to. Spans are made when they are asked
// for, so that a trace of thousands costs what is looked at. Each access has the host open the span by its index.
typedef struct trace_handle {
  handle part;
  uint32_t span;
  int64_t call;
} trace_handle;

// A list that makes its spans when they are asked for: `index` of the handle is what it lists.
#define TRACE_TYPE "trace"
#define TRACE_LIST_TYPE "trace.list"
#define TRACE_SPAN_TYPE "trace.span"
#define TRACE_STATUS_TYPE "trace.status"
#define TRACE_SCOPE_TYPE "trace.scope"
#define TRACE_ATTRIBUTES_TYPE "trace.attributes"
#define TRACE_PARTS_TYPE "trace.parts"
#define TRACE_PART_TYPE "trace.part"

extern const struct member trace_members[];

// trace_spans.c
void trace_install_spans(lua_State *L, const rule_host *host);
void trace_push_span(lua_State *L, uint32_t index);
// The span at an index of the stack, opened for reading; NULL where there is none.
const trace_handle *trace_span_at(lua_State *L, int index);

// trace_verbs.c
int trace_any(lua_State *L);
int trace_all(lua_State *L);
int trace_none(lua_State *L);
int trace_touches(lua_State *L);
int trace_self_time(lua_State *L);
int trace_critical_path(lua_State *L);
int trace_set(lua_State *L);
int trace_span_set(lua_State *L);
int trace_keep(lua_State *L);
int trace_sample(lua_State *L);
int trace_drop(lua_State *L);
int trace_rate_limit(lua_State *L);
int trace_sample_dynamic(lua_State *L);
int trace_refuse_span_verb(lua_State *L);

#endif
