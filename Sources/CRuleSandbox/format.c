#include <math.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const char where[] = "string.format";

/// One conversion of a format: flags, width, precision, and its letter at the end.
typedef struct conversion {
  char flags[8];
  int width;
  /// -1 where none is given.
  int precision;
  bool has_modifiers;
  char letter;
} conversion;

static int two_digits(const char **p, const char *end) {
  int value = 0;
  for (int i = 0; i < 2 && *p < end && **p >= '0' && **p <= '9'; i++) value = value * 10 + (*(*p)++ - '0');
  return value;
}

static int invalid(lua_State *L) {
  return sandbox_fault(L, "string.format: argument 1 holds a conversion that is not valid");
}

// The flags a letter takes and whether it takes a precision; NULL for a letter that is none.
static const char *allowed_flags(char letter, bool *precision) {
  *precision = true;
  switch (letter) {
  case 'c': *precision = false; return "-";
  case 'd': case 'i': return "-+0 ";
  case 'u': return "-0";
  case 'o': case 'x': case 'X': return "-#0";
  case 'a': case 'A': case 'e': case 'E': case 'f': case 'g': case 'G': return "-+ #0";
  case 's': return "-";
  case 'q': *precision = false; return "";
  default: return NULL;
  }
}

// Reads what follows a '%'. Returns where the format goes on.
static const char *read_conversion(lua_State *L, const char *p, const char *end, conversion *read) {
  const char *start = p;
  size_t count = 0;
  *read = (conversion){.precision = -1};
  while (p < end && *p != '\0' && strchr("-+ #0", *p) != NULL) {
    // Repeating a flag means nothing; Lua bounds a conversion by its length.
    if (p - start >= 20) invalid(L);
    if (strchr(read->flags, *p) == NULL) read->flags[count++] = *p;
    p++;
  }
  read->width = two_digits(&p, end);
  if (p < end && *p == '.') {
    p++;
    read->precision = two_digits(&p, end);
  }
  read->has_modifiers = p != start;
  if (p == end) invalid(L);
  read->letter = *p;
  bool precision;
  const char *allowed = allowed_flags(*p, &precision);
  if (allowed == NULL || (read->precision >= 0 && !precision)) invalid(L);
  if (read->flags[strspn(read->flags, allowed)] != '\0') invalid(L);
  return p + 1;
}

static void add_padded(sandbox_text *text, const conversion *as, const char *bytes, size_t length) {
  size_t width = (size_t)as->width;
  size_t padding = width > length ? width - length : 0;
  bool left = strchr(as->flags, '-') != NULL;
  if (!left) memset(sandbox_text_room(text, padding), ' ', padding);
  sandbox_text_add(text, bytes, length);
  if (left) memset(sandbox_text_room(text, padding), ' ', padding);
}

// printf's own format for the conversion. Width and precision have two digits at most, so 512 bytes hold any result.
static void printf_format(char *out, size_t room, const conversion *as, const char *size) {
  int used = snprintf(out, room, "%%%s", as->flags);
  if (as->width > 0) used += snprintf(out + used, room - (size_t)used, "%d", as->width);
  if (as->precision >= 0) used += snprintf(out + used, room - (size_t)used, ".%d", as->precision);
  snprintf(out + used, room - (size_t)used, "%s%c", size, as->letter);
}

static void add_integer(sandbox_text *text, const conversion *as, lua_Integer value) {
  char format[32], out[512];
  printf_format(format, sizeof format, as, LUA_INTEGER_FRMLEN);
  int length = snprintf(out, sizeof out, format, (LUAI_UACINT)value);
  sandbox_text_add(text, out, (size_t)length);
}

static void add_float(sandbox_text *text, const conversion *as, lua_Number value) {
  char format[32], out[512];
  printf_format(format, sizeof format, as, LUA_NUMBER_FRMLEN);
  int length = snprintf(out, sizeof out, format, (LUAI_UACNUMBER)value);
  sandbox_text_add(text, out, (size_t)length);
}

static void add_string(lua_State *L, sandbox_text *text, const conversion *as, int argument) {
  size_t length;
  const char *bytes = sandbox_push_text(L, argument, &length);
  if (as->has_modifiers) {
    if (strlen(bytes) != length) sandbox_bad_value(L, where, argument, "holds a zero byte");
    if (as->precision >= 0 && length > (size_t)as->precision) length = (size_t)as->precision;
    add_padded(text, as, bytes, length);
  } else {
    sandbox_text_add(text, bytes, length);
  }
  lua_pop(L, 1);
}

// A text as Lua source. Control characters are numbers, with three digits where a digit follows.
static void add_quoted(sandbox_text *text, const char *bytes, size_t length) {
  sandbox_text_add(text, "\"", 1);
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c == '"' || c == '\\' || c == '\n') {
      sandbox_text_add(text, "\\", 1);
      sandbox_text_add(text, bytes + i, 1);
    } else if (c < 0x20 || c == 0x7F) {
      char out[8];
      bool digit = i + 1 < length && bytes[i + 1] >= '0' && bytes[i + 1] <= '9';
      int size = snprintf(out, sizeof out, digit ? "\\%03d" : "\\%d", c);
      sandbox_text_add(text, out, (size_t)size);
    } else {
      sandbox_text_add(text, bytes + i, 1);
    }
  }
  sandbox_text_add(text, "\"", 1);
}

static void add_quoted_number(lua_State *L, sandbox_text *text, int argument) {
  char out[64];
  int size;
  if (lua_isinteger(L, argument)) {
    lua_Integer value = lua_tointeger(L, argument);
    const char *format = value == LUA_MININTEGER ? "0x%" LUA_INTEGER_FRMLEN "x" : LUA_INTEGER_FMT;
    size = snprintf(out, sizeof out, format, (LUAI_UACINT)value);
  } else {
    lua_Number value = lua_tonumber(L, argument);
    if (isinf(value)) {
      size = snprintf(out, sizeof out, value > 0 ? "1e9999" : "-1e9999");
    } else if (isnan(value)) {
      size = snprintf(out, sizeof out, "(0/0)");
    } else {
      size = snprintf(out, sizeof out, "%a", value);
    }
  }
  sandbox_text_add(text, out, (size_t)size);
}

static void add_literal(lua_State *L, sandbox_text *text, const conversion *as, int argument) {
  size_t length;
  const char *bytes;
  if (as->has_modifiers) sandbox_fault(L, "string.format: '%%q' can not have modifiers");
  switch (lua_type(L, argument)) {
  case LUA_TSTRING:
    bytes = lua_tolstring(L, argument, &length);
    add_quoted(text, bytes, length);
    return;
  case LUA_TNUMBER:
    add_quoted_number(L, text, argument);
    return;
  case LUA_TNIL:
  case LUA_TBOOLEAN:
    bytes = sandbox_push_text(L, argument, &length);
    sandbox_text_add(text, bytes, length);
    lua_pop(L, 1);
    return;
  default:
    sandbox_bad_argument(L, where, argument, "a value with a literal form");
  }
}

static void add_argument(lua_State *L, sandbox_text *text, const conversion *as, int argument) {
  char c;
  switch (as->letter) {
  case 'c':
    c = (char)sandbox_check_integer(L, where, argument);
    add_padded(text, as, &c, 1);
    break;
  case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
    add_integer(text, as, sandbox_check_integer(L, where, argument));
    break;
  case 's':
    add_string(L, text, as, argument);
    break;
  case 'q':
    add_literal(L, text, as, argument);
    break;
  default:
    add_float(text, as, sandbox_check_number(L, where, argument));
  }
}

int sandbox_string_format(lua_State *L) {
  size_t length;
  int top = lua_gettop(L), argument = 1;
  const char *p = sandbox_check_text(L, where, 1, &length);
  const char *end = p + length;
  sandbox_text text;
  sandbox_charge(L, (lua_Integer)(length / 4));
  sandbox_text_start(&text, L, where);
  while (p < end) {
    const char *percent = memchr(p, '%', (size_t)(end - p));
    sandbox_text_add(&text, p, (size_t)((percent == NULL ? end : percent) - p));
    if (percent == NULL) break;
    p = percent + 1;
    if (p < end && *p == '%') {
      sandbox_text_add(&text, p++, 1);
      continue;
    }
    conversion as;
    // The slot of the text lies where a missing argument would be read.
    if (++argument > top) return sandbox_fault(L, "string.format: argument %d is missing", argument);
    p = read_conversion(L, p, end, &as);
    add_argument(L, &text, &as, argument);
  }
  sandbox_text_finish(&text);
  return 1;
}
