// Counts calls of the allocator, by standing before the C library's own. Linux with glibc only.

#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdint.h>

// How often memory was allocated or grown since the process began, by all threads.
uint64_t allocation_count(void);

#endif
