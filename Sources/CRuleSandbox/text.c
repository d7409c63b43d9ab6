#include <string.h>

#include "internal.h"

size_t sandbox_text_limit(lua_State *L) {
  // A string object has a header and a terminator.
  enum { HEADER = 64 };
  size_t limit = sandbox_of(L)->limits.block_bytes;
  return limit > HEADER ? limit - HEADER : 0;
}

void sandbox_text_start(sandbox_text *text, lua_State *L, const char *where) {
  text->L = L;
  text->where = where;
  text->bytes = text->small;
  text->length = 0;
  text->capacity = sizeof text->small;
  lua_pushnil(L);
  text->slot = lua_gettop(L);
}

static void grow(sandbox_text *text, size_t count) {
  lua_State *L = text->L;
  size_t limit = sandbox_text_limit(L);
  if (count > limit - text->length) {
    sandbox_refuse(L, "%s: the result would be larger than %I bytes", text->where, (LUAI_UACINT)limit);
  }
  size_t capacity = text->capacity * 2;
  if (capacity < text->length + count) capacity = text->length + count;
  if (capacity > limit) capacity = limit;
  char *moved = lua_newuserdatauv(L, capacity, 0);
  memcpy(moved, text->bytes, text->length);
  lua_replace(L, text->slot);
  text->bytes = moved;
  text->capacity = capacity;
}

char *sandbox_text_room(sandbox_text *text, size_t count) {
  if (count > text->capacity - text->length) grow(text, count);
  char *room = text->bytes + text->length;
  text->length += count;
  return room;
}

void sandbox_text_add(sandbox_text *text, const char *bytes, size_t count) {
  if (count > 0) memcpy(sandbox_text_room(text, count), bytes, count);
}

void sandbox_text_add_value(sandbox_text *text, int index) {
  size_t length;
  const char *bytes = lua_tolstring(text->L, index, &length);
  sandbox_text_add(text, bytes, length);
}

void sandbox_text_finish(sandbox_text *text) { lua_pushlstring(text->L, text->bytes, text->length); }

static const char *push_type_name(lua_State *L, int index, size_t *length) {
  // A __name is only ever the host's: scripts have no metatables.
  if (lua_type(L, index) != LUA_TUSERDATA || luaL_getmetafield(L, index, "__name") != LUA_TSTRING) {
    lua_pushstring(L, luaL_typename(L, index));
  }
  return lua_tolstring(L, -1, length);
}

const char *sandbox_push_text(lua_State *L, int index, size_t *length) {
  index = lua_absindex(L, index);
  switch (lua_type(L, index)) {
  case LUA_TSTRING:
  case LUA_TNUMBER:
    lua_pushvalue(L, index);
    break;
  case LUA_TBOOLEAN:
    lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
    break;
  case LUA_TNIL:
    lua_pushliteral(L, "nil");
    break;
  default:
    return push_type_name(L, index, length);
  }
  return lua_tolstring(L, -1, length);
}
