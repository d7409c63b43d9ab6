// OTLP's AnyValue as Lua values.

#ifndef ANY_VALUE_H
#define ANY_VALUE_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

// Pushes the value that the content of an AnyValue message holds: nil for an empty one, tables for arrays and maps, a
// `bytes` userdata for bytes. Charges for what it makes.
void any_value_push(lua_State *L, const uint8_t *bytes, size_t length);

// Makes the metatable of `bytes` userdata.
void any_value_install(lua_State *L);

#endif
