#ifndef SANDBOX_PATTERN_H
#define SANDBOX_PATTERN_H

#include "internal.h"

#define PATTERN_CAPTURES 32

/// Lengths of captures that have none.
enum { CAPTURE_OPEN = -1, CAPTURE_POSITION = -2 };

typedef struct pattern_capture {
  const char *start;
  ptrdiff_t length;
} pattern_capture;

/// One subject and one pattern, and the captures of the last match.
typedef struct pattern_match {
  lua_State *L;
  const char *where;
  const char *subject;
  const char *subject_end;
  const char *pattern_end;
  /// Work done and not yet charged.
  lua_Integer work;
  int level;
  pattern_capture captures[PATTERN_CAPTURES];
} pattern_match;

/// A match of nothing yet, without captures.
pattern_match sandbox_start_match(lua_State *L, const char *where, const char *subject, size_t length,
                                  const char *pattern_end);

/// The end of the match of the pattern at exactly `s`, or NULL. Raises for a malformed pattern.
const char *sandbox_match_here(pattern_match *match, const char *s, const char *pattern);

/// Pushes one capture; the whole match is capture 0 of a pattern without any.
void sandbox_push_capture(pattern_match *match, int index, const char *start, const char *end);

/// Pushes all captures, or the whole match where there are none and `start` is given. Returns how many.
int sandbox_push_captures(pattern_match *match, const char *start, const char *end);

/// Charges what has not been charged yet.
void sandbox_match_settle(pattern_match *match);

/// The end of the item at p: a character, an escape, a set. Raises where it has none.
const char *sandbox_item_end(pattern_match *match, const char *p);

/// Whether c belongs to the item from p to end.
bool sandbox_item_holds(unsigned char c, const char *p, const char *end);

#endif
