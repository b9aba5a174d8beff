// The device counterpart of the perceptron's loss and its gradient.
#include "loss.cuh"

// perceptron is Σ_o max(0, -y t), and -g t/B where y t ≤ 0.
KERNEL(perceptron, Loss) {
  SHARED double losses[THREADS];
  EACH_THREAD {
    Presentation p = presentation(&a, BLOCK_X, BLOCK_Y, thread);
    double loss = 0;
    for (int o = LANE(thread); o < p.width; o += LANES) {
      double lack = -(double)p.y[o] * p.t[o];
      loss += lack <= 0 ? 0 : lack; // or NaN
      if (p.dy) p.dy[o] = p.y[o] * p.t[o] <= 0 ? -p.seed * p.t[o] / a.batch : 0;
    }
    losses[thread] = loss;
  }
  WRITE_LOSSES(losses);
}
