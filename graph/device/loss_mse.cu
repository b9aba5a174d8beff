// The device counterpart of loss.SquaredError and its gradient.
#include "loss.cuh"

// mse is ½ Σ_o (y - t)², and g (y - t)/B.
KERNEL(mse, Loss) {
  SHARED double losses[THREADS];
  EACH_THREAD {
    Presentation p = presentation(&a, BLOCK_X, BLOCK_Y, thread);
    double loss = 0;
    for (int o = LANE(thread); o < p.width; o += LANES) {
      double d = (double)p.y[o] - p.t[o];
      loss += d * d / 2;
      if (p.dy) p.dy[o] = p.seed * (p.y[o] - p.t[o]) / a.batch;
    }
    losses[thread] = loss;
  }
  WRITE_LOSSES(losses);
}
