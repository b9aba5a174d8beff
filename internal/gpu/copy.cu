// A plain copy: what a kernel can reach that reads and writes once. Bandwidths
// are compared with it.
#include "kernel.cuh"

// Sixteen is what a thread reads at once.
#ifdef __CUDACC__
typedef struct __align__(16) { float x[4]; } Sixteen;
#else
typedef struct { float x[4]; } __attribute__((aligned(16))) Sixteen;
#endif

typedef struct {
  Sixteen *to;
  const Sixteen *from;
  u32 n; // times 16 bytes
} Copy;

KERNEL(copy, Copy) {
  EACH_THREAD {
    for (u32 i = BLOCK_X * (THREADS * 4) + thread; i < a.n && i < (BLOCK_X + 1) * (THREADS * 4u); i += THREADS) a.to[i] = a.from[i];
  }
}
