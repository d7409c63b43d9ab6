#include <string.h>

#include "internal.h"

// Addresses are the registry's keys.
static const char visible_key, hidden_key;

typedef struct absent_name {
  const char *name;
  const char *hint;
} absent_name;

// What people know from Lua and look for in vain.
static const absent_name absent[] = {
  {"_G", "globals are reached by their names"},
  {"collectgarbage", "memory is the host's"},
  {"coroutine", "a rule runs from start to end"},
  {"debug", "use error or assert to stop a rule"},
  {"dofile", "rules share data (lists), not code"},
  {"getmetatable", "rules have no metatables"},
  {"io", "a rule can not read or write files"},
  {"load", "rules do not make code at run time"},
  {"loadfile", "rules share data (lists), not code"},
  {"loadstring", "rules do not make code at run time"},
  {"next", "use pairs, or # for lists"},
  {"os", "a rule sees no clock, files or environment; times are on the span"},
  {"package", "rules share data (lists), not code"},
  {"print", "a rule has no output; test it with the command line"},
  {"rawequal", "use =="},
  {"rawget", "index the table"},
  {"rawlen", "use #"},
  {"rawset", "assign to the table"},
  {"require", "rules share data (lists), not code"},
  {"setmetatable", "rules have no metatables"},
  {"unpack", "use table.unpack"},
  {"warn", "a rule has no output; test it with the command line"},
  {"xpcall", "use pcall"},
  {"math.random", "rules give the same answer every time; to keep a share of spans, sample them"},
  {"math.randomseed", "rules give the same answer every time"},
  {"string.dump", "rules do not make code at run time"},
  {"string.pack", "rules do not handle binary layouts"},
  {"string.packsize", "rules do not handle binary layouts"},
  {"string.unpack", "rules do not handle binary layouts"},
  {"table.getn", "use #"},
};

static const char *hint_for(const char *library, const char *name) {
  size_t library_length = strlen(library);
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
    const char *known = absent[i].name;
    if (library_length > 0) {
      if (strncmp(known, library, library_length) != 0 || known[library_length] != '.') continue;
      known += library_length + 1;
    }
    if (strcmp(known, name) == 0) return absent[i].hint;
  }
  return NULL;
}

// The string in the table at index that is nearest to name, kept alive by the table.
static const char *nearest_key(lua_State *L, int index, const char *name) {
  const char *best = NULL;
  size_t length = strlen(name);
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    lua_pop(L, 1);
    sandbox_charge(L, 8);
    if (lua_type(L, -1) == LUA_TSTRING) best = sandbox_nearer(name, length, best, lua_tostring(L, -1));
  }
  return best;
}

static int refuse_unknown(lua_State *L, const char *library) {
  bool global = library[0] == '\0';
  const char *dot = global ? "" : ".";
  const char *kind = global ? "unknown global" : "unknown function";
  const char *name = sandbox_name_in_source(L, 2);
  if (name == NULL) return sandbox_refuse(L, "%s", kind);
  const char *hint = hint_for(library, name);
  if (hint != NULL) return sandbox_refuse(L, "%s%s%s is not available in rules: %s", library, dot, name, hint);
  const char *near = nearest_key(L, 1, name);
  if (near == NULL) return sandbox_refuse(L, "%s '%s%s%s'", kind, library, dot, name);
  return sandbox_refuse(L, "%s '%s%s%s'; did you mean '%s%s%s'?", kind, library, dot, name, library, dot, near);
}

// __index of a hidden table, reached when the name is in neither: (hidden table, key).
static int unknown_name(lua_State *L) {
  // ("text")[1] is nil in Lua, and no misspelling.
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  return refuse_unknown(L, lua_tostring(L, lua_upvalueindex(1)));
}

// Gives the hidden table at the top an __index that refuses unknown names.
static void refuse_unknown_names(lua_State *L, const char *library) {
  lua_createtable(L, 0, 1);
  lua_pushstring(L, library);
  lua_pushcclosure(L, unknown_name, 1);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
}

int sandbox_refuse_global(lua_State *L) {
  const char *name = sandbox_name_in_source(L, 2);
  if (name == NULL) return sandbox_refuse(L, "assignment to a global; use a local");
  return sandbox_refuse(L, "assignment to global '%s'; use local", name);
}

void sandbox_open_environment(lua_State *L) {
  lua_newtable(L);
  sandbox_freeze_table(L, lua_gettop(L), sandbox_refuse_global);
  refuse_unknown_names(L, "");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &hidden_key);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &visible_key);
}

void sandbox_push_environment(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &visible_key); }

void sandbox_set_global(lua_State *L, const char *name) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &hidden_key);
  lua_pushstring(L, name);
  lua_rotate(L, -3, -1);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void sandbox_add_library(lua_State *L, const char *name) {
  int library = lua_gettop(L);
  sandbox_freeze_table(L, library, sandbox_refuse_write);
  refuse_unknown_names(L, name);
  lua_insert(L, library);
  sandbox_set_global(L, name);
}
