package masks

import (
	"ergon/internal/philox"
	"ergon/internal/submatrix"
)

// What a kind is in the words of a GPU's kernels, as data. masks/device says how
// each becomes what kernels read; kept.cuh and optimizer.cuh have what it means.

// DeviceSet is a set of synapses of an array: KeepNone, KeepRandom, KeepUnits,
// KeepFixed or KeepTop.
type DeviceSet interface{ deviceSet() }

// KeepNone keeps no synapse.
type KeepNone struct{}

// KeepRandom keeps synapse i where word i of a step of a stream is below the
// threshold: of the step in progress if redrawn, else of step 0.
type KeepRandom struct {
	Stream    philox.Stream
	Threshold uint64
	Redrawn   bool
}

// KeepUnits keeps the synapses between two sets of units. If it is redrawn, its
// mask is begun on the host for each step, by the step's number and labels
// alone, and then asked for its sets again.
type KeepUnits struct {
	submatrix.Submatrix
	Redrawn bool
}

// KeepFixed keeps the synapses whose bits are set, the same in every step.
type KeepFixed struct{ Bits []uint64 }

// KeepTop keeps the synapses that win a competition, or those onto the units that
// do. It is held on the device in each step, among the synapses that the masks
// listed before keep.
type KeepTop struct {
	Competition any    // arrays of the same one, compared by ==, compete with each other
	Kind        uint32 // OfSynapses, PerUnit or OfUnits
	By          string // update, weight, activity or error
	K           int    // how many win
	Flip        uint32 // turned in keys
	Least       uint32 // key that may win at all
}

func (KeepNone) deviceSet() {}

func (KeepRandom) deviceSet() {}

func (KeepUnits) deviceSet() {}

func (KeepFixed) deviceSet() {}

func (KeepTop) deviceSet() {}

// The kinds of a KeepTop.
const (
	OfSynapses uint32 = iota + 1 // the synapses of some layers
	PerUnit                      // those onto each unit, for themselves
	OfUnits                      // the units of a layer
)

// OptimizerForm is an optimizer: its formula, and numbers that are the same in every step.
type OptimizerForm struct {
	Kind          uint32 // BySGD, ByMomentum or ByAdam
	Decay, Decay2 float32
	Rest, Rest2   float32
	Small         float32
}

// The kinds of an OptimizerForm; each remembers as many numbers of a synapse.
const (
	BySGD uint32 = iota
	ByMomentum
	ByAdam
)
