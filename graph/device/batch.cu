// Sums over the batch, several in one launch: gradients of biases, mean losses.
#include "../../internal/gpu/kernel.cuh"

typedef struct {
  const float *values;  // [B,width], whose columns are summed
  const double *losses; // or [B], of which the mean is taken
  float *sum;           // [width]
  int stride_values, stride_sum, width;
  int first; // block of the launch
} BatchSum;

typedef struct {
  const BatchSum *sums; // [count]
  int count, batch;
} BatchSums;

// A block sums COLUMNS columns, for each of which ROWS threads share the rows.
#define COLUMNS 32
#define ROWS (THREADS / COLUMNS)

// sum_over_batch sums in an order that depends on the batch size only.
KERNEL(sum_over_batch, BatchSums) {
  SHARED double losses[THREADS];
  SHARED float columns[THREADS];
  int j = 0;
  while (j + 1 < a.count && BLOCK_X >= a.sums[j + 1].first) j++;
  const BatchSum s = a.sums[j];
  float *sum = s.sum + (size_t)BLOCK_Y * s.stride_sum;
  if (s.losses) {
    const double *from = s.losses + (size_t)BLOCK_Y * s.stride_values;
    EACH_THREAD {
      losses[thread] = 0;
      for (int row = thread; row < a.batch; row += THREADS) losses[thread] += from[row];
    }
    SUM_OVER_THREADS(losses);
    EACH_THREAD if (thread == 0) sum[0] = (float)(losses[0] / a.batch);
  } else {
    const float *from = s.values + (size_t)BLOCK_Y * s.stride_values;
    int left = (BLOCK_X - s.first) * COLUMNS;
    EACH_THREAD {
      int column = left + thread % COLUMNS;
      float partial = 0;
      if (column < s.width)
        for (int row = thread / COLUMNS; row < a.batch; row += ROWS) partial += from[(size_t)row * s.width + column];
      columns[thread] = partial;
    }
    BARRIER;
    EACH_THREAD if (thread < COLUMNS && left + thread < s.width) {
      float total = 0;
      for (int row = 0; row < ROWS; row++) total += columns[row * COLUMNS + thread];
      sum[left + thread] = total;
    }
  }
}

#undef COLUMNS
#undef ROWS
