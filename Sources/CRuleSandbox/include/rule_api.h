// The rule language as Lua sees it: constructors while a file loads, the span in hooks.

#ifndef RULE_API_H
#define RULE_API_H

#include "rule_host.h"
#include "sandbox.h"

// Which words a file may use.
typedef enum rule_file {
  RULE_FILE_RULE,
  RULE_FILE_CHAIN,
  RULE_FILE_TEST,
} rule_file;

// Puts the language's words into the sandbox's environment. Once, before anything is loaded.
// The functions of `host` get the pointer that sandbox_open was given; `host` itself must outlive the sandbox.
// `*span_ref` and `*trace_ref` become the references of the span and the trace, the arguments of hooks.
sandbox_verdict rule_install(sandbox *box, const rule_host *host, rule_file file, int *span_ref, int *trace_ref);

// Runs a loaded chunk and walks what it returns.
sandbox_verdict rule_run(sandbox *box, int function_ref, int64_t step_limit);

// Makes everything that a hook can reach read-only. After this only the span changes.
sandbox_verdict rule_freeze(sandbox *box, int function_ref);

// The bytes of a function's compiled form are handed to `sink`.
sandbox_verdict rule_dump(sandbox *box, int function_ref, void (*sink)(void *host, const uint8_t *bytes, size_t length));

// Visits every Lua function that the given one can reach through its variables, itself first: `found` gets a reference.
// Nodes on the way are walked and declared to the host.
sandbox_verdict rule_reachable(sandbox *box, int function_ref, void (*found)(void *host, int function_ref));

// Whether a name stands in the text of the rule. One that was made at run time may be a span's value, which no message
// may show.
bool rule_stands_in_source(const sandbox *box, const uint8_t *name, size_t length);

// Where the host leaves the sentence for the error that the C side raises when it answers RULE_REFUSED.
void rule_refuse_with(sandbox *box, const char *message, size_t length);

#endif
