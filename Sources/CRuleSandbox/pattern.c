#include <string.h>

#include "pattern.h"

// Lua's patterns, matched without recursion. No repetition in a pattern spans more than one item, so a way through a
// pattern passes each item once, and what can still be tried otherwise fits a short trail of choices. On a failure the
// last choice is revised; if none is left, there is no match.

typedef enum choice_kind {
  /// `count` characters from `s` were taken; fewer may do.
  CHOICE_FEWER,
  /// The item at `item` has matched as little as possible, up to `s`; one more character may do.
  CHOICE_MORE,
  /// A capture was opened, to be undone.
  CHOICE_OPENED,
  /// Capture number `count` was closed, to be undone.
  CHOICE_CLOSED,
} choice_kind;

typedef struct choice {
  const char *s;
  /// Where the pattern goes on.
  const char *next;
  const char *item;
  ptrdiff_t count;
  choice_kind kind;
} choice;

// Where Lua's matcher says that a pattern is too complex.
enum { TRAIL_LIMIT = 199, WORK_STRIDE = 1024 };

typedef struct trail {
  int depth;
  choice choices[TRAIL_LIMIT];
} trail;

void sandbox_match_settle(pattern_match *match) {
  lua_Integer work = match->work;
  match->work = 0;
  sandbox_charge(match->L, work);
}

static void note_choice(pattern_match *match, trail *trail, choice choice) {
  if (trail->depth == TRAIL_LIMIT) sandbox_fault(match->L, "%s: the pattern is too complex", match->where);
  trail->choices[trail->depth++] = choice;
}

static bool holds(pattern_match *match, const char *s, const char *item, const char *end) {
  match->work += 1 + (end - item) / 8;
  return s < match->subject_end && sandbox_item_holds((unsigned char)*s, item, end);
}

/// Where the match stands. A step that fails returns false and leaves it as it is.
typedef struct cursor {
  const char *s;
  const char *p;
} cursor;

static bool step_item(pattern_match *match, trail *trail, cursor *at) {
  const char *item = at->p;
  const char *end = sandbox_item_end(match, item);
  char suffix = end < match->pattern_end ? *end : '\0';
  bool first = holds(match, at->s, item, end);
  if (suffix != '*' && suffix != '+' && suffix != '?' && suffix != '-') {
    if (!first) return false;
    *at = (cursor){at->s + 1, end};
    return true;
  }
  if (!first) {
    if (suffix == '+') return false;
    at->p = end + 1;
    return true;
  }
  if (suffix == '-') {
    note_choice(match, trail, (choice){.kind = CHOICE_MORE, .s = at->s, .item = item, .next = end + 1});
    at->p = end + 1;
    return true;
  }
  const char *base = suffix == '+' ? at->s + 1 : at->s;
  ptrdiff_t count = suffix == '+' ? 0 : 1;
  if (suffix != '?') {
    while (holds(match, base + count, item, end)) count++;
  }
  note_choice(match, trail, (choice){.kind = CHOICE_FEWER, .s = base, .count = count, .next = end + 1});
  *at = (cursor){base + count, end + 1};
  return true;
}

static bool step_open(pattern_match *match, trail *trail, cursor *at) {
  bool position = at->p + 1 < match->pattern_end && at->p[1] == ')';
  if (match->level >= PATTERN_CAPTURES) sandbox_fault(match->L, "%s: the pattern has too many captures", match->where);
  match->captures[match->level++] = (pattern_capture){at->s, position ? CAPTURE_POSITION : CAPTURE_OPEN};
  note_choice(match, trail, (choice){.kind = CHOICE_OPENED});
  at->p += position ? 2 : 1;
  return true;
}

static bool step_close(pattern_match *match, trail *trail, cursor *at) {
  int index = match->level - 1;
  while (index >= 0 && match->captures[index].length != CAPTURE_OPEN) index--;
  if (index < 0) sandbox_fault(match->L, "%s: the pattern has a ')' without its '('", match->where);
  match->captures[index].length = at->s - match->captures[index].start;
  note_choice(match, trail, (choice){.kind = CHOICE_CLOSED, .count = index});
  at->p++;
  return true;
}

// %bxy: from an x to the y that balances it.
static bool step_balanced(pattern_match *match, cursor *at) {
  const char *pair = at->p + 2;
  if (match->pattern_end - pair < 2) sandbox_fault(match->L, "%s: '%%b' needs two characters", match->where);
  if (at->s == match->subject_end || *at->s != pair[0]) return false;
  ptrdiff_t depth = 1;
  for (const char *s = at->s + 1; s < match->subject_end; s++) {
    match->work++;
    if (*s == pair[1]) {
      if (--depth == 0) {
        *at = (cursor){s + 1, pair + 2};
        return true;
      }
    } else if (*s == pair[0]) {
      depth++;
    }
  }
  return false;
}

// %f[set]: between a character outside the set and one inside; the ends of the subject count as zero bytes.
static bool step_frontier(pattern_match *match, cursor *at) {
  const char *set = at->p + 2;
  if (set >= match->pattern_end || *set != '[') sandbox_fault(match->L, "%s: '%%f' needs a set", match->where);
  const char *end = sandbox_item_end(match, set);
  unsigned char before = at->s == match->subject ? 0 : (unsigned char)at->s[-1];
  unsigned char after = at->s == match->subject_end ? 0 : (unsigned char)*at->s;
  match->work += 1 + (end - set) / 8;
  if (sandbox_item_holds(before, set, end) || !sandbox_item_holds(after, set, end)) return false;
  at->p = end;
  return true;
}

static bool step_reference(pattern_match *match, cursor *at) {
  int index = at->p[1] - '1';
  if (index < 0 || index >= match->level || match->captures[index].length == CAPTURE_OPEN) {
    sandbox_fault(match->L, "%s: the pattern refers to capture %%%d, which is not there", match->where, index + 1);
  }
  const pattern_capture *capture = &match->captures[index];
  if (capture->length < 0 || capture->length > match->subject_end - at->s) return false;
  match->work += capture->length / 16;
  if (memcmp(capture->start, at->s, (size_t)capture->length) != 0) return false;
  *at = (cursor){at->s + capture->length, at->p + 2};
  return true;
}

static bool step(pattern_match *match, trail *trail, cursor *at) {
  switch (*at->p) {
  case '(': return step_open(match, trail, at);
  case ')': return step_close(match, trail, at);
  case '$':
    if (at->p + 1 != match->pattern_end) break;
    at->p++;
    return at->s == match->subject_end;
  case '%':
    if (at->p + 1 == match->pattern_end) break;
    if (at->p[1] == 'b') return step_balanced(match, at);
    if (at->p[1] == 'f') return step_frontier(match, at);
    if (at->p[1] >= '0' && at->p[1] <= '9') return step_reference(match, at);
    break;
  }
  return step_item(match, trail, at);
}

// Goes back to the last choice that can be made otherwise; false if there is none.
static bool revise(pattern_match *match, trail *trail, cursor *at) {
  while (trail->depth > 0) {
    choice *last = &trail->choices[trail->depth - 1];
    match->work++;
    switch (last->kind) {
    case CHOICE_FEWER:
      if (last->count == 0) break;
      *at = (cursor){last->s + --last->count, last->next};
      return true;
    case CHOICE_MORE:
      if (!holds(match, last->s, last->item, last->next - 1)) break;
      *at = (cursor){++last->s, last->next};
      return true;
    case CHOICE_OPENED:
      match->level--;
      break;
    case CHOICE_CLOSED:
      match->captures[last->count].length = CAPTURE_OPEN;
      break;
    }
    trail->depth--;
  }
  return false;
}

const char *sandbox_match_here(pattern_match *match, const char *s, const char *pattern) {
  trail trail;
  cursor at = {s, pattern};
  trail.depth = 0;
  match->level = 0;
  match->work++;
  while (at.p != match->pattern_end) {
    if (match->work >= WORK_STRIDE) sandbox_match_settle(match);
    if (!step(match, &trail, &at) && !revise(match, &trail, &at)) return NULL;
  }
  return at.s;
}
