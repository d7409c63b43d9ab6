// What the rule API asks of the host: a table of functions that the Swift side fills in.
//
// They are called from C functions that run under lua_pcall. A Lua error is a longjmp and must not cross a Swift
// frame; so none of these raises, none calls back into Lua, and each says by its return value how it went. The C side
// raises after it has returned.

#ifndef RULE_HOST_H
#define RULE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A value on its way between Lua and the host. Bytes belong to whoever made them and are read at once.
typedef enum rule_value_type {
  RULE_NIL,
  RULE_BOOLEAN,
  RULE_INTEGER,
  RULE_NUMBER,
  RULE_TEXT,
  // The content of an OTLP AnyValue message.
  RULE_ANY_VALUE,
  // A span of the trace at hand: `integer` is its index. Only from Lua to the host.
  RULE_SPAN,
} rule_value_type;

typedef struct rule_value {
  rule_value_type type;
  int64_t integer;  // RULE_BOOLEAN: 0 or 1
  double number;
  const uint8_t *bytes;
  size_t length;
  // Steps that finding the value took; the C side charges them.
  int64_t cost;
} rule_value;

// How a host function went.
typedef enum rule_answer {
  RULE_OK,
  // There is no such thing; Lua sees nil.
  RULE_ABSENT,
  // The rule may not do this. The host has said why through rule_refuse_with.
  RULE_REFUSED,
} rule_answer;

// The fields of a span that rules name, in the order of rule_field_names.
typedef enum rule_field {
  RULE_FIELD_NAME,
  RULE_FIELD_KIND,
  RULE_FIELD_DURATION,
  RULE_FIELD_DURATION_MS,
  RULE_FIELD_START_TIME,
  RULE_FIELD_END_TIME,
  RULE_FIELD_TRACE_ID,
  RULE_FIELD_SPAN_ID,
  RULE_FIELD_PARENT_SPAN_ID,
  RULE_FIELD_TRACE_STATE,
  RULE_FIELD_FLAGS,
  RULE_FIELD_DROPPED_ATTRIBUTES_COUNT,
  RULE_FIELD_DROPPED_EVENTS_COUNT,
  RULE_FIELD_DROPPED_LINKS_COUNT,
  RULE_FIELD_SCHEMA_URL,
  RULE_FIELD_RESOURCE_SCHEMA_URL,
  RULE_FIELD_STATUS_CODE,
  RULE_FIELD_STATUS_MESSAGE,
  RULE_FIELD_SCOPE_NAME,
  RULE_FIELD_SCOPE_VERSION,
  RULE_FIELD_COUNT,
} rule_field;

// Whose attributes are meant.
typedef enum rule_owner {
  RULE_OWNER_SPAN,
  RULE_OWNER_RESOURCE,
  RULE_OWNER_SCOPE,
  RULE_OWNER_EVENT,
  RULE_OWNER_LINK,
} rule_owner;

// The fields of events and links.
typedef enum rule_part_field {
  RULE_PART_NAME,
  RULE_PART_TIME,
  RULE_PART_TRACE_ID,
  RULE_PART_SPAN_ID,
  RULE_PART_TRACE_STATE,
  RULE_PART_FLAGS,
  RULE_PART_DROPPED_ATTRIBUTES_COUNT,
} rule_part_field;

// What rules ask of a trace: first what has a path under `can`, then what has none.
typedef enum rule_trace_field {
  RULE_TRACE_ID,
  RULE_TRACE_DURATION,
  RULE_TRACE_DURATION_MS,
  RULE_TRACE_COMPLETE,
  RULE_TRACE_SPAN_COUNT,
  RULE_TRACE_ERROR_COUNT,
  // How many there are; each is asked for by get_trace_item.
  RULE_TRACE_SERVICES,
  RULE_TRACE_NAMED_COUNT,
  // How many spans there are, for walking over them.
  RULE_TRACE_SPANS = RULE_TRACE_NAMED_COUNT,
  // The index of the root; absent where it has not come.
  RULE_TRACE_ROOT,
  // How many spans are on the critical path; each is asked for by get_trace_item.
  RULE_TRACE_PATH,
  // By what the call that is under way is told from others.
  RULE_TRACE_CALL,
} rule_trace_field;

// All spans of the trace, in the place of an index.
#define RULE_ALL_SPANS (-1)

typedef enum rule_verb {
  RULE_VERB_KEEP,
  RULE_VERB_SAMPLE,
  RULE_VERB_DROP,
  RULE_VERB_RATE_LIMIT,
  // Only of traces.
  RULE_VERB_SAMPLE_DYNAMIC,
} rule_verb;

// What a walk over a Lua value meets, in order. Tables and nodes hold key, value, key, value … up to their end.
typedef enum rule_event {
  // A walk begins; what an earlier one left that an error cut short is to be forgotten.
  RULE_EVENT_START,
  RULE_EVENT_VALUE,
  RULE_EVENT_TABLE,
  // A node of the rule language: `text` names its kind, `integer` its line, `number` its serial.
  RULE_EVENT_NODE,
  RULE_EVENT_END,
  // A function of what a file returned: `integer` is its reference.
  RULE_EVENT_FUNCTION,
  // Something that no rule needs here: `text` names its type.
  RULE_EVENT_OTHER,
} rule_event;

typedef struct rule_host {
  // The span at hand.
  rule_answer (*get_field)(void *host, rule_field field, rule_value *out);
  rule_answer (*set_field)(void *host, rule_field field, const rule_value *value);
  rule_answer (*get_attribute)(void *host, rule_owner owner, uint32_t index, const uint8_t *key, size_t length,
                               rule_value *out);
  // Sets a span attribute; a value of RULE_NIL removes it. A table or node was walked just before (RULE_ANY_VALUE).
  // What finding its place took comes back in `value->cost`.
  rule_answer (*set_attribute)(void *host, const uint8_t *key, size_t length, rule_value *value);
  // The attribute at or after `*position`, which moves behind it.
  rule_answer (*next_attribute)(void *host, rule_owner owner, uint32_t index, uint32_t *position, rule_value *key,
                                rule_value *value);
  // How many events or links there are.
  rule_answer (*count)(void *host, rule_owner owner, rule_value *out);
  rule_answer (*get_part)(void *host, rule_owner owner, uint32_t index, rule_part_field field, rule_value *out);
  rule_answer (*verb)(void *host, rule_verb verb, double amount, const uint8_t *reason, size_t length);
  rule_answer (*hide)(void *host, uint32_t serial);

  // The trace at hand.
  rule_answer (*get_trace)(void *host, rule_trace_field field, rule_value *out);
  rule_answer (*get_trace_item)(void *host, rule_trace_field field, uint32_t index, rule_value *out);
  // Makes the span with this index the one that the functions above read, and says in `out->cost` what that took.
  // Refused for a handle of another call.
  rule_answer (*open_span)(void *host, uint32_t index, int64_t call, rule_value *out);
  rule_answer (*touches)(void *host, const uint8_t *service, size_t length, rule_value *out);
  rule_answer (*self_time)(void *host, uint32_t index, rule_value *out);
  // Sets an attribute on one span, or on RULE_ALL_SPANS. What that took comes back in `value->cost`.
  rule_answer (*set_on_trace)(void *host, int64_t index, const uint8_t *key, size_t length, rule_value *value);
  // `group` is the text by which a rate is counted apart, or by which traces are of one kind; NULL where there is none.
  rule_answer (*trace_verb)(void *host, rule_verb verb, double amount, const uint8_t *reason, size_t length,
                            const uint8_t *group, size_t group_length);

  // Loading.
  void (*walk)(void *host, rule_event event, const rule_value *value);
  // The arguments of `settings` were walked: are they in order?
  rule_answer (*declare_settings)(void *host);
  rule_answer (*get_setting)(void *host, const uint8_t *name, size_t length, rule_value *out);
  rule_answer (*open_list)(void *host, const uint8_t *name, size_t length, uint32_t *count);
  rule_answer (*get_list_item)(void *host, uint32_t index, rule_value *out);
  // A node that stands for itself (a test), or that a hook can reach, was walked.
  rule_answer (*declared)(void *host);
} rule_host;

#endif
