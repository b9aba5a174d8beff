// Which synapses may change: the counterpart of Mask.Select.
#ifndef ERGON_MASKS_KEPT_CUH
#define ERGON_MASKS_KEPT_CUH

#include "../../internal/gpu/philox.cuh"
#include "update.cuh"

// has_bit returns bit i.
DEVICE u32 has_bit(const u32 *bits, u32 i) { return bits[i / 32] >> i % 32 & 1; }

// magnitude_key orders magnitudes: the bits of a float without its sign ascend with |x|.
DEVICE u32 magnitude_key(float x) { return float_bits(x) & 0x7FFFFFFFu; }

// keep_below keeps synapse i if word i of the stream is below a threshold. Four
// neighbours share a block of words.
DEVICE u32 keep_below(const SynapseSet *set, const Moment *now, u32 four) {
  u32 low = set->redrawn ? now->step_low : 0, high = set->redrawn ? now->step_high : 0;
  Words drawn = philox_block(set->key0, set->key1, low, high, four);
  u32 kept = 0;
  for (int k = 0; k < 4; k++) kept |= (u32)(drawn.word[k] < set->below) << k;
  return kept;
}

// keep_between keeps the synapses from a set of units onto a set of units.
DEVICE u32 keep_between(const SynapseSet *set, const PieceWork *at, u32 four) {
  u64 turn = (u64)at->clock * set->pitch;
  u32 out = at->out, row = 4 * four / out, column = 4 * four % out, kept = 0;
  for (int k = 0; k < 4 && 4 * four + k < at->n; k++) {
    u32 keeps = (!set->pre || has_bit(set->pre + turn, row)) && (!set->post || has_bit(set->post + turn, column));
    kept |= keeps << k;
    if (++column == out) column = 0, row++;
  }
  return kept;
}

// keep_reaching keeps the synapses whose key is at least the threshold.
DEVICE u32 keep_reaching(const SynapseSet *set, const PieceWork *at, u32 four) {
  const float *values = (set->by_weight ? at->w : at->g) + 4 * (u64)four;
  u32 column = set->per_unit ? 4 * four % at->out : 0, kept = 0;
  for (int k = 0; k < 4; k++) {
    kept |= (u32)((magnitude_key(values[k]) ^ set->flip) >= set->threshold[column]) << k;
    if (set->per_unit && ++column == at->out) column = 0;
  }
  return kept;
}

// kept_synapses returns, as bits, which synapses of a group of four all of the first
// masks of the array's plan keep. Bits beyond the array's end are 0.
DEVICE u32 kept_synapses(const PieceWork *at, u32 masks, u32 four) {
  u32 left = at->n - 4 * four;
  u32 kept = left < 4 ? 15u >> (4 - left) : 15u;
  for (u32 m = 0; m < masks && kept; m++) {
    const SynapseSet *set = at->plan->sets + m;
    switch (set->kind) {
    case KEEP_BELOW: kept &= keep_below(set, &at->now, four); break;
    case KEEP_BETWEEN: kept &= keep_between(set, at, four); break;
    case KEEP_CHOSEN: kept &= set->chosen[four / 8] >> four % 8 * 4; break;
    case KEEP_REACHING: kept &= keep_reaching(set, at, four); break;
    default: kept = 0;
    }
  }
  return kept;
}

#endif
