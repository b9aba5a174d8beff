// Philox4x32-10 (Salmon et al., SC 2011): the twin of package philox.
#ifndef ERGON_PHILOX_CUH
#define ERGON_PHILOX_CUH

#include "kernel.cuh"

typedef struct { u32 word[4]; } Words;

// philox_block returns words 4·block … 4·block+3 of a step of the stream of a key.
DEVICE Words philox_block(u32 key0, u32 key1, u32 step_low, u32 step_high, u64 block) {
  u32 c0 = (u32)block, c1 = (u32)(block >> 32), c2 = step_low, c3 = step_high;
  for (int round = 0; round < 10; round++) {
    u32 low0 = c0 * 0xD2511F53u, high0 = high32(c0, 0xD2511F53u);
    u32 low1 = c2 * 0xCD9E8D57u, high1 = high32(c2, 0xCD9E8D57u);
    c0 = high1 ^ c1 ^ key0;
    c1 = low1;
    c2 = high0 ^ c3 ^ key1;
    c3 = low0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  Words w = {{c0, c1, c2, c3}};
  return w;
}

typedef struct {
  u32 *words; // [4·blocks]
  u32 key0, key1, step_low, step_high, blocks;
} Philox;

// philox writes the first words of a step of a stream, for tests of the generator.
KERNEL(philox, Philox) {
  EACH_THREAD {
    u32 block = BLOCK_X * THREADS + thread;
    if (block < a.blocks) {
      Words w = philox_block(a.key0, a.key1, a.step_low, a.step_high, block);
      for (int i = 0; i < 4; i++) a.words[4 * block + i] = w.word[i];
    }
  }
}

#endif
