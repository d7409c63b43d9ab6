#define _GNU_SOURCE
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <string.h>

#include "include/rule_api.h"
#include "internal.h"
#include "span_api.h"

// MARK: refusals

// The sentence lies in a block of the state's own, so that leaving it there can neither fail nor raise.
#define REFUSAL_SIZE 512
static const char refusal_key = 'r';

void rule_make_refusal_room(lua_State *L) {
  char *room = lua_newuserdatauv(L, REFUSAL_SIZE, 0);
  room[0] = 0;
  lua_rawsetp(L, LUA_REGISTRYINDEX, &refusal_key);
}

static char *refusal_of(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &refusal_key);
  char *room = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return room;
}

void rule_refuse_with(sandbox *box, const char *message, size_t length) {
  char *room = refusal_of(box->state);
  if (length >= REFUSAL_SIZE) length = REFUSAL_SIZE - 1;
  memcpy(room, message, length);
  room[length] = 0;
}

bool rule_stands_in_source(const sandbox *box, const uint8_t *name, size_t length) {
  const sandbox_core *core = (const sandbox_core *)box;
  if (length == 0 || length > 64 || core->source == NULL) return false;
  return memmem(core->source, core->source_length, name, length) != NULL;
}

int rule_raise_refusal(lua_State *L) { return sandbox_refuse(L, "%s", refusal_of(L)); }

// MARK: running

static int run(lua_State *L) {
  int reference = *(const int *)lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  lua_call(L, 0, 1);
  rule_walk_value(L, -1, RULE_WALK_RESULT);
  return 0;
}

sandbox_verdict rule_run(sandbox *box, int function_ref, int64_t step_limit) {
  return sandbox_protect(box, run, &function_ref, step_limit);
}

static int freeze(lua_State *L) {
  int reference = *(const int *)lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  sandbox_freeze_value(L, -1);
  return 0;
}

#define PREPARATION_STEPS 10000000

sandbox_verdict rule_freeze(sandbox *box, int function_ref) {
  return sandbox_protect(box, freeze, &function_ref, PREPARATION_STEPS);
}

// MARK: the compiled form

typedef struct dumping {
  int reference;
  void (*sink)(void *host, const uint8_t *bytes, size_t length);
} dumping;

static int write_piece(lua_State *L, const void *bytes, size_t length, void *context) {
  const dumping *what = context;
  what->sink(sandbox_of(L)->host, bytes, length);
  return 0;
}

static int dump(lua_State *L) {
  dumping *what = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, what->reference);
  lua_dump(L, write_piece, what, 0);
  return 0;
}

sandbox_verdict rule_dump(sandbox *box, int function_ref,
                          void (*sink)(void *host, const uint8_t *bytes, size_t length)) {
  dumping what = {function_ref, sink};
  return sandbox_protect(box, dump, &what, PREPARATION_STEPS);
}

// MARK: what a hook can reach

typedef struct reaching {
  int reference;
  void (*found)(void *host, int function_ref);
} reaching;

enum { ARGUMENT = 1, SEEN, WORK };

// Puts the value at the top of the stack on the work list, once, if it is a Lua function or a table, and tells the host
// of a node; pops it.
static void reach(lua_State *L, lua_Integer *length) {
  uint32_t serial;
  if (rule_node_serial(L, -1, &serial)) {
    rule_walk_value(L, -1, RULE_WALK_DECLARATION);
    rule_host_of(L)->declared(sandbox_of(L)->host);
    lua_pop(L, 1);
    return;
  }
  bool is_function = lua_type(L, -1) == LUA_TFUNCTION && !lua_iscfunction(L, -1);
  if (!is_function && lua_type(L, -1) != LUA_TTABLE) {
    lua_pop(L, 1);
    return;
  }
  lua_pushvalue(L, -1);
  if (lua_rawget(L, SEEN) != LUA_TNIL) {
    lua_pop(L, 2);
    return;
  }
  lua_pop(L, 1);
  sandbox_charge(L, 4);
  lua_pushvalue(L, -1);
  lua_pushboolean(L, 1);
  lua_rawset(L, SEEN);
  lua_rawseti(L, WORK, ++*length);
}

static int reachable(lua_State *L) {
  reaching *what = lua_touserdata(L, ARGUMENT);
  lua_newtable(L);
  lua_newtable(L);
  lua_Integer length = 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, what->reference);
  reach(L, &length);
  for (lua_Integer next = 1; next <= length; next++) {
    lua_rawgeti(L, WORK, next);
    int item = lua_gettop(L);
    if (lua_type(L, item) == LUA_TFUNCTION) {
      lua_pushvalue(L, item);
      what->found(sandbox_of(L)->host, luaL_ref(L, LUA_REGISTRYINDEX));
      for (int i = 1;; i++) {
        const char *name = lua_getupvalue(L, item, i);
        if (name == NULL) break;
        reach(L, &length);
      }
    } else {
      lua_pushnil(L);
      while (lua_next(L, item)) {
        reach(L, &length);
        lua_pushvalue(L, -1);
        reach(L, &length);
      }
    }
    lua_settop(L, item - 1);
  }
  return 0;
}

sandbox_verdict rule_reachable(sandbox *box, int function_ref, void (*found)(void *host, int function_ref)) {
  reaching what = {function_ref, found};
  return sandbox_protect(box, reachable, &what, PREPARATION_STEPS);
}
