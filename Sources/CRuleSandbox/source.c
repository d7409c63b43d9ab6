#include <string.h>

#include "internal.h"
#include "unicode.h"

static bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Lua up to 5.4.4 compiles `local _ENV <const> = 1` to accesses outside the function's registers (CVE-2022-28805), and
// no rule needs the name.
static bool is_environment_name(const char *text, size_t at, size_t length) {
  static const char name[] = "_ENV";
  size_t end = at + sizeof name - 1;
  if (end > length || memcmp(text + at, name, sizeof name - 1) != 0) return false;
  return (at == 0 || !in_name(text[at - 1])) && (end == length || !in_name(text[end]));
}

const char *sandbox_check_source(const char *text, size_t length, int *line) {
  *line = 0;
  if (length > SANDBOX_SOURCE_LIMIT) return "the file is larger than 64 KiB";
  *line = 1;
  if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    return "the file begins with a byte order mark; save it as UTF-8 without one";
  }
  for (size_t at = 0; at < length;) {
    char c = text[at];
    int count = sandbox_character_length(text + at, length - at);
    if (count == 0) return "this line is not valid UTF-8";
    uint32_t scalar = sandbox_scalar(text + at, count);
    if (sandbox_is_bidirectional(scalar)) return "this line holds a bidirectional control character; remove it";
    if (c != '\t' && c != '\n' && c != '\r' && sandbox_is_control(scalar)) {
      return "this line holds a control character; only tab and line ends may stand in a rule";
    }
    if (c == '_' && is_environment_name(text, at, length)) return "_ENV can not be used in a rule";
    at += (size_t)count;
    // As Lua counts: "\r\n" is one end of line, a lone "\r" is one too.
    if (c == '\n' || (c == '\r' && (at == length || text[at] != '\n'))) ++*line;
  }
  *line = 0;
  return NULL;
}
