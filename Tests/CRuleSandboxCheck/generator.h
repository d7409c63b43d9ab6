#ifndef GENERATOR_H
#define GENERATOR_H

#include <stddef.h>
#include <stdint.h>

/// A source of small random Lua programs, the same ones for the same seed.
typedef struct generator {
  uint64_t state;
  char *text;
  size_t size;
  size_t length;
} generator;

/// Writes one program that calls a library function with random arguments and returns the results.
void generate_program(generator *from);

#endif
