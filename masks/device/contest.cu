// The winners of competitions: the counterparts of masks/rules/competitive and
// internal/selection. The k-th largest key is found by radix select, from the leading
// bits on: each pass counts the candidates by their next bits, and the next pass looks
// at the bin that holds the k-th only.
#include "contest.cuh"
#include "kept.cuh"

// narrow finds the bin of the candidate that takes the last seat, the k-th largest, and
// empties the bins.
DEVICE void narrow(u32 *bins, u32 pass, u32 *prefix, u32 *left, u32 *sums, u32 *next) {
  const int each = BINS / THREADS;
  EACH_THREAD {
    sums[thread] = 0;
    for (int b = 0; b < each; b++) sums[thread] += bins[thread * each + b];
  }
  for (int step = 1; step < THREADS; step *= 2) { // sums of a thread's bins and all above
    BARRIER;
    EACH_THREAD next[thread] = sums[thread] + (thread + step < THREADS ? sums[thread + step] : 0);
    BARRIER;
    EACH_THREAD sums[thread] = next[thread];
  }
  BARRIER;
  u32 seats = *left, found = *prefix, all = sums[0];
  BARRIER;
  EACH_THREAD {
    u32 above = thread + 1 < THREADS ? sums[thread + 1] : 0;
    if (pass == 0 && seats >= all) {
      if (thread == 0) *left = 0, *prefix = EVERYBODY;
    } else if (above < seats && seats <= sums[thread]) {
      int bin = thread * each + each - 1;
      for (; above + bins[bin] < seats; bin--) above += bins[bin];
      *left = seats - above;
      *prefix = found << WIDTH(pass) | bin;
    }
    for (int b = 0; b < each; b++) bins[thread * each + b] = 0;
  }
  BARRIER;
}

// bin_of returns the bin of a key in a pass; BINS if the key begins with another prefix.
DEVICE u32 bin_of(u32 key, u32 pass, u32 prefix) {
  return key >> SHIFT(pass) >> WIDTH(pass) == prefix ? key >> SHIFT(pass) & ((1u << WIDTH(pass)) - 1) : BINS;
}

// reached returns the smallest key that wins.
DEVICE u32 reached(const Contest *c, u32 left, u32 prefix) { return left && prefix > c->least ? prefix : c->least; }

// entered returns an array's competition of a kind; 0 if it takes part in none.
DEVICE Contest *entered(const Contention *a, u32 array, int network, u32 kind, u32 *before) {
  Entry e = a->entries[(u64)network * a->update.arrays_count + array];
  Contest *c = a->contests + e.contest - 1;
  if (!e.contest || c->kind != kind || a->update.halted[network]) return 0;
  *before = e.before;
  return c;
}

// count_keys counts the candidates among a chunk's synapses whose keys begin with the
// prefix, by the bits that follow it.
KERNEL(count_keys, Contention) {
  SHARED u32 bins[BINS];
  PieceWork at = work_on(&a.update, BLOCK_X, BLOCK_Y);
  u32 before = 0;
  Contest *c = entered(&a, a.update.pieces[BLOCK_X].array, BLOCK_Y, OF_SYNAPSES, &before);
  if (!c || c->prefix == EVERYBODY) return;
  const Four *values = (const Four *)(c->by_weight ? at.w : at.g);
  u32 prefix = c->prefix, flip = c->flip, least = c->least;
  EACH_THREAD for (int b = thread; b < BINS; b += THREADS) bins[b] = 0;
  BARRIER;
  EACH_THREAD for (u32 four = at.four + thread; four < at.end; four += THREADS) {
    u32 contending = kept_synapses(&at, before, four);
    if (!contending) continue;
    Four v = values[four];
    for (int k = 0; k < 4; k++) {
      u32 key = magnitude_key(v.x[k]) ^ flip, bin = bin_of(key, a.pass, prefix);
      // Keys that cannot win are not counted: many zeros would contend for one bin.
      if (contending >> k & 1 && bin < BINS && key >= least) add_count(&bins[bin], 1);
    }
  }
  BARRIER;
  EACH_THREAD for (int b = thread; b < BINS; b += THREADS) if (bins[b]) add_count(&c->bins[b], bins[b]);
}

// narrow_contests ends a pass of competitions of synapses. Blocks: x competitions.
KERNEL(narrow_contests, Contention) {
  SHARED u32 sums[THREADS];
  SHARED u32 next[THREADS];
  Contest *c = a.contests + a.first + BLOCK_X;
  narrow(c->bins, a.pass, &c->prefix, &c->left, sums, next);
  if (a.pass < PASSES - 1) return;
  EACH_THREAD if (thread == 0) {
    *c->threshold = reached(c, c->left, c->prefix);
    c->left = c->seats; // for the next step
    c->prefix = 0;
  }
}

// COLUMNS is the number of neighbouring units that one block decides in competitions
// per unit.
#define COLUMNS 32
#define DIGITS 256
#define ROWS (THREADS / COLUMNS)

// count_column counts the candidates onto a thread's unit whose keys, shifted left by
// one bit, begin with the prefix.
DEVICE void count_column(const PieceWork *at, const Contest *c, u32 before, u32 unit, u32 first, int shift, u32 prefix, u32 *bins) {
  const float *values = c->by_weight ? at->w : at->g;
  for (u32 i = first * at->out + unit; i < at->n; i += ROWS * at->out) {
    u32 key = (magnitude_key(values[i]) ^ c->flip) << 1;
    if (key >> shift >> 8 == prefix && kept_synapses(at, before, i / 4) >> i % 4 & 1) add_count(&bins[(key >> shift) % DIGITS * COLUMNS], 1);
  }
}

// decide_columns decides the competitions of the synapses onto each unit. Blocks: x
// groups of COLUMNS units.
KERNEL(decide_columns, Contention) {
  SHARED u32 bins[DIGITS * COLUMNS];
  SHARED u32 sums[THREADS];
  SHARED u32 left[COLUMNS];
  SHARED u32 prefix[COLUMNS];
  Piece group = a.columns[BLOCK_X];
  u32 before = 0, before_biases = 0;
  Contest *c = entered(&a, group.array, BLOCK_Y, PER_UNIT, &before);
  if (!c) return;
  PieceWork weights = work_on_array(&a.update, group.array, BLOCK_Y), biases = weights;
  int biased = group.array + 1 < a.update.arrays_count &&
               entered(&a, group.array + 1, BLOCK_Y, PER_UNIT, &before_biases) == c;
  if (biased) biases = work_on_array(&a.update, group.array + 1, BLOCK_Y);
  EACH_THREAD if (thread < COLUMNS) left[thread] = c->seats, prefix[thread] = 0;
  for (int shift = 24; shift >= 0; shift -= 8) {
    EACH_THREAD for (int b = thread; b < DIGITS * COLUMNS; b += THREADS) bins[b] = 0;
    BARRIER;
    EACH_THREAD {
      u32 column = thread % COLUMNS, row = thread / COLUMNS, unit = group.first + column;
      if (unit < c->units && prefix[column] != EVERYBODY) {
        count_column(&weights, c, before, unit, row, shift, prefix[column], bins + column);
        if (biased) count_column(&biases, c, before_biases, unit, row, shift, prefix[column], bins + column);
      }
    }
    BARRIER;
    EACH_THREAD {
      sums[thread] = 0;
      for (int d = 0; d < DIGITS / ROWS; d++) sums[thread] += bins[(thread / COLUMNS * (DIGITS / ROWS) + d) * COLUMNS + thread % COLUMNS];
    }
    BARRIER;
    EACH_THREAD if (thread < COLUMNS && prefix[thread] != EVERYBODY) {
      u32 all = 0, above = 0;
      for (int r = 0; r < ROWS; r++) all += sums[r * COLUMNS + thread];
      if (shift == 24 && left[thread] >= all) {
        left[thread] = 0;
        prefix[thread] = EVERYBODY;
      } else {
        int r = ROWS - 1, d;
        for (; above + sums[r * COLUMNS + thread] < left[thread]; r--) above += sums[r * COLUMNS + thread];
        for (d = r * (DIGITS / ROWS) + DIGITS / ROWS - 1; above + bins[d * COLUMNS + thread] < left[thread]; d--) above += bins[d * COLUMNS + thread];
        left[thread] -= above;
        prefix[thread] = prefix[thread] << 8 | d;
      }
    }
    BARRIER;
  }
  EACH_THREAD if (thread < COLUMNS && group.first + thread < c->units)
    c->threshold[group.first + thread] = reached(c, left[thread], prefix[thread] >> 1);
}

// mark_units marks the units with at least one synapse onto them that may change.
KERNEL(mark_units, Contention) {
  PieceWork at = work_on(&a.update, BLOCK_X, BLOCK_Y);
  u32 before = 0;
  Contest *c = entered(&a, a.update.pieces[BLOCK_X].array, BLOCK_Y, OF_UNITS, &before);
  if (!c || !c->plastic) return;
  EACH_THREAD for (u32 four = at.four + thread; four < at.end; four += THREADS) {
    u32 contending = kept_synapses(&at, before, four);
    for (u32 k = 0; k < 4; k++)
      if (contending >> k & 1) c->plastic[(4 * four + k) % at.out] = 1; // all threads write the same value
  }
}

// add_up_units adds up |activity|, or |error|, of a layer's units over the batch.
// Blocks: x units.
KERNEL(add_up_units, Contention) {
  u32 before = 0;
  Contest *c = entered(&a, a.array, BLOCK_Y, OF_UNITS, &before);
  if (!c || c->by_error != a.by_error) return;
  const float *values = a.values + (u64)BLOCK_Y * a.batch * c->units;
  EACH_THREAD {
    u32 unit = BLOCK_X * THREADS + thread;
    double sum = 0;
    if (unit < c->units) {
      for (u32 b = 0; b < a.batch; b++) sum += fabs((double)values[(u64)b * c->units + unit]);
      c->keys[unit] = magnitude_key((float)sum) ^ c->flip;
    }
  }
}

// decide_units decides the competitions of units. Blocks: x competitions.
KERNEL(decide_units, Contention) {
  SHARED u32 bins[BINS];
  SHARED u32 sums[THREADS];
  SHARED u32 next[THREADS];
  SHARED u32 left[1];
  SHARED u32 prefix[1];
  const Contest *c = a.contests + a.first + BLOCK_X;
  EACH_THREAD {
    for (int b = thread; b < BINS; b += THREADS) bins[b] = 0;
    if (thread == 0) left[0] = c->seats, prefix[0] = 0;
  }
  for (u32 pass = 0; pass < PASSES; pass++) {
    BARRIER;
    EACH_THREAD for (u32 unit = thread; unit < c->units; unit += THREADS) {
      u32 bin = bin_of(c->keys[unit], pass, prefix[0]);
      if ((!c->plastic || c->plastic[unit]) && bin < BINS) add_count(&bins[bin], 1);
    }
    BARRIER;
    narrow(bins, pass, prefix, left, sums, next);
  }
  EACH_THREAD for (u32 word = thread; 32 * word < c->units; word += THREADS) {
    u32 bits = 0;
    for (u32 unit = 32 * word; unit < c->units && unit < 32 * word + 32; unit++) {
      u32 plastic = !c->plastic || c->plastic[unit];
      bits |= (u32)(plastic && c->keys[unit] >= reached(c, left[0], prefix[0])) << unit % 32;
      if (c->plastic) c->plastic[unit] = 0; // for the next step
    }
    c->winners[word] = bits;
  }
}
