// The device counterpart of the cross-entropy and its gradient.
#include "loss.cuh"

// larger need not hand a NaN on: the sum of exponentials does.
DEVICE double larger(double a, double b) { return a > b ? a : b; }

// softmax_xent is Σ_o t (ln Σ e^y - y), and g (softmax(y) - t)/B. Logits
// without a scale, infinite or NaN, give NaN: e^(∞-∞) is among the sum.
KERNEL(softmax_xent, Loss) {
  SHARED double values[THREADS];
  OWN(double, top);
  OWN(double, log_sum);
  EACH_THREAD {
    Presentation p = presentation(&a, BLOCK_X, BLOCK_Y, thread);
    double largest = -INFINITY;
    for (int o = LANE(thread); o < p.width; o += LANES) largest = larger(largest, p.y[o]);
    values[thread] = largest;
  }
  OVER_LANES(larger, values);
  EACH_THREAD top[MINE] = values[LEADER(thread)];
  BARRIER;
  EACH_THREAD {
    Presentation p = presentation(&a, BLOCK_X, BLOCK_Y, thread);
    double sum = 0;
    for (int o = LANE(thread); o < p.width; o += LANES) sum += exp(p.y[o] - top[MINE]);
    values[thread] = sum;
  }
  OVER_LANES(sum_of, values);
  EACH_THREAD log_sum[MINE] = top[MINE] + log(values[LEADER(thread)]);
  BARRIER;
  EACH_THREAD {
    Presentation p = presentation(&a, BLOCK_X, BLOCK_Y, thread);
    double loss = 0, scale = (double)p.seed / a.batch;
    for (int o = LANE(thread); o < p.width; o += LANES) {
      loss += p.t[o] * (log_sum[MINE] - p.y[o]);
      if (p.dy) p.dy[o] = (float)(scale * (exp(p.y[o] - log_sum[MINE]) - p.t[o]));
    }
    values[thread] = loss;
  }
  WRITE_LOSSES(values);
}
