// A driver that executes: libcuda.so.1 and libcublas.so for machines without a
// GPU. Kernels are the emulator's, memory is the host's. It is stricter than a
// driver: it checks ranges, wants a current context on the calling thread, hands
// out memory full of rubbish, and does work as late as it may.
#ifndef ERGON_STUB_H
#define ERGON_STUB_H

#include <cuda.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))

// Work is what a stream does or, in a capture, records: run(data, x, y).
typedef void (*Work)(const void *data, int x, int y);

// stub_queue does work in a stream, with a copy of its data.
EXPORT CUresult stub_queue(CUstream stream, Work run, const void *data, size_t bytes, int x, int y);

// stub_check reports a range that is not within one allocation, or calls
// without a context.
EXPORT CUresult stub_check(CUdeviceptr at, size_t bytes);

// stub_setting is an environment variable's number, or otherwise.
static inline long long stub_setting(const char *name, long long otherwise) {
  const char *text = getenv(name);
  return text && *text ? atoll(text) : otherwise;
}

#endif
