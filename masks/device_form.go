package masks

import (
	"ergon/internal/philox"
	"ergon/internal/submatrix"
)

// What GPU kernels need to know of a mask or an optimizer, as plain data.
// masks/device turns it into the records that kernels read; kept.cuh and
// optimizer.cuh implement it.

// DeviceSet is a set of synapses of an array: KeepNone, KeepRandom, KeepUnits,
// KeepFixed or KeepTop.
type DeviceSet interface{ deviceSet() }

// KeepNone keeps no synapse.
type KeepNone struct{}

// KeepRandom keeps synapse i if word i of the stream is below the threshold. The
// word is of the current step if Redrawn, else of step 0.
type KeepRandom struct {
	Stream    philox.Stream
	Threshold uint64
	Redrawn   bool
}

// KeepUnits keeps the synapses between two sets of units. If it is Redrawn, the
// host begins the mask for each step, with the step's number and labels only, and
// calls DeviceSet again.
type KeepUnits struct {
	submatrix.Submatrix
	Redrawn bool
}

// KeepFixed keeps synapse i if bit i is set, in every step.
type KeepFixed struct{ Bits []uint64 }

// KeepTop keeps the synapses that win a competition, or all synapses onto the units
// that win one. The device decides it in each step, among the synapses that the
// masks listed before keep.
type KeepTop struct {
	Competition any    // its identity: arrays whose values are equal by == compete with each other
	Kind        uint32 // OfSynapses, PerUnit or OfUnits
	By          string // what is compared: update, weight, activity or error
	K           int    // number of winners without ties
	Flip        uint32 // is XORed with keys: all bits where the smallest win, else 0
	Least       uint32 // smallest key that can win
}

func (KeepNone) deviceSet() {}

func (KeepRandom) deviceSet() {}

func (KeepUnits) deviceSet() {}

func (KeepFixed) deviceSet() {}

func (KeepTop) deviceSet() {}

// The kinds of a KeepTop.
const (
	OfSynapses uint32 = iota + 1 // synapses of one or several layers compete
	PerUnit                      // the synapses onto each unit compete among themselves
	OfUnits                      // the units of a layer compete
)

// OptimizerForm is the formula of an optimizer, and its constants.
type OptimizerForm struct {
	Kind          uint32  // BySGD, ByMomentum or ByAdam
	Decay, Decay2 float32 // μ of momentum, or β₁ and β₂ of Adam
	Rest, Rest2   float32 // 1-β₁ and 1-β₂
	Small         float32 // ε
}

// The kinds of an OptimizerForm. The value is the number of float32 that each
// remembers of a synapse.
const (
	BySGD uint32 = iota
	ByMomentum
	ByAdam
)
