#ifndef FUZZER_H
#define FUZZER_H

#include <stddef.h>
#include <stdint.h>

// libFuzzer's own mutations, for mutators that add others. From compiler-rt's interface; the toolchain has no header.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

#endif
