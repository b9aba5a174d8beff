// What the kernels of the learning rules share: the records that the host writes into
// the device's memory. records.go has the same fields in the same order.
#ifndef ERGON_MASKS_UPDATE_CUH
#define ERGON_MASKS_UPDATE_CUH

#include "../../internal/gpu/kernel.cuh"

// PIECE is the number of neighbouring synapses that one block updates: masks.ChunkSize.
#define PIECE 4096

// Tally counts what a step did to one chunk. Δw is the update that the rule applies,
// before it is rounded into w.
typedef struct {
  double m1;  // Σ|Δw|
  u32 m0;     // synapses with Δw ≠ 0
  u32 stored; // synapses whose float32 value changed
} Tally;

// Synapses is the shape of one array of synapses; synapse i joins unit i/out to unit i%out.
typedef struct {
  u32 offset; // of its first number among the network's
  u32 n;      // synapses
  u32 out;    // postsynaptic units
  u32 layer;
} Synapses;

// Piece is where a chunk begins.
typedef struct {
  u32 array;
  u32 first; // synapse of the array
} Piece;

// Moment is the record of a step of one network.
typedef struct {
  float rate;              // of the optimizer
  float scale;             // of the optimizer: 1/(1-β₂ᵗ) of Adam
  u32 step_low, step_high; // number of the step
} Moment;

// SynapseSet is the set of synapses of one array that a mask keeps.
typedef struct {
  const u32 *pre, *post;   // KEEP_BETWEEN: bits of the units kept on either side; null: all
  const u32 *chosen;       // KEEP_CHOSEN: bits of the synapses kept
  const u32 *threshold;    // KEEP_REACHING: smallest key that is kept, one for all or one for each unit
  u32 kind;                // one of the below
  u32 pitch;               // KEEP_BETWEEN: words from one step's bits to the next step's; 0: the same in every step
  u32 key0, key1, below;   // KEEP_BELOW: key of the stream, and the threshold of its words
  u32 redrawn;             // KEEP_BELOW: 1: words of the current step; 0: of step 0
  u32 flip;                // KEEP_REACHING: is XORed with keys
  u32 by_weight, per_unit; // KEEP_REACHING: compare weights, not gradients; a threshold for each unit
  u32 unused;
} SynapseSet;

enum { KEEP_NOTHING, KEEP_BELOW, KEEP_BETWEEN, KEEP_CHOSEN, KEEP_REACHING };

// Plan is what a network does with one array.
typedef struct {
  const SynapseSet *sets; // [count], of the masks that restrict the array, in their order
  float *first, *second;  // [n] the optimizer's memory: v, or m and v
  u32 count;
  u32 optimizer;       // one of the below
  float decay, decay2; // μ, or β₁ and β₂
  float rest, rest2;   // 1-β₁, 1-β₂
  float small;         // ε
  float bound;         // largest |Δw|
  u32 within_norm;     // 0, or the vector that the clip by norm bounds: one of the below
} Plan;

enum { BY_SGD, BY_MOMENTUM, BY_ADAM };
enum { PER_NETWORK = 1, PER_LAYER };

// Update is the arguments of every kernel of an update. Blocks: x chunks, y networks.
typedef struct {
  float *weights;         // [networks][stride]
  const float *gradients; // [networks][stride]
  float *proposed;        // [networks][stride] Δw under a clip by norm; null without one
  double *squares;        // [networks][chunks] Σ Δw² of each chunk
  float *scales;          // [networks][layers] factor of the layer's update
  Tally *tallies;         // [networks][chunks]
  const Piece *pieces;    // [chunks]
  const u32 *ends;        // [layers+1] number of chunks before each layer's, and in all
  const Synapses *arrays; // [arrays]
  const Plan *plans;      // [networks][arrays]
  const double *norms;    // [networks] longest update
  const Moment *moments;  // [steps prepared][networks]
  const u32 *clock;       // number of steps made since moments were written
  const u32 *halted;      // [networks]
  u32 networks, arrays_count, pieces_count, layers, stride;
  u32 unused;
} Update;

// Four is four neighbouring numbers, read and written at once.
#ifdef __CUDACC__
typedef struct __align__(16) { float x[4]; } Four;
#else
typedef struct { float x[4]; } __attribute__((aligned(16))) Four;
#endif

// PieceWork is what a block needs to know of its chunk. What every synapse needs is
// copied here: from global memory, the device would read it again after each write.
typedef struct {
  const Plan *plan;
  float *w;       // of the array
  const float *g; // of the array
  u32 four, end;  // the chunk, in groups of four synapses
  u32 n, out;     // of the array
  u32 masks, optimizer;
  float bound;
  u32 clock;
  Moment now;
} PieceWork;

// work_on_array returns the work on a whole array of a network.
DEVICE PieceWork work_on_array(const Update *a, u32 array, int network) {
  PieceWork at;
  u64 start = (u64)network * a->stride;
  Synapses s = a->arrays[array];
  at.plan = a->plans + (u64)network * a->arrays_count + array;
  at.w = a->weights + start + s.offset;
  at.g = a->gradients + start + s.offset;
  at.n = s.n;
  at.out = s.out;
  at.masks = at.plan->count;
  at.optimizer = at.plan->optimizer;
  at.bound = at.plan->bound;
  at.four = 0;
  at.end = (s.n + 3) / 4;
  at.clock = *a->clock;
  at.now = a->moments[(u64)at.clock * a->networks + network];
  return at;
}

// work_on returns a block's work.
DEVICE PieceWork work_on(const Update *a, int piece, int network) {
  Piece p = a->pieces[piece];
  PieceWork at = work_on_array(a, p.array, network);
  at.four = p.first / 4;
  if (at.end > at.four + PIECE / 4) at.end = at.four + PIECE / 4;
  return at;
}

#endif
