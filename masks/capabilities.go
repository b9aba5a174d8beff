package masks

import (
	"ergon/internal/outerproduct"
	"ergon/internal/submatrix"
)

// The optional interfaces by which a kind can be fast, or run on a GPU. A kind
// that offers none is right, and slower.
//
// They stand on what New returns and never on a spec, so that a kind that embeds
// the spec of another one inherits none of them. maskstest compares each with
// Select and Update.

// GradientFree is a Mask that does not look at gradients, or has those that it
// looks at written out ([Synapses.Write]) when it is begun: they need not be there.
//
// Offered by every built-in mask; saves writing dW out.
type GradientFree interface {
	Mask
	GradientFree()
}

// DrawnAhead is a Mask whose Begin looks at nothing but the step's number: which
// synapses may change is known before the backward pass, and with it whose
// errors the rule will look at.
//
// Offered by full, frozen, neurons, subnet, alternating; saves errors that
// nobody looks at.
type DrawnAhead interface {
	Mask
	// Units returns postsynaptic units among which are those of the synapses of
	// an array that may change in the step begun, ascending; nil is all.
	Units(s *Synapses) []int32
}

// UnitBlock is a Mask that keeps the synapses from some units to some others.
//
// Offered by frozen, neurons, subnet, alternating, per_class; saves most of dW,
// and lets competitive see who takes part without a list of synapses.
type UnitBlock interface {
	Mask
	// Block returns the rows and columns of an array that may change in the step begun.
	Block(s *Synapses) submatrix.Submatrix
}

// Bitmask is a Mask that has a bit for each synapse, 1 where it may change.
//
// Offered by bernoulli; saves the list of synapses.
type Bitmask interface {
	Mask
	// Bits writes those of the synapses of an array from first on, a multiple of 64.
	Bits(s *Synapses, first int, words []uint64)
	// Density is which share of the bits is 1, roughly.
	Density() float64
}

// RowPatterned is a Mask that may know, of a gradient that is an outer product,
// which columns of each row it and all masks before it keep.
//
// Offered by competitive; saves looking at dW.
type RowPatterned interface {
	Mask
	// RowPatterns returns the columns kept of each row of an array in the step
	// begun; nil where it does not know.
	RowPatterns(s *Synapses) *outerproduct.RowPatterns
}

// DeviceMask is a Mask that the kernels of a GPU know. Whether it leaves an array
// alone does not depend on the step.
type DeviceMask interface {
	Mask
	// DeviceSet says in the kernels' words which synapses of an array the mask
	// keeps. It is asked about arrays that it does not leave alone.
	DeviceSet(s *Synapses) DeviceSet
}

// Proportional is an Optimizer without memory of synapses: Δw = Factor·g.
//
// Offered by sgd; lets a synapse be learned from the factors of its gradient, or
// from a part of it, while it is computed.
type Proportional interface {
	Optimizer
	// Factor returns that of the step begun.
	Factor() float32
}

// Vectorized is an Optimizer with loops of its own, equal in every bit to calls
// of Update.
//
// Offered by sgd, langevin; saves a call for each synapse.
type Vectorized interface {
	Optimizer
	// UpdateSpan writes Δw of synapses lo … lo+len(delta)-1; g is theirs.
	UpdateSpan(array, lo int, g, delta []float32)
	// UpdateAt writes Δw of the synapses kept; g is the whole array's.
	UpdateAt(array int, kept []int32, g, delta []float32)
}

// DeviceOptimizer is an Optimizer that the kernels of a GPU know: they remember,
// it computes the rates.
type DeviceOptimizer interface {
	Optimizer
	// DeviceForm returns what is the same in every step.
	DeviceForm() OptimizerForm
	// Rates returns what the step begun has of its own.
	Rates() (rate, scale float32)
}

// WrittenOut is a Cache that has its definition written out beside its fast form.
//
// Offered by synaptic; used by the reference.
type WrittenOut interface {
	Cache
	// WriteOut is New, one formula after the other.
	WriteOut(all []*Synapses) Memory
}
