// What kernels keep of a competition: the counterparts of the records in records.go.
#ifndef ERGON_MASKS_CONTEST_CUH
#define ERGON_MASKS_CONTEST_CUH

#include "update.cuh"

// Radix select takes the 31 bits of keys in PASSES: in each, WIDTH bits from bit SHIFT
// on, for which BINS are enough.
#define PASSES 3
#define SHIFT(pass) ((pass) == 0 ? 20 : (pass) == 1 ? 9 : 0)
#define WIDTH(pass) ((pass) == 2 ? 9 : 11)
#define BINS 2048

// Contest is a competition of some synapses of a network, or of a layer's units.
typedef struct {
  u32 *threshold; // smallest key that wins; PER_UNIT: of each unit
  u32 *bins;      // OF_SYNAPSES: [BINS] candidates by the bits of the pass; 0 before each pass
  u32 *keys;      // OF_UNITS: [units]
  u32 *plastic;   // OF_UNITS: [units] whether a synapse onto the unit may change; null: true for all
  u32 *winners;   // OF_UNITS: bits of the units that win
  u32 kind;       // one of the below
  u32 seats;      // number of winners without ties, k
  u32 least;      // smallest key that can win
  u32 flip;       // is XORed with keys: all bits where the smallest win, else 0
  u32 by_weight;  // compare weights, not gradients
  u32 by_error;   // OF_UNITS: compare errors, not activities
  u32 units;      // of the layer
  u32 left;       // seats left for candidates whose keys begin with prefix; 0: it is decided
  u32 prefix;     // bits of the threshold found so far
  u32 unused;
} Contest;

enum { OF_SYNAPSES = 1, PER_UNIT, OF_UNITS };

// EVERYBODY stands for prefix if there are seats for all candidates. No key has it.
#define EVERYBODY 0xFFFFFFFFu

// Entry is an array's participation in a competition.
typedef struct {
  u32 contest; // number of the competition, from 1; 0: none
  u32 before;  // the array's first sets, so many, restrict its candidates
} Entry;

// Contention is the arguments of the kernels of competitions, one mask of each network.
typedef struct {
  Update update;
  Contest *contests;
  const Entry *entries; // [networks][arrays]
  const Piece *columns; // groups of COLUMNS units: the weights onto them, and the first unit
  const float *values;  // activities or errors [networks][batch,units] of a layer
  u32 first;            // number of the first competition, from 0
  u32 pass;             // of radix select
  u32 array;            // the weights onto the units of values
  u32 batch, by_error;
  u32 unused;
} Contention;

#endif
