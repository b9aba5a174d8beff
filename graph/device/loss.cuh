// What the kernels of the losses share. Each computes the losses of the
// presentations, their gradient, or both. A presentation is given to a team of
// LANES threads, so that a batch spreads over several blocks.
#ifndef ERGON_LOSS_CUH
#define ERGON_LOSS_CUH

#include "../../internal/gpu/kernel.cuh"

typedef struct {
  const float *output, *target; // [B,width]
  const float *seed;            // ∂/∂loss, a scalar that the gradient is multiplied by
  double *rows;                 // [B] of each network: the loss of each presentation; 0: not needed
  float *gradient;              // [B,width]; 0: not needed
  int stride_output, stride_target, stride_seed, stride_gradient;
  int batch, width;
} Loss;

#define LANES 16
#define TEAMS (THREADS / LANES)
#define LANE(thread) ((thread) % LANES)
#define LEADER(thread) ((thread) - LANE(thread))

// Presentation is a thread's view of the presentation of its team.
typedef struct {
  const float *y, *t; // [width]
  float *dy;          // [width] or 0
  float seed;
  int width; // 0 where the batch has no more presentations
} Presentation;

DEVICE Presentation presentation(const Loss *a, int block, int network, int thread) {
  size_t row = (size_t)block * TEAMS + thread / LANES, at = row * a->width;
  Presentation p = {
      a->output + (size_t)network * a->stride_output + at,
      a->target + (size_t)network * a->stride_target + at,
      0, 0, row < (size_t)a->batch ? a->width : 0,
  };
  if (a->gradient) {
    p.dy = a->gradient + (size_t)network * a->stride_gradient + at;
    p.seed = a->seed[(size_t)network * a->stride_seed];
  }
  return p;
}

// OVER_LANES combines values[THREADS] of the threads of each team into the
// value of its first, pairwise and always in the same order.
#define OVER_LANES(combine, values)                                                          \
  for (int half = LANES / 2; half > 0; half /= 2) {                                          \
    BARRIER;                                                                                 \
    EACH_THREAD if (LANE(thread) < half)                                                     \
      values[thread] = combine(values[thread], values[thread + half]);                       \
  }                                                                                          \
  BARRIER

DEVICE double sum_of(double a, double b) { return a + b; }

// WRITE_LOSSES adds up losses[THREADS], the parts of each presentation's loss.
#define WRITE_LOSSES(losses)                                                                 \
  OVER_LANES(sum_of, losses);                                                                \
  EACH_THREAD {                                                                              \
    int row = BLOCK_X * TEAMS + thread / LANES;                                              \
    if (a.rows && LANE(thread) == 0 && row < a.batch)                                        \
      a.rows[(size_t)BLOCK_Y * a.batch + row] = losses[thread];                              \
  }

#endif
