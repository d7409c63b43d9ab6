#ifndef STACK_TRACE_H
#define STACK_TRACE_H

#include <stddef.h>

/// Writes where the calling thread stands, from the caller outwards, a line a frame: the symbol where the binary exports it,
/// otherwise the binary and the offset in it, which a symbolizer can look up.
///
/// Returns how many bytes of `out` were written: 0 where the system cannot tell. It reads no memory but the stack and the
/// symbol tables of loaded binaries, and takes some microseconds.
///
/// - skip: how many frames of the caller's own to leave out.
size_t stack_trace_write(char *out, size_t capacity, int skip);

#endif
