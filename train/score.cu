// The twin of evaluator: how a network does on its test set, on the device.
#include "../internal/gpu/kernel.cuh"

// Score is a network's, so far.
typedef struct {
  double loss; // Σ over the examples
  u64 correct;
} Score;

typedef struct {
  Score *scores;           // [networks]
  const float *output;     // [networks][batch, outputs]
  const float *loss;       // [networks] mean over the batch
  const u8 *const *labels; // [networks] classes of all examples; 0: real-valued targets
  u32 *clock;              // batches scored, advanced when every network is
  u32 *done;               // networks that are
  int batch, outputs, full, networks; // full: examples in every batch before this one
} Scoring;

// score enters a batch of consecutive examples, one network per block.
KERNEL(score, Scoring) {
  SHARED u64 correct[THREADS];
  SHARED u32 step[1];
  const u8 *labels = a.labels[BLOCK_Y];
  EACH_THREAD if (thread == 0) step[0] = *a.clock;
  BARRIER;
  EACH_THREAD {
    correct[thread] = 0;
    for (int b = thread; labels && b < a.batch; b += THREADS) {
      const float *y = a.output + ((size_t)BLOCK_Y * a.batch + b) * a.outputs;
      int chosen = 0;
      if (a.outputs == 1)
        chosen = y[0] > 0 ? 1 : y[0] < 0 ? 0 : -1;
      for (int o = 1; o < a.outputs; o++)
        if (y[o] > y[chosen]) chosen = o;
      correct[thread] += labels[(size_t)step[0] * a.full + b] == chosen;
    }
  }
  SUM_OVER_THREADS(correct);
  EACH_THREAD if (thread == 0) {
    a.scores[BLOCK_Y].loss += (double)a.loss[BLOCK_Y] * a.batch;
    a.scores[BLOCK_Y].correct += correct[0];
    if (add_count(a.done, 1) == (u32)(a.networks - 1)) {
      *a.done = 0;
      *a.clock = step[0] + 1;
    }
  }
}
