#ifndef SANDBOX_H
#define SANDBOX_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a call into the sandbox ended. Decided by flags the host keeps, never by the text of an error.
typedef enum sandbox_verdict {
  SANDBOX_OK,
  /// The rule called error() or an assert() of its own failed.
  SANDBOX_RAISED,
  /// A Lua runtime error, such as indexing nil or a bad argument.
  SANDBOX_FAULT,
  /// The host said no: a write to a frozen table, an unknown global, a native's sandbox_refuse.
  SANDBOX_REFUSED,
  /// The call used up its steps.
  SANDBOX_STEPS,
  /// The state ran out of memory. It has ended: every later call is refused.
  SANDBOX_MEMORY,
  /// The backstop: the call used too much processor time for the steps it was charged.
  SANDBOX_CPU,
  /// The text is not a rule: bad characters, too long, or not Lua.
  SANDBOX_SYNTAX,
} sandbox_verdict;

/// The longest text sandbox_load accepts, in bytes.
#define SANDBOX_SOURCE_LIMIT 65536

/// Room for a report's message, its terminator included.
#define SANDBOX_MESSAGE_SIZE 512

/// What a sandbox may use. A zero means the default.
typedef struct sandbox_limits {
  /// All memory of the state, in bytes. Default 4 MiB.
  size_t memory_bytes;
  /// The largest single block, and so the longest string. Default 1 MiB.
  size_t block_bytes;
  /// Steps for compiling a text. Default 10,000,000. The host passes it to sandbox_protect to run what was compiled.
  int64_t load_steps;
  /// Steps for one call of a hook. Default 100,000.
  int64_t call_steps;
  /// Processor time of the calling thread for one call of a hook, a backstop. Default 100 ms. A protected call with a
  /// larger step limit gets proportionally more, at most 20 times this.
  int64_t cpu_nanoseconds;
} sandbox_limits;

/// Why the last call failed.
typedef struct sandbox_report {
  sandbox_verdict verdict;
  /// Line of the innermost Lua function, 0 where it is not known.
  int line;
  /// UTF-8, control characters escaped, without the chunk's name. Never holds the text a rule gave to error().
  char message[SANDBOX_MESSAGE_SIZE];
} sandbox_report;

/// One Lua state with its limits. To be used by one thread at a time, on a thread with a stack of at least 8 MiB.
/// Everything here is for reading.
typedef struct sandbox {
  lua_State *state;
  void *host;
  sandbox_limits limits;
  /// Filled by a call that failed; a call that succeeds leaves the verdict at SANDBOX_OK.
  sandbox_report report;
  /// Steps of the call that is running, or of the last one.
  int64_t steps_used;
  size_t memory_used;
  size_t memory_peak;
} sandbox;

/// A new state with the bounded library and nothing else, or NULL where there is no memory.
/// - limits: may be NULL for the defaults.
/// - host: the caller's own context, never touched.
sandbox *sandbox_open(const sandbox_limits *limits, void *host);

/// Frees the state and all it holds. Not from inside a call.
void sandbox_close(sandbox *box);

/// Whether the state has ended by running out of memory.
bool sandbox_is_spent(const sandbox *box);

/// The message of the report as a C string.
const char *sandbox_message(const sandbox *box);

/// The sandbox a state belongs to, in constant time.
static inline sandbox *sandbox_of(lua_State *L) { return *(sandbox **)lua_getextraspace(L); }

/// Makes the calling thread independent of the process's locale, which Lua's own string comparison and number
/// formatting obey. Once per lane; returns false where the system refuses.
bool sandbox_prepare_thread(void);

/// Compiles a text. On success *function_ref is a reference in the registry to the main function, which has not run.
/// To run it: a body for sandbox_protect that does lua_rawgeti(L, LUA_REGISTRYINDEX, ref) and lua_call.
/// Refused before compiling: more than SANDBOX_SOURCE_LIMIT bytes, invalid UTF-8, control characters except tab and
/// line ends, bidirectional controls, and the name _ENV.
/// - chunk_name: as for lua_load, normally "@" and the path in the rules directory.
sandbox_verdict sandbox_load(sandbox *box, const char *text, size_t length, const char *chunk_name, int *function_ref);

/// Runs a C function that may raise, with `argument` as light userdata at index 1; what it returns is dropped.
/// A call from inside another call is refused with SANDBOX_REFUSED and leaves the outer one's report alone.
/// - step_limit: zero or less means limits.call_steps.
sandbox_verdict sandbox_protect(sandbox *box, lua_CFunction body, void *argument, int64_t step_limit);

/// Calls a function with one argument and no result, both by reference in the registry. The hot path.
sandbox_verdict sandbox_call_hook(sandbox *box, int function_ref, int argument_ref);

/// The same with a limit of its own for the call's steps.
sandbox_verdict sandbox_call_hook_within(sandbox *box, int function_ref, int argument_ref, int64_t step_limit);

/// From now on notes which lines run: a line sets its byte of `lines`, whose first stands for line 1. The bytes are the
/// caller's and must outlive the sandbox. For the coverage of tests only, since it costs a call for each line; limits
/// and their counts stay as they are.
void sandbox_note_lines(sandbox *box, uint8_t *lines, size_t count);

// What follows is for native functions and bodies of sandbox_protect: it may raise Lua errors.
// Such code must not use lua_pcall itself: the sandbox could then not tell a caught error from an uncaught one.

/// Charges work done outside the virtual machine. Raises when the call is over its limit.
void sandbox_charge(lua_State *L, lua_Integer steps);

/// Raises SANDBOX_REFUSED with a message, formatted as by lua_pushfstring. Never returns.
/// The message is shown to people: no value of a span may be in it.
int sandbox_refuse(lua_State *L, const char *format, ...);

/// Raises SANDBOX_FAULT with a message, formatted as by lua_pushfstring. Never returns.
int sandbox_fault(lua_State *L, const char *format, ...);

/// Makes every plain table reachable from a value read-only, in place, through keys, values and the upvalues of
/// functions. Tables with a metatable of the host's are left alone. The upvalues keep their values of this moment: what
/// a later call assigns to one is undone when it ends. So it is done last, when the main function has returned.
void sandbox_freeze_value(lua_State *L, int index);

/// Pops a value and makes it the global `name` of every chunk.
void sandbox_set_global(lua_State *L, const char *name);

/// The candidate nearest to a misspelt name, by Damerau-Levenshtein distance of at most 2; NULL if none is near.
/// Of several equally near ones the first in byte order, so that the answer does not depend on their order.
const char *sandbox_nearest(const char *name, size_t length, const char *const *candidates, size_t count);

#ifdef __cplusplus
}
#endif

#endif
