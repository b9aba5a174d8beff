// The update of all networks: mask, optimizer, clip, apply and count, the counterpart of
// masks/cpu.
#include "kept.cuh"
#include "optimizer.cuh"
#include "update.cuh"

// A thread's counts of synapses share a word: m0, and stored 16 bits further up.
#define STORED (1u << 16)

// applied scales, clips and counts the updates of a group of four synapses, and returns
// the updated weights.
DEVICE Four applied(Four w, Four delta, float scale, float bound, double *m1, u32 *counts) {
  for (int k = 0; k < 4; k++) {
    float update = delta.x[k] * scale, before = w.x[k];
    if (update > bound) update = bound;
    else if (update < -bound) update = -bound;
    w.x[k] = before + update;
    *counts += (update != 0) + (w.x[k] != before) * STORED;
    *m1 += fabsf(update);
  }
  return w;
}

// close_tally adds up the threads' counts, pairwise and always in the same order.
DEVICE void close_tally(Tally *tally, double *m1, u32 *counts) {
  for (int half = THREADS / 2; half > 0; half /= 2) {
    BARRIER;
    EACH_THREAD if (thread < half) {
      m1[thread] += m1[thread + half];
      counts[thread] += counts[thread + half];
    }
  }
  BARRIER;
  EACH_THREAD if (thread == 0) {
    tally->m1 = m1[0];
    tally->m0 = counts[0] % STORED;
    tally->stored = counts[0] / STORED;
  }
}

// update_synapses is a whole step of the networks without a clip by norm.
KERNEL(update_synapses, Update) {
  SHARED double m1[THREADS];
  SHARED u32 counts[THREADS];
  PieceWork at = work_on(&a, BLOCK_X, BLOCK_Y);
  if (at.plan->within_norm) return;
  u32 end = a.halted[BLOCK_Y] ? 0 : at.end;
  const Four *gradients = (const Four *)at.g;
  Four *weights = (Four *)at.w;
  EACH_THREAD {
    double sum = 0;
    u32 count = 0;
    for (u32 four = at.four + thread; four < end; four += THREADS) {
      u32 kept = kept_synapses(&at, at.masks, four);
      if (!kept) continue;
      Four g = gradients[four], w = weights[four]; // both loads are issued before either is needed
      weights[four] = applied(w, proposal(&at, four, kept, g), 1, at.bound, &sum, &count);
    }
    m1[thread] = sum;
    counts[thread] = count;
  }
  close_tally(a.tallies + (u64)BLOCK_Y * BLOCKS_X + BLOCK_X, m1, counts);
}

// propose_updates writes the updates of the networks with a clip by norm, and adds up
// their squares.
KERNEL(propose_updates, Update) {
  SHARED double squares[THREADS];
  PieceWork at = work_on(&a, BLOCK_X, BLOCK_Y);
  if (!at.plan->within_norm || a.halted[BLOCK_Y]) return;
  const Four *gradients = (const Four *)at.g;
  Four *proposed = (Four *)(a.proposed + (at.w - a.weights));
  EACH_THREAD {
    double sum = 0;
    for (u32 four = at.four + thread; four < at.end; four += THREADS) {
      Four delta = proposal(&at, four, kept_synapses(&at, at.masks, four), gradients[four]);
      for (int k = 0; k < 4; k++) sum += (double)delta.x[k] * delta.x[k];
      proposed[four] = delta;
    }
    squares[thread] = sum;
  }
  SUM_OVER_THREADS(squares);
  EACH_THREAD if (thread == 0) a.squares[(u64)BLOCK_Y * BLOCKS_X + BLOCK_X] = squares[0];
}

// measure_updates finds the factor that scales a layer's update. Blocks: x layers.
KERNEL(measure_updates, Update) {
  SHARED double squares[THREADS];
  u32 within = a.plans[(u64)BLOCK_Y * a.arrays_count].within_norm;
  if (!within) return;
  u32 first = within == PER_LAYER ? a.ends[BLOCK_X] : 0;
  u32 end = within == PER_LAYER ? a.ends[BLOCK_X + 1] : a.pieces_count;
  EACH_THREAD {
    double sum = 0;
    for (u32 p = first + thread; p < end; p += THREADS) sum += a.squares[(u64)BLOCK_Y * a.pieces_count + p];
    squares[thread] = sum;
  }
  SUM_OVER_THREADS(squares);
  EACH_THREAD if (thread == 0) {
    double length = sqrt(squares[0]), longest = a.norms[BLOCK_Y];
    a.scales[BLOCK_Y * BLOCKS_X + BLOCK_X] = length > longest ? (float)(longest / length) : 1;
  }
}

// apply_updates applies what propose_updates has written.
KERNEL(apply_updates, Update) {
  SHARED double m1[THREADS];
  SHARED u32 counts[THREADS];
  PieceWork at = work_on(&a, BLOCK_X, BLOCK_Y);
  if (!at.plan->within_norm) return;
  u32 end = a.halted[BLOCK_Y] ? 0 : at.end;
  const Four *proposed = (const Four *)(a.proposed + (at.w - a.weights));
  Four *weights = (Four *)at.w;
  float scale = a.scales[BLOCK_Y * a.layers + a.arrays[a.pieces[BLOCK_X].array].layer];
  EACH_THREAD {
    double sum = 0;
    u32 count = 0;
    for (u32 four = at.four + thread; four < end; four += THREADS) {
      Four delta = proposed[four], w = weights[four];
      weights[four] = applied(w, delta, scale, at.bound, &sum, &count);
    }
    m1[thread] = sum;
    counts[thread] = count;
  }
  close_tally(a.tallies + (u64)BLOCK_Y * BLOCKS_X + BLOCK_X, m1, counts);
}
