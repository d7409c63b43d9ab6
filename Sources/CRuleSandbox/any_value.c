#include "any_value.h"

#include <lauxlib.h>
#include <string.h>

#include "include/sandbox.h"

#define BYTES_TYPE "bytes"

// A field of a protobuf message. The bytes have passed the door, so they are well-formed; the reader stops all the
// same where they would not be.
typedef struct field {
  uint32_t number;
  uint32_t type;
  uint64_t value;
  const uint8_t *bytes;
  size_t length;
} field;

static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *out) {
  uint64_t value = 0;
  for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
    uint8_t byte = *(*at)++;
    value |= (uint64_t)(byte & 0x7F) << shift;
    if (byte < 0x80) {
      *out = value;
      return true;
    }
  }
  return false;
}

static bool read_field(const uint8_t **at, const uint8_t *end, field *out) {
  uint64_t tag;
  if (*at >= end || !read_varint(at, end, &tag)) return false;
  out->number = (uint32_t)(tag >> 3);
  out->type = (uint32_t)(tag & 7);
  size_t left = (size_t)(end - *at);
  switch (out->type) {
    case 0: return read_varint(at, end, &out->value);
    case 1:
      if (left < 8) return false;
      memcpy(&out->value, *at, 8);
      *at += 8;
      return true;
    case 2:
      if (!read_varint(at, end, &out->value) || out->value > (uint64_t)(end - *at)) return false;
      out->bytes = *at;
      out->length = (size_t)out->value;
      *at += out->length;
      return true;
    case 5:
      if (left < 4) return false;
      *at += 4;
      return true;
    default: return false;
  }
}

static void push_bytes(lua_State *L, const uint8_t *bytes, size_t length) {
  sandbox_charge(L, (lua_Integer)(length / 16));
  void *copy = lua_newuserdatauv(L, length, 0);
  if (length > 0) memcpy(copy, bytes, length);
  luaL_setmetatable(L, BYTES_TYPE);
}

static void push_array(lua_State *L, const uint8_t *at, const uint8_t *end) {
  lua_newtable(L);
  lua_Integer index = 0;
  field element;
  while (read_field(&at, end, &element)) {
    sandbox_charge(L, 1);
    if (element.number != 1 || element.type != 2) continue;
    any_value_push(L, element.bytes, element.length);
    lua_rawseti(L, -2, ++index);
  }
}

static void push_map(lua_State *L, const uint8_t *at, const uint8_t *end) {
  lua_newtable(L);
  field entry;
  while (read_field(&at, end, &entry)) {
    sandbox_charge(L, 1);
    if (entry.number != 1 || entry.type != 2) continue;
    field part, key = {0}, value = {0};
    const uint8_t *inner = entry.bytes;
    while (read_field(&inner, entry.bytes + entry.length, &part)) {
      if (part.type == 2 && part.number == 1) key = part;
      if (part.type == 2 && part.number == 2) value = part;
    }
    lua_pushlstring(L, key.bytes ? (const char *)key.bytes : "", key.length);
    // Where a key stands several times, the first counts, as for attributes.
    lua_pushvalue(L, -1);
    if (lua_rawget(L, -3) == LUA_TNIL) {
      lua_pop(L, 1);
      any_value_push(L, value.bytes, value.length);
      lua_rawset(L, -3);
    } else {
      lua_pop(L, 2);
    }
  }
}

void any_value_push(lua_State *L, const uint8_t *bytes, size_t length) {
  sandbox_charge(L, 2);
  luaL_checkstack(L, 8, "a value nests too deep");
  const uint8_t *at = bytes, *end = bytes + length;
  field member;
  while (length > 0 && read_field(&at, end, &member)) {
    if (member.number == 1 && member.type == 2) {
      sandbox_charge(L, (lua_Integer)(member.length / 16));
      lua_pushlstring(L, (const char *)member.bytes, member.length);
      return;
    }
    if (member.number == 2 && member.type == 0) {
      lua_pushboolean(L, member.value != 0);
      return;
    }
    if (member.number == 3 && member.type == 0) {
      lua_pushinteger(L, (lua_Integer)member.value);
      return;
    }
    if (member.number == 4 && member.type == 1) {
      double number;
      memcpy(&number, &member.value, sizeof number);
      lua_pushnumber(L, number);
      return;
    }
    if (member.number == 5 && member.type == 2) {
      push_array(L, member.bytes, member.bytes + member.length);
      return;
    }
    if (member.number == 6 && member.type == 2) {
      push_map(L, member.bytes, member.bytes + member.length);
      return;
    }
    if (member.number == 7 && member.type == 2) {
      push_bytes(L, member.bytes, member.length);
      return;
    }
  }
  lua_pushnil(L);
}

static int bytes_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
  return 1;
}

static int bytes_equal(lua_State *L) {
  const void *left = luaL_testudata(L, 1, BYTES_TYPE), *right = luaL_testudata(L, 2, BYTES_TYPE);
  size_t length = lua_rawlen(L, 1);
  sandbox_charge(L, (lua_Integer)(length / 16));
  lua_pushboolean(L, left && right && length == lua_rawlen(L, 2) && memcmp(left, right, length) == 0);
  return 1;
}

void any_value_install(lua_State *L) {
  luaL_newmetatable(L, BYTES_TYPE);
  lua_pushcfunction(L, bytes_length);
  lua_setfield(L, -2, "__len");
  lua_pushcfunction(L, bytes_equal);
  lua_setfield(L, -2, "__eq");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
}
