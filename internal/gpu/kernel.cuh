// The language of the kernels: CUDA C, kept to what a C compiler can also make
// run on the host, block after block. There, a block's threads take turns: a
// kernel is a sequence of phases, each EACH_THREAD { … } run by all threads
// before the next begins. On the device a phase is plain code of one thread,
// and BARRIER is __syncthreads.
//
//   KERNEL(scale, Scale) {              // a is the kernel's struct Scale
//     SHARED double sums[THREADS];      // of the block
//     OWN(float, x);                    // of each thread, from phase to phase
//     EACH_THREAD { x[MINE] = a.x[BLOCK_X * THREADS + thread]; … }
//     BARRIER;
//     EACH_THREAD { … }
//   }
//
// Structs have pointers first and then 4-byte numbers, and their Go twins the
// same. Products and sums of floats are rounded one by one on both sides
// (-fmad=false, -ffp-contract=off): equal inputs give equal bits. Sums over
// threads have a fixed order.
#ifndef ERGON_KERNEL_CUH
#define ERGON_KERNEL_CUH

typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned char u8;

#define THREADS 256

#ifdef __CUDACC__

#define KERNEL(name, Arguments) extern "C" __global__ void __launch_bounds__(THREADS, 4) name(const Arguments a)
#define DEVICE static __device__ __forceinline__
#define SHARED __shared__
#define OWN(type, name) type name[1]
#define MINE 0
#define EACH_THREAD for (int thread = (int)threadIdx.x, once = 1; once; once = 0)
#define BARRIER __syncthreads()
#define BLOCK_X ((int)blockIdx.x)
#define BLOCK_Y ((int)blockIdx.y)
#define BLOCKS_X ((int)gridDim.x)

DEVICE u32 high32(u32 a, u32 b) { return __umulhi(a, b); }
DEVICE u32 float_bits(float x) { return __float_as_uint(x); }
DEVICE int bit_count(u32 x) { return __popc(x); }
// add_count is exact whatever the order of the threads.
DEVICE u32 add_count(u32 *sum, u32 n) { return atomicAdd(sum, n); }

#else // the host

#include <math.h>
#include <string.h>

#define KERNEL(name, Arguments)                                                              \
  static void block_of_##name(const Arguments a, int BLOCK_X, int BLOCK_Y, int BLOCKS_X);       \
  const int name##_bytes = sizeof(Arguments);                                                \
  void name(const void *arguments, int x, int y) {                                           \
    for (int block_y = 0; block_y < y; block_y++)                                            \
      for (int block_x = 0; block_x < x; block_x++)                                          \
        block_of_##name(*(const Arguments *)arguments, block_x, block_y, x);                    \
  }                                                                                          \
  static void block_of_##name(const Arguments a, int BLOCK_X, int BLOCK_Y, int BLOCKS_X)
#define DEVICE static inline __attribute__((unused))
#define SHARED
#define OWN(type, name) type name[THREADS]
#define MINE thread
#define EACH_THREAD for (int thread = 0; thread < THREADS; thread++)
#define BARRIER ((void)0)

DEVICE u32 high32(u32 a, u32 b) { return (u32)((u64)a * b >> 32); }
DEVICE u32 float_bits(float x) { u32 bits; memcpy(&bits, &x, 4); return bits; }
DEVICE int bit_count(u32 x) { return __builtin_popcount(x); }
DEVICE u32 add_count(u32 *sum, u32 n) { u32 before = *sum; *sum += n; return before; }

#endif

// SUM_OVER_THREADS adds up sums[THREADS], pairwise and always in the same order,
// into sums[0]. It destroys the others, and ends with a BARRIER.
#define SUM_OVER_THREADS(sums)                                                               \
  for (int half = THREADS / 2; half > 0; half /= 2) {                                        \
    BARRIER;                                                                                 \
    EACH_THREAD if (thread < half) sums[thread] += sums[thread + half];                      \
  }                                                                                          \
  BARRIER

#endif
