#include "internal.h"

void sandbox_note_lines(sandbox *box, uint8_t *lines, size_t count) {
  sandbox_core *core = (sandbox_core *)box;
  core->noted_lines = lines;
  core->noted_count = count;
}

void sandbox_tick_or_line(lua_State *L, lua_Debug *activation) {
  if (activation->event != LUA_HOOKLINE) {
    sandbox_tick(L, activation);
    return;
  }
  const sandbox_core *core = sandbox_core_of(L);
  int line = activation->currentline;
  if (line > 0 && (size_t)line <= core->noted_count) core->noted_lines[line - 1] = 1;
}
