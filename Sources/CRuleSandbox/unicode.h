#ifndef SANDBOX_UNICODE_H
#define SANDBOX_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes of the UTF-8 character at the start of a text that is not empty; 0 where there is no valid one.
static inline int sandbox_character_length(const char *text, size_t length) {
  const unsigned char *bytes = (const unsigned char *)text;
  unsigned char lead = bytes[0];
  if (lead < 0x80) return 1;
  int count = lead >= 0xC2 && lead < 0xE0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
  if (count == 0 || (size_t)count > length) return 0;
  for (int i = 1; i < count; i++) {
    if ((bytes[i] & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if (lead == 0xE0 && bytes[1] < 0xA0) return 0;
  if (lead == 0xED && bytes[1] >= 0xA0) return 0;
  if (lead == 0xF0 && bytes[1] < 0x90) return 0;
  if (lead == 0xF4 && bytes[1] >= 0x90) return 0;
  return count;
}

/// The scalar of a valid character of `count` bytes.
static inline uint32_t sandbox_scalar(const char *text, int count) {
  const unsigned char *bytes = (const unsigned char *)text;
  if (count == 1) return bytes[0];
  uint32_t scalar = bytes[0] & (0xFFu >> (count + 1));
  for (int i = 1; i < count; i++) scalar = scalar << 6 | (bytes[i] & 0x3Fu);
  return scalar;
}

static inline bool sandbox_is_bidirectional(uint32_t scalar) {
  return (scalar >= 0x202A && scalar <= 0x202E) || (scalar >= 0x2066 && scalar <= 0x2069) || scalar == 0x200E ||
         scalar == 0x200F || scalar == 0x061C;
}

static inline bool sandbox_is_control(uint32_t scalar) { return scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0); }

/// Whether a character could make a reader see something else than is there.
static inline bool sandbox_is_unsafe(uint32_t scalar) {
  return sandbox_is_control(scalar) || sandbox_is_bidirectional(scalar);
}

#endif
