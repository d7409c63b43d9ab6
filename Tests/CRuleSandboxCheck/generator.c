#include "generator.h"

#include <stdarg.h>
#include <stdio.h>

static unsigned pick(generator *from, unsigned count) {
  from->state ^= from->state << 13;
  from->state ^= from->state >> 7;
  from->state ^= from->state << 17;
  return (unsigned)((from->state >> 33) % count);
}

static void put(generator *to, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int written = vsnprintf(to->text + to->length, to->size - to->length, format, arguments);
  va_end(arguments);
  if (written > 0) to->length += (size_t)written;
  if (to->length >= to->size) to->length = to->size - 1;
}

#define PICK(from, list) ((list)[pick(from, sizeof(list) / sizeof((list)[0]))])

static void put_text(generator *to) {
  static const char *const whole[] = {"10", "0x1F", " 7 ", "-3", "1e2", "abc abc", "key = value", "(a(b)c)", "\\0a\\0",
                                      "\\195\\169t\\195\\169", "\\u{20AC}\\u{1F600}", "\\255\\128x", "5.", "nan", "0x"};
  static const char letters[] = "aabbccAB01 ._-%()[]\"";
  if (pick(to, 4) == 0) {
    put(to, "\"%s\"", PICK(to, whole));
    return;
  }
  put(to, "\"");
  for (unsigned left = pick(to, 12); left > 0; left--) put(to, "\\%03d", letters[pick(to, sizeof letters - 1)]);
  put(to, "\"");
}

static void put_pattern(generator *to) {
  static const char *const pieces[] = {
    "a", "b", "c", ".", "%a", "%d", "%s", "%w", "%W", "%S", "%u", "%l", "%p", "%x", "%c", "%g", "%%", "%.", "[ab]",
    "[^ab]", "[a-c]", "[%a_]", "[^%s]", "[]a]", "[a-]", "[%-a]", "[a-%%]", "%b()", "%bab", "%f[%w]", "%f[^a]", "()",
    "(a)", "(.-)", "(%w+)", "(.)", "%1", "%2", "a*", "b-", "c?", ".+", ".-", ".*", "%a+", "[ab]*", "$", "^", "%D?",
    " "};
  static const char *const broken[] = {
    "(", ")", "%", "[", "[a", "%f", "%b", "%bx", "%9", "%0", "[^", "*", "+", "-", "[%"};
  put(to, "\"");
  if (pick(to, 5) == 0) put(to, "^");
  for (unsigned left = 1 + pick(to, 4); left > 0; left--) {
    put(to, "%s", pick(to, 25) == 0 ? PICK(to, broken) : PICK(to, pieces));
  }
  if (pick(to, 6) == 0) put(to, "$");
  put(to, "\"");
}

static void put_integer(generator *to) { put(to, "%d", (int)pick(to, 18) - 6); }

static void put_number(generator *to) {
  // None of them equals an integer that can stand beside it: the order of equal elements is not the same in both sorts.
  static const char *const odd[] = {
    "math.maxinteger", "math.mininteger", "1.5", "-2.5", "64.0", "1e300", "1/0", "-1/0", "0.25", "2^53", "2^63",
    "-2^62", "1e15", "123456789012", "0.1", "100", "255", "0x10FFFF"};
  if (pick(to, 3) == 0) {
    put(to, "%s", PICK(to, odd));
  } else {
    put_integer(to);
  }
}

static void put_value(generator *to) {
  static const char *const odd[] = {"nil", "true", "false", "\"3\"", "\"x\"", "\"0x10\"", "\" 2 \"", "\"1.5\""};
  switch (pick(to, 4)) {
  case 0: put_text(to); break;
  case 1: put(to, "%s", PICK(to, odd)); break;
  default: put_number(to);
  }
}

static void put_list(generator *to, void (*item)(generator *), unsigned most) {
  put(to, "{");
  for (unsigned left = pick(to, most); left > 0; left--) {
    item(to);
    put(to, ",");
  }
  put(to, "}");
}

/// Arguments after the first ones: a few, of the kind given, now and then of another.
static void put_more(generator *to, void (*item)(generator *), unsigned most) {
  for (unsigned left = pick(to, most + 1); left > 0; left--) {
    put(to, ",");
    (pick(to, 15) == 0 ? put_value : item)(to);
  }
}

static void put_conversion(generator *to) {
  static const char *const conversions[] = {"%d", "%i", "%u", "%5d", "%-5d|", "%05d", "%+d", "%.3d", "%x", "%#X", "%o",
                                            "%g", "%.3f", "%10.2e", "%-+8.1f|", "%a", "%G", "%s", "%5s", "%-6s|",
    "%.2s",
                                            "%c", "%q", "%%", "%5.1s", "%3c", "%#d", "%05s", "%100d", "%y", "%", "% d",
                                            "%.20s", "%5q", "%.99f", "%099d", "%.", "%-", "%E", "%.0f", "%F"};
  put(to, "%s", PICK(to, conversions));
}

static void program_search(generator *to) {
  static const char *const names[] = {"find", "match"};
  put(to, "return string.%s(", PICK(to, names));
  put_text(to);
  put(to, ",");
  (pick(to, 12) == 0 ? put_text : put_pattern)(to);
  put_more(to, put_integer, 1);
  if (pick(to, 8) == 0) put(to, ",%s", pick(to, 2) ? "true" : "1");
  put(to, ")");
}

static void program_gmatch(generator *to) {
  put(to, "local r={} for a,b in string.gmatch(");
  put_text(to);
  put(to, ",");
  put_pattern(to);
  put_more(to, put_integer, 1);
  put(to, ") do r[#r+1]=a r[#r+1]=b or false end return r");
}

static void program_gsub(generator *to) {
  static const char *const replacements[] = {
    "\"x\"", "\"<%0>\"", "\"%1\"", "\"%2%1\"", "\"%%\"", "\"%x\"", "\"%\"", "\"\"", "7", "{a=\"1\",b=false,[\"ab\"]=2}",
    "{a={}}", "function(a,b) return a,b end", "function(a) return nil end", "function(a) return #tostring(a) end",
    "function() return {} end", "function() return false end", "nil", "true"};
  put(to, "return string.gsub(");
  put_text(to);
  put(to, ",");
  put_pattern(to);
  put(to, ",%s", PICK(to, replacements));
  put_more(to, put_integer, 1);
  put(to, ")");
}

static void program_format(generator *to) {
  put(to, "return string.format(\"");
  unsigned count = 1 + pick(to, 3);
  for (unsigned i = 0; i < count; i++) put_conversion(to);
  put(to, "\"");
  for (unsigned i = pick(to, 6) == 0 ? 1 : 0; i < count; i++) {
    put(to, ",");
    put_value(to);
  }
  put(to, ")");
}

static void program_text(generator *to) {
  static const char *const names[] = {"len", "lower", "upper", "reverse", "sub", "byte", "rep", "char"};
  const char *name = PICK(to, names);
  put(to, "return string.%s(", name);
  if (name[0] == 'c') {
    put(to, "65");
    put_more(to, put_number, 3);
  } else {
    (pick(to, 10) == 0 ? put_value : put_text)(to);
    if (name[0] == 'r') {
      put(to, ",%u", pick(to, 9));
      if (pick(to, 2)) put(to, ",\"-\"");
    } else {
      put_more(to, put_number, 2);
    }
  }
  put(to, ")");
}

static void program_table(generator *to) {
  static const char *const changes[] = {"insert", "remove", "move"};
  put(to, "local t=");
  put_list(to, pick(to, 3) == 0 ? put_value : put_text, 8);
  unsigned kind = pick(to, 7);
  if (kind < 3) {
    put(to, " local r=table.pack(table.%s(t", changes[kind]);
    if (kind == 2) {
      // No distant index: Lua's own move would walk there, for ever.
      for (unsigned left = pick(to, 5); left > 0; left--) {
        put(to, ",");
        put_integer(to);
      }
    } else {
      put_more(to, put_integer, 2);
    }
    put(to, ")) return r,t");
  } else if (kind == 3) {
    put(to, " return table.concat(t");
    if (pick(to, 2)) {
      put(to, ",");
      put_text(to);
      put_more(to, put_integer, 2);
    }
    put(to, ")");
  } else if (kind == 4) {
    put(to, " return table.unpack(t");
    put_more(to, put_number, 2);
    put(to, ")");
  } else {
    put(to, " return table.pack(table.unpack(t)),select(");
    put_value(to);
    put(to, ",table.unpack(t))");
  }
}

static void program_sort(generator *to) {
  static const char *const comparisons[] = {"", "", ",function(a,b) return a>b end", ",nil",
                                            ",function(a,b) return type(a)..tostring(a)<type(b)..tostring(b) end",
    ",1"};
  static const char *const walks[] = {"ipairs", "pairs"};
  put(to, "local t=");
  put_list(to, pick(to, 5) == 0 ? put_value : pick(to, 2) ? put_text : put_integer, 20);
  put(to, " table.sort(t%s) local s={} for k,v in %s(t) do s[#s+1]=k s[#s+1]=v end return t,s",
      PICK(to, comparisons), PICK(to, walks));
}

static void program_math(generator *to) {
  static const char *const names[] = {"abs", "ceil",      "floor", "fmod", "max", "min", "modf",
                                      "sqrt", "tointeger", "type",  "ult",  "exp", "log"};
  put(to, "return math.%s(", PICK(to, names));
  put_value(to);
  put_more(to, pick(to, 4) == 0 ? put_value : put_number, 2);
  put(to, ")");
}

static void program_utf8(generator *to) {
  static const char *const names[] = {"codepoint", "len", "offset"};
  static const char *const lax[] = {"", ",true", ",false"};
  unsigned kind = pick(to, 5);
  if (kind == 0) {
    put(to, "return utf8.char(65");
    put_more(to, put_number, 3);
    put(to, ")");
  } else if (kind == 1) {
    put(to, "local r={} for p,c in utf8.codes(");
    put_text(to);
    put(to, "%s) do r[#r+1]=p r[#r+1]=c end return r", PICK(to, lax));
  } else {
    put(to, "return utf8.%s(", PICK(to, names));
    put_text(to);
    put_more(to, put_integer, 2);
    put(to, ")");
  }
}

static void program_base(generator *to) {
  static const char *const operators[] = {"+", "-", "*", "/", "//", "%", "^", "..", "<", "<=", "==", "&", "|", "~",
    "<<"};
  switch (pick(to, 4)) {
  case 0:
    put(to, "return tonumber(");
    put_value(to);
    put_more(to, put_integer, 1);
    put(to, ")");
    break;
  case 1:
    put(to, "return tostring(");
    put_value(to);
    put(to, "),type(nil),pcall(error,");
    put_value(to);
    put(to, ")");
    break;
  case 2:
    put(to, "return tonumber(\"%s%u\",%u)", pick(to, 2) ? "-" : " ", pick(to, 40000), pick(to, 40));
    break;
  default:
    put(to, "local a,b=");
    put_value(to);
    put(to, ",");
    put_value(to);
    put(to, " return a%s b,(pcall(function() return -a end))", PICK(to, operators));
  }
}

void generate_program(generator *from) {
  static void (*const programs[])(generator *) = {program_search, program_search, program_gmatch, program_gsub,
                                                  program_gsub,   program_format, program_text,   program_table,
                                                  program_sort,   program_math,   program_utf8,   program_base};
  from->length = 0;
  PICK(from, programs)(from);
}
