#include "internal.h"

// A frozen table keeps its identity and is empty; what it held is in a hidden table that only its metatable knows.
// Scripts have no way to a metatable, and every library function that reads tables asks sandbox_push_hidden.

int sandbox_refuse_write(lua_State *L) {
  return sandbox_refuse(L, "this table was made while loading and is read-only in hooks");
}

int sandbox_refuse_word(lua_State *L) { return sandbox_refuse(L, "this table belongs to the rule language and is read-only"); }

static int hidden_length(lua_State *L) {
  if (!sandbox_push_hidden(L, 1)) return 0;
  lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
  return 1;
}

bool sandbox_push_hidden(lua_State *L, int index) {
  if (!lua_getmetatable(L, index)) return false;
  lua_pushliteral(L, "__newindex");
  lua_rawget(L, -2);
  lua_CFunction guard = lua_tocfunction(L, -1);
  lua_pop(L, 1);
  if (guard != sandbox_refuse_write && guard != sandbox_refuse_word && guard != sandbox_refuse_global) {
    lua_pop(L, 1);
    return false;
  }
  lua_pushliteral(L, "__index");
  lua_rawget(L, -2);
  lua_remove(L, -2);
  return true;
}

static lua_Integer count_entries(lua_State *L, int index) {
  lua_Integer count = 0;
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    lua_pop(L, 1);
    count++;
  }
  return count;
}

// Lua gives a table's memory back only when a new key finds it full. Keys that come and go fill it.
static void release_room(lua_State *L, int index, lua_Integer entries) {
  enum { SMALL = 16 };
  if (entries <= SMALL) return;
  size_t before = sandbox_of(L)->memory_used;
  for (lua_Integer i = 1; i <= 4 * entries && sandbox_of(L)->memory_used >= before; i++) {
    const void *key = (const void *)(intptr_t)i;
    lua_pushboolean(L, 1);
    lua_rawsetp(L, index, key);
    lua_pushnil(L);
    lua_rawsetp(L, index, key);
  }
}

void sandbox_freeze_table(lua_State *L, int index, lua_CFunction refuse_write) {
  luaL_checkstack(L, 6, NULL);
  lua_Integer entries = count_entries(L, index);
  lua_Integer items = (lua_Integer)lua_rawlen(L, index);
  if (items > entries) items = entries;
  sandbox_charge(L, 2 * entries + 16);
  lua_createtable(L, (int)items, (int)(entries - items));
  int hidden = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, hidden);
    // Assigning nil to the current key is what lua_next allows.
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, index);
  }
  release_room(L, index, entries);
  lua_createtable(L, 0, 4);
  lua_pushvalue(L, hidden);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, refuse_write);
  lua_setfield(L, -2, "__newindex");
  lua_pushcfunction(L, hidden_length);
  lua_setfield(L, -2, "__len");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, index);
}

/// The work still to do and what has been seen, in place of recursion: how deep tables nest is the script's choice.
typedef struct freezing {
  int list;
  int seen;
  lua_Integer count;
} freezing;

// Pops a value and remembers it as work, once.
static void visit(lua_State *L, freezing *work) {
  int type = lua_type(L, -1);
  if (type != LUA_TTABLE && type != LUA_TFUNCTION) {
    lua_pop(L, 1);
    return;
  }
  lua_pushvalue(L, -1);
  if (lua_rawget(L, work->seen) != LUA_TNIL) {
    lua_pop(L, 2);
    return;
  }
  lua_pop(L, 1);
  lua_pushvalue(L, -1);
  lua_pushboolean(L, 1);
  lua_rawset(L, work->seen);
  lua_rawseti(L, work->list, ++work->count);
}

static void visit_upvalues(lua_State *L, freezing *work, int function) {
  for (int i = 1; lua_getupvalue(L, function, i) != NULL; i++) {
    sandbox_keep_upvalue(L, function, i);
    visit(L, work);
  }
}

static void visit_table(lua_State *L, freezing *work, int table) {
  if (lua_getmetatable(L, table)) {
    lua_pop(L, 1);
    return;
  }
  sandbox_freeze_table(L, table, sandbox_refuse_write);
  int hidden = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, hidden) != 0) {
    visit(L, work);
    lua_pushvalue(L, -1);
    visit(L, work);
  }
  lua_pop(L, 1);
}

void sandbox_freeze_value(lua_State *L, int index) {
  luaL_checkstack(L, 12, NULL);
  index = lua_absindex(L, index);
  lua_newtable(L);
  lua_newtable(L);
  freezing work = {.list = lua_gettop(L) - 1, .seen = lua_gettop(L)};
  lua_pushvalue(L, index);
  visit(L, &work);
  while (work.count > 0) {
    sandbox_charge(L, 4);
    lua_rawgeti(L, work.list, work.count);
    lua_pushnil(L);
    lua_rawseti(L, work.list, work.count--);
    int item = lua_gettop(L);
    if (lua_type(L, item) == LUA_TTABLE) {
      visit_table(L, &work, item);
    } else {
      visit_upvalues(L, &work, item);
    }
    lua_settop(L, item - 1);
  }
  lua_pop(L, 2);
}
