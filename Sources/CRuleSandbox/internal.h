#ifndef SANDBOX_INTERNAL_H
#define SANDBOX_INTERNAL_H

#include "sandbox.h"

/// VM instructions between two ticks of the count hook. The hook's cost is per instruction, not per tick, so a small
/// number only sharpens the count.
#define SANDBOX_TICK 64

/// Bytes by which blocks are sorted into size classes, and by which a tick gains one unit of weight.
#define SANDBOX_CLASS_BYTES 32768
#define SANDBOX_CLASSES 128

/// What lies at the bottom of the state's stack for good: the message handler, and what restore.c keeps.
enum { SANDBOX_HANDLER = 1, SANDBOX_KEPT = 2 };

#define SANDBOX_LIKELY(condition) __builtin_expect(!!(condition), 1)

/// A sandbox with what only this target may see.
typedef struct sandbox_core {
  sandbox open;
  int64_t steps_limit;
  /// Nothing but a comparison with steps_used happens before this count is reached.
  int64_t next_look;
  int64_t cpu_limit;
  /// Thread time at the first look, or -1. Not read at the start of a call: that costs more than an empty call.
  int64_t cpu_start;
  /// Steps for each instruction of a tick, see allocator.c.
  int64_t weight;
  /// Steps that an error costs once it is caught, see sandbox_note_source.
  int64_t error_steps;
  /// SANDBOX_OK, or the limit that ended the call. Once set, nothing inside the call may go on.
  sandbox_verdict trip;
  /// Verdict of the error being raised, where a native raised it; SANDBOX_OK means a fault.
  sandbox_verdict pending;
  /// The report's text for SANDBOX_RAISED.
  const char *raised_text;
  bool running;
  bool spent;
  size_t large_count;
  /// How many of them are the rule's own and live as long as the state.
  size_t large_kept;
  uint16_t large_blocks[SANDBOX_CLASSES];
  /// Upvalues that are set back after each call, and the index each has in its function.
  int kept_count;
  uint8_t *kept_index;
  /// All loaded texts, to tell names that stand in a rule from data used as a name.
  char *source;
  size_t source_length;
  /// Where lines that run are noted, see sandbox_note_lines; normally NULL.
  uint8_t *noted_lines;
  size_t noted_count;
} sandbox_core;

static inline sandbox_core *sandbox_core_of(lua_State *L) { return (sandbox_core *)sandbox_of(L); }

// allocator.c
void *sandbox_allocate(void *core, void *block, size_t old_size, size_t new_size);
void sandbox_reset_weight(sandbox_core *core);

// budget.c
void sandbox_tick(lua_State *L, lua_Debug *activation);
void sandbox_arm(sandbox_core *core, int64_t steps);
void sandbox_trip(lua_State *L, sandbox_verdict verdict);
void sandbox_look(lua_State *L);
/// The hook of a state whose lines are noted: a tick, or a line.
void sandbox_tick_or_line(lua_State *L, lua_Debug *activation);

// report.c
int sandbox_message_handler(lua_State *L);
void sandbox_report_text(sandbox_report *report, const char *text, size_t length);
void sandbox_report_limit(sandbox_core *core, sandbox_verdict verdict, int line);
int sandbox_innermost_line(lua_State *L, lua_Debug *activation);
const char *sandbox_name_in_source(lua_State *L, int index);

// source.c
/// NULL where the text may be compiled; else what is wrong, with the line it stands on.
const char *sandbox_check_source(const char *text, size_t length, int *line);

// nearest.c
size_t sandbox_distance(const char *name, size_t length, const char *other, size_t other_length);
const char *sandbox_nearer(const char *name, size_t length, const char *best, const char *candidate);

// environment.c
void sandbox_open_environment(lua_State *L);
void sandbox_push_environment(lua_State *L);
/// Pops a library's table, freezes it and makes it a global; pushes the hidden table with its content.
void sandbox_add_library(lua_State *L, const char *name);

// restore.c
void sandbox_open_kept(lua_State *L);
void sandbox_push_kept(lua_State *L);
/// Remembers the value at the top as that of an upvalue of the function at an index.
void sandbox_keep_upvalue(lua_State *L, int function, int upvalue);
/// Sets all upvalues back to what they were when they were kept. Only from outside any call.
void sandbox_restore_upvalues(sandbox_core *core);

// freeze.c
/// Pushes the hidden table of the frozen table at index and returns true; pushes nothing if it is not frozen.
bool sandbox_push_hidden(lua_State *L, int index);
/// Moves the content of the table at index to a hidden table, which is pushed.
void sandbox_freeze_table(lua_State *L, int index, lua_CFunction refuse_write);
int sandbox_refuse_write(lua_State *L);
/// The same for tables that are the language's own.
int sandbox_refuse_word(lua_State *L);
int sandbox_refuse_global(lua_State *L);

// arguments.c
const char *sandbox_check_text(lua_State *L, const char *where, int argument, size_t *length);
lua_Integer sandbox_check_integer(lua_State *L, const char *where, int argument);
lua_Integer sandbox_integer_or(lua_State *L, const char *where, int argument, lua_Integer otherwise);
lua_Number sandbox_check_number(lua_State *L, const char *where, int argument);
void sandbox_check_any(lua_State *L, const char *where, int argument);
int sandbox_bad_argument(lua_State *L, const char *where, int argument, const char *expected);
int sandbox_bad_value(lua_State *L, const char *where, int argument, const char *problem);
void sandbox_need_stack(lua_State *L, const char *where, lua_Integer count);
/// 1-based start of a range in a text, from a position that may count from the end.
size_t sandbox_range_start(lua_Integer position, size_t length);
/// 1-based end of a range in a text, inclusive.
size_t sandbox_range_end(lua_Integer position, size_t length);

// text.c
/// A result being built. It lives in a userdata once it has outgrown `small`, so that an error frees it.
typedef struct sandbox_text {
  lua_State *L;
  const char *where;
  char *bytes;
  size_t length;
  size_t capacity;
  int slot;
  char small[256];
} sandbox_text;

/// Takes one slot of the stack, which must stay where it is until the end.
void sandbox_text_start(sandbox_text *text, lua_State *L, const char *where);
void sandbox_text_add(sandbox_text *text, const char *bytes, size_t count);
/// Room for `count` more bytes, to be written by the caller.
char *sandbox_text_room(sandbox_text *text, size_t count);
void sandbox_text_add_value(sandbox_text *text, int index);
void sandbox_text_finish(sandbox_text *text);
/// The longest string a library function makes.
size_t sandbox_text_limit(lua_State *L);
/// Pushes what tostring gives: no addresses, the type's name for tables, functions and userdata.
const char *sandbox_push_text(lua_State *L, int index, size_t *length);

// One per library: pushes or sets what it defines.
void sandbox_open_base(lua_State *L);
void sandbox_open_string(lua_State *L);
void sandbox_open_table(lua_State *L);
void sandbox_open_math(lua_State *L);
void sandbox_open_utf8(lua_State *L);
int sandbox_base_pairs(lua_State *L);
int sandbox_string_format(lua_State *L);
int sandbox_string_find(lua_State *L);
int sandbox_string_match(lua_State *L);
int sandbox_string_gmatch(lua_State *L);
int sandbox_string_gsub(lua_State *L);
int sandbox_table_sort(lua_State *L);
void sandbox_add_string_arithmetic(lua_State *L);

#endif
