#include <stdlib.h>

#include "internal.h"

// What a call assigns to an upvalue must not be there for the next: it would carry one span's data into another. Lua
// has no read-only upvalues, so those of every function that a hook can reach are set back when the call ends. This
// holds for iterators that were made while loading as well: their position is an upvalue.
//
// The kept table holds functions at odd indices, values at even ones, and a mark for each upvalue that is already in.

static const char kept_key;

void sandbox_open_kept(lua_State *L) {
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
}

void sandbox_push_kept(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key); }

static bool is_environment(lua_State *L, int index) {
  sandbox_push_environment(L);
  bool same = lua_rawequal(L, -1, index);
  lua_pop(L, 1);
  return same;
}

void sandbox_keep_upvalue(lua_State *L, int function, int upvalue) {
  sandbox_core *core = sandbox_core_of(L);
  int value = lua_gettop(L);
  // No text can assign to it: the name is refused.
  if (is_environment(L, value)) return;
  const void *identity = lua_upvalueid(L, function, upvalue);
  sandbox_push_kept(L);
  int kept = lua_gettop(L);
  // Several functions may share an upvalue.
  if (lua_rawgetp(L, kept, identity) == LUA_TNIL) {
    uint8_t *index = realloc(core->kept_index, (size_t)core->kept_count + 1);
    if (index == NULL) sandbox_fault(L, "there is no memory to load the rule");
    core->kept_index = index;
    index[core->kept_count] = (uint8_t)upvalue;
    lua_pushvalue(L, function);
    lua_rawseti(L, kept, 2 * (lua_Integer)core->kept_count + 1);
    lua_pushvalue(L, value);
    lua_rawseti(L, kept, 2 * (lua_Integer)core->kept_count + 2);
    lua_pushboolean(L, 1);
    lua_rawsetp(L, kept, identity);
    core->kept_count++;
  }
  lua_settop(L, value);
}

// Nothing here allocates or raises.
void sandbox_restore_upvalues(sandbox_core *core) {
  lua_State *L = core->open.state;
  for (int i = 0; i < core->kept_count; i++) {
    lua_rawgeti(L, SANDBOX_KEPT, 2 * (lua_Integer)i + 1);
    lua_rawgeti(L, SANDBOX_KEPT, 2 * (lua_Integer)i + 2);
    lua_setupvalue(L, -2, core->kept_index[i]);
    lua_pop(L, 1);
  }
}
