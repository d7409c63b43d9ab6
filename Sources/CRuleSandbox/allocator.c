#include <stdlib.h>

#include "internal.h"

// Two things are paid here, because only the allocator sees them.
//
// Bytes: a concatenation or a growing table is one instruction however much it copies, so blocks from PAID_BYTES on
// charge a step for every 64 bytes. Smaller ones are a bounded constant that the instruction has paid; leaving them out
// also keeps the count the same from run to run: when a small table is rehashed depends on Lua's random string seed,
// where keys have been removed before.
//
// Weight: one instruction may compare, hash or copy a whole string or the whole stack. As long as a block of n classes
// is alive, or was made by this call, each instruction counts 1 + n steps. Comparing 32 KiB takes as long as some 200
// instructions, so that is not the true price; it bounds what a whole budget can buy: 100,000 steps spent on nothing
// but comparing strings take about 45 ms at most, whatever their length. What earlier calls have left is collected
// before the next one, see calls.c.
//
// An allocator must not raise: it adds to the steps, and the next tick or charge notices.
enum { PAID_BYTES = 256, BYTES_PER_STEP = 64, COLLECTED_BYTES_PER_STEP = 128 };

static size_t class_of(size_t size) {
  size_t class = size / SANDBOX_CLASS_BYTES;
  return class < SANDBOX_CLASSES ? class : SANDBOX_CLASSES - 1;
}

static void note_added(sandbox_core *core, size_t size) {
  size_t class = class_of(size);
  if (class == 0) return;
  core->large_blocks[class]++;
  core->large_count++;
  if (core->weight < (int64_t)class + 1) core->weight = (int64_t)class + 1;
}

static void note_removed(sandbox_core *core, size_t size) {
  size_t class = class_of(size);
  if (class == 0) return;
  core->large_blocks[class]--;
  core->large_count--;
}

void sandbox_reset_weight(sandbox_core *core) {
  core->weight = 1;
  if (core->large_count == 0) return;
  size_t class = SANDBOX_CLASSES - 1;
  while (core->large_blocks[class] == 0) class--;
  core->weight = (int64_t)class + 1;
}

void *sandbox_allocate(void *context, void *block, size_t old_size, size_t new_size) {
  sandbox_core *core = context;
  sandbox *box = &core->open;
  // For a new block Lua passes the kind of the object here.
  if (block == NULL) old_size = 0;
  if (new_size == 0) {
    free(block);
    box->memory_used -= old_size;
    note_removed(core, old_size);
    return NULL;
  }
  if (new_size >= PAID_BYTES && new_size > old_size) box->steps_used += (int64_t)(new_size / BYTES_PER_STEP);
  if (new_size > old_size) {
    size_t room = box->limits.memory_bytes - box->memory_used;
    if (new_size > box->limits.block_bytes || new_size - old_size > room) {
      // Lua answers with a full collection and asks once more; an attacker at the edge could have one for each block.
      box->steps_used += (int64_t)(box->memory_used / COLLECTED_BYTES_PER_STEP);
      return NULL;
    }
  }
  void *moved = realloc(block, new_size);
  if (moved == NULL) {
    // Lua relies on shrinking to succeed. The block is then larger than what is accounted for, which is harmless.
    if (new_size > old_size) return NULL;
    moved = block;
  }
  note_removed(core, old_size);
  note_added(core, new_size);
  box->memory_used = box->memory_used - old_size + new_size;
  if (box->memory_used > box->memory_peak) box->memory_peak = box->memory_used;
  return moved;
}
