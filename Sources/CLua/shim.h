#ifndef CLUA_SHIM_H
#define CLUA_SHIM_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#endif
