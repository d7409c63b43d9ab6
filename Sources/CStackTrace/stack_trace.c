#define _GNU_SOURCE

#include "stack_trace.h"

#if defined(__GLIBC__) || defined(__APPLE__)

#include <dlfcn.h>
#include <execinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { maximum_frames = 64 };

/// Of the Swift runtime: a readable name in memory of `malloc`, or nothing where the name is not one of Swift's.
extern char *swift_demangle(const char *name, size_t length, char *out, size_t *out_length, uint32_t flags);

static const char *last_component(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static int write_frame(char *out, size_t capacity, void *address) {
  Dl_info info;
  memset(&info, 0, sizeof info);
  if (!dladdr(address, &info) || !info.dli_fname) return snprintf(out, capacity, "%p\n", address);
  const char *binary = last_component(info.dli_fname);
  if (!info.dli_sname) {
    size_t offset = (size_t)((char *)address - (char *)info.dli_fbase);
    return snprintf(out, capacity, "%s+0x%zx\n", binary, offset);
  }
  size_t offset = (size_t)((char *)address - (char *)info.dli_saddr);
  char *name = swift_demangle(info.dli_sname, strlen(info.dli_sname), NULL, NULL, 0);
  int written = snprintf(out, capacity, "%s in %s+0x%zx\n", name ? name : info.dli_sname, binary, offset);
  free(name);
  return written;
}

size_t stack_trace_write(char *out, size_t capacity, int skip) {
  void *frames[maximum_frames];
  int count = backtrace(frames, maximum_frames);
  size_t written = 0;
  // The first is this function.
  for (int index = 1 + skip; index < count; index++) {
    int length = write_frame(out + written, capacity - written, frames[index]);
    // A line that does not fit is left out whole, and all behind it.
    if (length < 0 || (size_t)length >= capacity - written) break;
    written += (size_t)length;
  }
  return written;
}

#else

size_t stack_trace_write(char *out, size_t capacity, int skip) {
  (void)out, (void)capacity, (void)skip;
  return 0;
}

#endif
