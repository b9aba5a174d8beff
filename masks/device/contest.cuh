// What is held in a competition: the twins of the records in device_contest.go.
#ifndef ERGON_MASKS_CONTEST_CUH
#define ERGON_MASKS_CONTEST_CUH

#include "update.cuh"

// The 31 bits of keys are looked at in PASSES, WIDTH bits from SHIFT on in each,
// for which BINS are enough.
#define PASSES 3
#define SHIFT(pass) ((pass) == 0 ? 20 : (pass) == 1 ? 9 : 0)
#define WIDTH(pass) ((pass) == 2 ? 9 : 11)
#define BINS 2048

// Contest is a competition of some synapses of a network, or of a layer's units.
typedef struct {
  u32 *threshold; // the key that winners reach; PER_UNIT: of each unit
  u32 *bins;      // OF_SYNAPSES: [BINS] contenders by the bits looked at; 0 between the kernels that count and narrow
  u32 *keys;      // OF_UNITS: [units]
  u32 *plastic;   // OF_UNITS: [units] whether a synapse onto the unit may change; 0: one may for all
  u32 *winners;   // OF_UNITS: bits of the units that have won
  u32 kind;       // one of the below
  u32 seats;      // how many win
  u32 least;      // key that may win at all
  u32 flip;       // turned in keys: all bits where the smallest win
  u32 by_weight;  // keys are the weights', not the gradients'
  u32 by_error;   // OF_UNITS: keys are the errors', not the activities'
  u32 units;      // of the layer
  u32 left;       // seats left for contenders whose keys begin with prefix; 0: it is decided
  u32 prefix;     // bits of the threshold found so far
  u32 unused;
} Contest;

enum { OF_SYNAPSES = 1, PER_UNIT, OF_UNITS };

// EVERYBODY is the prefix of no key, where there are seats for all.
#define EVERYBODY 0xFFFFFFFFu

// Entry is the part that an array of synapses takes in a contest.
typedef struct {
  u32 contest; // its number, from 1; 0: none
  u32 before;  // how many of the array's sets decide who may contend
} Entry;

// Contention is the arguments of the kernels that hold contests: those of one
// mask of each network.
typedef struct {
  Update update;
  Contest *contests;
  const Entry *entries; // [networks][arrays]
  const Piece *columns; // groups of COLUMNS units: the weights onto them, and the first unit
  const float *values;  // activities or errors [networks][batch,units] of a layer
  u32 first;            // number of the first contest, from 0
  u32 pass;             // over the keys
  u32 array;            // the weights onto the units of values
  u32 batch, by_error;
  u32 unused;
} Contention;

#endif
