#include "pattern.h"

// Classes are ASCII's, whatever locale the process has.

static bool is_upper(unsigned char c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(unsigned char c) { return c >= 'a' && c <= 'z'; }
static bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
static bool is_letter(unsigned char c) { return is_upper(c) || is_lower(c); }
static bool is_visible(unsigned char c) { return c > 0x20 && c < 0x7F; }

static bool class_holds(unsigned char c, unsigned char class) {
  bool holds;
  switch (class | 0x20) {
  case 'a': holds = is_letter(c); break;
  case 'c': holds = c < 0x20 || c == 0x7F; break;
  case 'd': holds = is_digit(c); break;
  case 'g': holds = is_visible(c); break;
  case 'l': holds = is_lower(c); break;
  case 'p': holds = is_visible(c) && !is_letter(c) && !is_digit(c); break;
  case 's': holds = c == ' ' || (c >= '\t' && c <= '\r'); break;
  case 'u': holds = is_upper(c); break;
  case 'w': holds = is_letter(c) || is_digit(c); break;
  case 'x': holds = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); break;
  // Lua 5.1's name for the zero byte, which 5.4 still takes.
  case 'z': holds = c == 0; break;
  default: return class == c;
  }
  // The bit also joins characters that are no letters, such as '[' and '{'.
  if (!is_letter(class)) return class == c;
  return is_upper(class) ? !holds : holds;
}

// A set from its '[' to the character after its ']'.
static bool set_holds(unsigned char c, const char *p, const char *end) {
  const char *last = end - 1;
  bool found = true;
  p++;
  if (*p == '^') {
    found = false;
    p++;
  }
  while (p < last) {
    if (*p == '%') {
      if (class_holds(c, (unsigned char)p[1])) return found;
      p += 2;
    } else if (p[1] == '-' && p + 2 < last) {
      if ((unsigned char)p[0] <= c && c <= (unsigned char)p[2]) return found;
      p += 3;
    } else {
      if ((unsigned char)*p == c) return found;
      p++;
    }
  }
  return !found;
}

bool sandbox_item_holds(unsigned char c, const char *p, const char *end) {
  switch (*p) {
  case '.': return true;
  case '%': return class_holds(c, (unsigned char)p[1]);
  case '[': return set_holds(c, p, end);
  default: return (unsigned char)*p == c;
  }
}

static const char *set_end(pattern_match *match, const char *p) {
  const char *start = p++;
  if (p < match->pattern_end && *p == '^') p++;
  // The first character belongs to the set even if it is ']'.
  do {
    if (p == match->pattern_end) sandbox_fault(match->L, "%s: the pattern has a '[' without its ']'", match->where);
    if (*p++ == '%' && p < match->pattern_end) p++;
  } while (p == match->pattern_end || *p != ']');
  match->work += (p - start) / 8;
  return p + 1;
}

const char *sandbox_item_end(pattern_match *match, const char *p) {
  if (*p == '[') return set_end(match, p);
  if (*p != '%') return p + 1;
  if (p + 1 == match->pattern_end) sandbox_fault(match->L, "%s: the pattern ends with '%%'", match->where);
  return p + 2;
}
