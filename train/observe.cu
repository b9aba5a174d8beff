// The twin of observer: counts what a step did, on the device.
#include "../internal/gpu/kernel.cuh"
#include "../masks/device/update.cuh"

// Row is what was seen of a presentation's activities or errors.
typedef struct {
  double l1;   // Σ|y|
  u32 nonzero; // count(y ≠ 0)
} Row;

// Units is an array of activities or errors to look at, [networks][batch, width].
typedef struct {
  const float *values;
  int width;
} Units;

typedef struct {
  const Units *units; // [arrays]
  Row *rows;          // [networks][arrays][batch]
  const float *loss;  // [networks]
  u32 *halted;        // [networks] set where the loss is not finite: nothing more is learned
  int arrays, batch;
} Observe;

// observe looks at one presentation in one array per block.
KERNEL(observe, Observe) {
  SHARED double l1[THREADS];
  SHARED u32 nonzero[THREADS];
  const int array = BLOCK_X / a.batch, b = BLOCK_X % a.batch;
  const Units units = a.units[array];
  const float *y = units.values + ((size_t)BLOCK_Y * a.batch + b) * units.width;
  EACH_THREAD {
    double sum = 0;
    u32 count = 0;
    for (int i = thread; i < units.width; i += THREADS) {
      float x = y[i];
      sum += x < 0 ? -x : x;
      count += !(x == 0);
    }
    l1[thread] = sum;
    nonzero[thread] = count;
  }
  SUM_OVER_THREADS(l1);
  SUM_OVER_THREADS(nonzero);
  EACH_THREAD if (thread == 0) {
    Row row = {l1[0], nonzero[0]};
    a.rows[((size_t)BLOCK_Y * a.arrays + array) * a.batch + b] = row;
    float loss = a.loss[BLOCK_Y];
    if (BLOCK_X == 0 && !(loss - loss == 0)) a.halted[BLOCK_Y] = 1;
  }
}

// Account is what a step did to a layer: energy.Step.
typedef struct {
  double l1, m1;
  u64 presynaptic, errors, pairs, postsynaptic, m0, stored;
} Account;

typedef struct {
  Account *accounts;   // [steps][networks][layers]
  float *losses;       // [steps][networks]
  const Row *rows;     // [networks][1 + 2·layers][batch]: inputs, activities, errors
  const Tally *tallies; // [networks][pieces]
  const int *pieces;   // [layers + 1]: layer l has pieces pieces[l] … pieces[l+1]-1
  const float *loss;   // [networks]
  u32 *halted;         // [networks] set where an update or activity is not finite
  u32 *clock;          // advanced when every block is done
  u32 *done;           // blocks that are
  int layers, batch, networks;
} Settle;

// settle closes the account of a step, one layer per block.
KERNEL(settle, Settle) {
  SHARED double l1[THREADS], m1[THREADS];
  SHARED u64 presynaptic[THREADS], errors[THREADS], pairs[THREADS], postsynaptic[THREADS], m0[THREADS], stored[THREADS];
  SHARED u32 step[1];
  const int l = BLOCK_X;
  const Row *rows = a.rows + (size_t)BLOCK_Y * (1 + 2 * a.layers) * a.batch;
  const Row *below = rows + (size_t)l * a.batch, *own = rows + (size_t)(l + 1) * a.batch, *error = rows + (size_t)(1 + a.layers + l) * a.batch;
  EACH_THREAD {
    if (thread == 0) step[0] = *a.clock;
    Account sum = {0, 0, 0, 0, 0, 0, 0, 0};
    for (int b = thread; b < a.batch; b += THREADS) {
      sum.presynaptic += below[b].nonzero;
      sum.errors += error[b].nonzero;
      sum.pairs += (u64)below[b].nonzero * error[b].nonzero;
      sum.postsynaptic += own[b].nonzero;
      sum.l1 += own[b].l1;
    }
    const Tally *tallies = a.tallies + (size_t)BLOCK_Y * a.pieces[a.layers];
    for (int p = a.pieces[l] + thread; p < a.pieces[l + 1]; p += THREADS) {
      sum.m1 += tallies[p].m1;
      sum.m0 += tallies[p].m0;
      sum.stored += tallies[p].stored;
    }
    l1[thread] = sum.l1, m1[thread] = sum.m1;
    presynaptic[thread] = sum.presynaptic, errors[thread] = sum.errors;
    pairs[thread] = sum.pairs, postsynaptic[thread] = sum.postsynaptic;
    m0[thread] = sum.m0, stored[thread] = sum.stored;
  }
  for (int half = THREADS / 2; half > 0; half /= 2) {
    BARRIER;
    EACH_THREAD if (thread < half) {
      int other = thread + half;
      l1[thread] += l1[other], m1[thread] += m1[other];
      presynaptic[thread] += presynaptic[other], errors[thread] += errors[other];
      pairs[thread] += pairs[other], postsynaptic[thread] += postsynaptic[other];
      m0[thread] += m0[other], stored[thread] += stored[other];
    }
  }
  BARRIER;
  EACH_THREAD if (thread == 0) {
    Account sum = {l1[0], m1[0], presynaptic[0], errors[0], pairs[0], postsynaptic[0], m0[0], stored[0]};
    a.accounts[((size_t)step[0] * a.networks + BLOCK_Y) * a.layers + l] = sum;
    if (l == 0) a.losses[(size_t)step[0] * a.networks + BLOCK_Y] = a.loss[BLOCK_Y];
    double both = sum.l1 + sum.m1;
    if (!(both - both == 0)) a.halted[BLOCK_Y] = 1;
    if (add_count(a.done, 1) == (u32)(a.layers * a.networks - 1)) {
      *a.done = 0;
      *a.clock = step[0] + 1;
    }
  }
}
