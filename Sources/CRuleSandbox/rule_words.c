#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "include/rule_api.h"
#include "internal.h"
#include "span_api.h"
#include "trace_api.h"

// A word of the language, called while a file loads, makes a node: its kind, the line it stands in, and its arguments.
// The host reads nodes by walking what the file returns; Lua code can do nothing with them but pass them on.

#define NODE_TYPE "node"

// Counts the nodes of a state; each lane loads the same text and so gives the same node the same serial.
static const char serial_key = 'n';

const rule_node *rule_node_at(lua_State *L, int index) { return luaL_testudata(L, index, NODE_TYPE); }

bool rule_node_serial(lua_State *L, int index, uint32_t *serial) {
  const rule_node *found = rule_node_at(L, index);
  if (found == NULL) return false;
  *serial = found->serial;
  return true;
}

static int current_line(lua_State *L) {
  lua_Debug where;
  if (lua_getstack(L, 1, &where) && lua_getinfo(L, "l", &where)) return where.currentline;
  return 0;
}

static uint32_t next_serial(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &serial_key);
  lua_Integer serial = lua_tointeger(L, -1) + 1;
  lua_pop(L, 1);
  lua_pushinteger(L, serial);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &serial_key);
  return (uint32_t)serial;
}

// Makes a node of the arguments on the stack and leaves it there alone.
static void make_node(lua_State *L, const char *kind, int line) {
  int count = lua_gettop(L);
  lua_createtable(L, count, 0);
  for (int i = 1; i <= count; i++) {
    lua_pushvalue(L, i);
    lua_rawseti(L, -2, i);
  }
  rule_node *made = lua_newuserdatauv(L, sizeof *made, 1);
  made->kind = kind;
  made->line = line;
  made->serial = next_serial(L);
  luaL_setmetatable(L, NODE_TYPE);
  lua_insert(L, 1);
  lua_setiuservalue(L, 1, 1);
  lua_settop(L, 1);
  sandbox_charge(L, 8 + count);
}

static int word(lua_State *L) {
  make_node(L, lua_touserdata(L, lua_upvalueindex(1)), current_line(L));
  return 1;
}

// `test "name" { … }`: the first call takes the name, the second makes the node and tells the host at once.
static int named_body(lua_State *L) {
  int line = (int)lua_tointeger(L, lua_upvalueindex(3));
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_insert(L, 1);
  make_node(L, lua_touserdata(L, lua_upvalueindex(1)), line);
  rule_walk_value(L, 1, RULE_WALK_DECLARATION);
  if (rule_host_of(L)->declared(sandbox_of(L)->host) == RULE_REFUSED) return rule_raise_refusal(L);
  return 0;
}

static int named_word(lua_State *L) {
  if (lua_type(L, 1) != LUA_TSTRING) return sandbox_refuse(L, "a test is written: test \"what it shows\" { … }");
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_pushinteger(L, current_line(L));
  lua_pushcclosure(L, named_body, 3);
  return 1;
}

// MARK: words that answer at once

// Pushes the names in alphabetical order, whatever order they come in.
static void push_sorted(lua_State *L, const char **names, size_t count) {
  for (size_t i = 1; i < count; i++) {
    const char *moved = names[i];
    size_t place = i;
    for (; place > 0 && strcmp(names[place - 1], moved) > 0; place--) names[place] = names[place - 1];
    names[place] = moved;
  }
  luaL_Buffer text;
  luaL_buffinit(L, &text);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) luaL_addstring(&text, ", ");
    luaL_addstring(&text, names[i]);
  }
  luaL_pushresult(&text);
}

// Reached for a name that a strict table does not hold: (hidden table, key).
static int strict_index(lua_State *L) {
  const char *what = lua_tostring(L, lua_upvalueindex(1));
  if (lua_type(L, 2) != LUA_TSTRING) return sandbox_refuse(L, "%s takes a name, this is a %s", what, luaL_typename(L, 2));
  const char *name = sandbox_name_in_source(L, 2);
  if (name == NULL) return sandbox_refuse(L, "%s has no member of this name", what);
  size_t count = 0;
  const char *names[64];
  lua_pushnil(L);
  while (count < 64 && lua_next(L, 1)) {
    lua_pop(L, 1);
    names[count++] = lua_tostring(L, -1);
  }
  const char *near = sandbox_nearest(name, strlen(name), names, count);
  if (near == NULL) {
    push_sorted(L, names, count);
    return sandbox_refuse(L, "%s.%s does not exist; there are %s", what, name, lua_tostring(L, -1));
  }
  return sandbox_refuse(L, "%s.%s does not exist; did you mean %s.%s?", what, name, what, near);
}

// Makes the table at the top read-only for good, also for the functions of `table`; its unknown members are errors.
static void make_strict(lua_State *L, const char *what) {
  sandbox_freeze_table(L, lua_gettop(L), sandbox_refuse_word);
  lua_newtable(L);
  lua_pushstring(L, what);
  lua_pushcclosure(L, strict_index, 1);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

static int settings_word(lua_State *L) {
  const rule_host *host = rule_host_of(L);
  void *context = sandbox_of(L)->host;
  if (lua_gettop(L) != 1 || lua_type(L, 1) != LUA_TTABLE) {
    return sandbox_refuse(L, "settings takes one table: settings { threshold = duration \"60s\" }");
  }
  rule_walk_value(L, 1, RULE_WALK_DECLARATION);
  if (host->declare_settings(context) == RULE_REFUSED) return rule_raise_refusal(L);
  lua_newtable(L);
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    lua_pop(L, 1);
    size_t length;
    // The host has refused tables with keys that are not strings.
    const uint8_t *name = (const uint8_t *)lua_tolstring(L, -1, &length);
    rule_value value = {0};
    host->get_setting(context, name, length, &value);
    lua_pushvalue(L, -1);
    switch (value.type) {
      case RULE_BOOLEAN: lua_pushboolean(L, value.integer != 0); break;
      case RULE_INTEGER: lua_pushinteger(L, value.integer); break;
      case RULE_NUMBER: lua_pushnumber(L, value.number); break;
      case RULE_TEXT: lua_pushlstring(L, (const char *)value.bytes, value.length); break;
      default: lua_pushnil(L);
    }
    lua_rawset(L, 2);
  }
  make_strict(L, "settings");
  return 1;
}

static int list_word(lua_State *L) {
  const rule_host *host = rule_host_of(L);
  void *context = sandbox_of(L)->host;
  if (lua_type(L, 1) != LUA_TSTRING) return sandbox_refuse(L, "list takes the name of a file: list \"secret_words\"");
  size_t length;
  const uint8_t *name = (const uint8_t *)lua_tolstring(L, 1, &length);
  uint32_t count = 0;
  if (host->open_list(context, name, length, &count) == RULE_REFUSED) return rule_raise_refusal(L);
  lua_createtable(L, (int)count, 0);
  for (uint32_t i = 0; i < count; i++) {
    rule_value item = {0};
    host->get_list_item(context, i, &item);
    sandbox_charge(L, 2);
    lua_pushlstring(L, (const char *)item.bytes, item.length);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

// MARK: installation

static void set_word(lua_State *L, const char *name, const char *kind) {
  lua_pushlightuserdata(L, (void *)kind);
  lua_pushcclosure(L, word, 1);
  lua_setfield(L, -2, name);
}

static void set_global_word(lua_State *L, const char *name) {
  lua_pushlightuserdata(L, (void *)name);
  lua_pushcclosure(L, word, 1);
  sandbox_set_global(L, name);
}

static void set_constants(lua_State *L, const char *table, const char *const *names) {
  lua_newtable(L);
  for (int i = 0; names[i]; i++) {
    lua_pushinteger(L, i);
    lua_setfield(L, -2, names[i]);
  }
  make_strict(L, table);
  sandbox_set_global(L, table);
}

static void install_common(lua_State *L) {
  static const char *const codes[] = {"unset", "ok", "error", NULL};
  static const char *const kinds[] = {"unspecified", "internal", "server", "client", "producer", "consumer", NULL};
  set_constants(L, "status", codes);
  set_constants(L, "kind", kinds);
  static const char *const words[] = {"array", "map", "duration", NULL};
  for (int i = 0; words[i]; i++) set_global_word(L, words[i]);
}

static void install_rule_words(lua_State *L) {
  static const char *const words[] = {"rule", "mark",  "remove", "pseudonym", "keep_last", "cut",
                                      "limit", "count", "ratio", "flag", "choice", NULL};
  for (int i = 0; words[i]; i++) set_global_word(L, words[i]);
  lua_newtable(L);
  set_word(L, "words", "match.words");
  set_word(L, "names", "match.names");
  set_word(L, "prefixes", "match.prefixes");
  set_word(L, "values", "match.values");
  set_word(L, "text", "match.text");
  set_word(L, "patterns", "match.patterns");
  set_word(L, "query", "match.query");
  make_strict(L, "match");
  sandbox_set_global(L, "match");
  lua_pushcfunction(L, settings_word);
  sandbox_set_global(L, "settings");
  lua_pushcfunction(L, list_word);
  sandbox_set_global(L, "list");
}

static void install_test_words(lua_State *L) {
  static const char *const words[] = {"span", "event", "link", "bytes", NULL};
  for (int i = 0; words[i]; i++) set_global_word(L, words[i]);
  lua_pushlightuserdata(L, (void *)"test");
  lua_pushcclosure(L, named_word, 1);
  sandbox_set_global(L, "test");
}

typedef struct installation {
  const rule_host *host;
  rule_file file;
  int span_ref;
  int trace_ref;
} installation;

static int install(lua_State *L) {
  installation *what = lua_touserdata(L, 1);
  luaL_newmetatable(L, NODE_TYPE);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushliteral(L, "a step of the rule language");
  lua_setfield(L, -2, "__name");
  lua_pop(L, 1);
  rule_make_refusal_room(L);
  what->span_ref = span_api_install(L, what->host);
  what->trace_ref = trace_api_install(L, what->host);
  switch (what->file) {
    case RULE_FILE_RULE:
      install_common(L);
      install_rule_words(L);
      break;
    case RULE_FILE_CHAIN: set_global_word(L, "chain"); break;
    case RULE_FILE_TEST:
      install_common(L);
      install_test_words(L);
      break;
  }
  return 0;
}

// Enough for the installation, which is the host's own code.
#define INSTALLATION_STEPS 1000000

sandbox_verdict rule_install(sandbox *box, const rule_host *host, rule_file file, int *span_ref, int *trace_ref) {
  installation what = {host, file, LUA_NOREF, LUA_NOREF};
  sandbox_verdict verdict = sandbox_protect(box, install, &what, INSTALLATION_STEPS);
  *span_ref = what.span_ref;
  *trace_ref = what.trace_ref;
  return verdict;
}
