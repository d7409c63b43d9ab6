#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

/// `inflateInit2` is a macro, which Swift does not import. Window bits of 15 + 32 take gzip and zlib alike.
static inline int zlib_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }

#endif
