package masks

import (
	"ergon/internal/outerproduct"
	"ergon/internal/submatrix"
)

// Optional interfaces: a kind that implements one can be updated faster, or on a
// GPU. A kind that implements none is correct, and slower.
//
// The value that New returns implements them, never the spec (but WrittenOut). A kind that embeds
// the spec of another kind so inherits none. maskstest compares each of them with
// Select and Update.

// GradientFree is a Mask that does not need the gradient in memory. It reads no
// gradient, or Begin has those that it reads computed first ([Synapses.Write]).
//
// Offered by every built-in mask; saves computing all of dW.
type GradientFree interface {
	Mask
	GradientFree()
}

// DrawnAhead is a Mask whose Begin reads the step's number only. It can be drawn
// before the backward pass, which then skips the errors of units that do not
// learn.
//
// Offered by full, frozen, neurons, subnet, alternating; saves computing unused
// errors.
type DrawnAhead interface {
	Mask
	// Units returns a superset of the postsynaptic units of an array whose synapses
	// may change in the step begun, ascending; nil means all.
	Units(s *Synapses) []int32
}

// UnitBlock is a Mask that keeps a submatrix of an array: the synapses from some
// presynaptic units (rows) to some postsynaptic units (columns).
//
// Offered by frozen, neurons, subnet, alternating, per_class; saves most of dW,
// and gives competitive its candidates without a list of synapses.
type UnitBlock interface {
	Mask
	// Block returns the rows and columns of an array that may change in the step
	// begun. Its slices must not be modified, and are valid until the next Begin.
	Block(s *Synapses) submatrix.Submatrix
}

// Bitmask is a Mask that has one bit for each synapse: 1 if it may change.
//
// Offered by bernoulli and synapses; saves listing the kept synapses.
type Bitmask interface {
	Mask
	// Bits writes the bits of an array's synapses from number first on to words.
	// first is a multiple of 64.
	Bits(s *Synapses, first int, words []uint64)
	// Density returns the expected share of an array's bits that are 1.
	Density(s *Synapses) float64
}

// RowPatterned is a Mask that can name the columns kept of each row of an array
// whose gradient is an outer product x ⊗ δ.
//
// Offered by competitive; saves forming dW.
type RowPatterned interface {
	Mask
	// RowPatterns returns the columns of each row of an array that this mask and
	// all masks before it keep in the step begun; nil if they are not known.
	RowPatterns(s *Synapses) *outerproduct.RowPatterns
}

// DeviceMask is a Mask that the GPU kernels implement. Its KeepsAll must not depend
// on the step.
type DeviceMask interface {
	Mask
	// DeviceSet describes the synapses of an array that the mask keeps. It is
	// called only for arrays for which KeepsAll is false.
	DeviceSet(s *Synapses) DeviceSet
}

// Proportional is an Optimizer without memory of synapses: Δw = Factor·g.
//
// Offered by sgd; lets a synapse be updated from the factors of its gradient, or
// from a block of it while it is being computed.
type Proportional interface {
	Optimizer
	// Factor returns the factor of the step begun.
	Factor() float32
}

// Watching is an Optimizer that looks at more than the gradient of a synapse: at the weights
// before the update, or at the factors of the gradient.
//
// Offered by manhattan, bop, pulsed, and sgd with a schedule.
type Watching interface {
	Optimizer
	// Watch is called before Begin, with the step in progress. What it holds is valid until
	// the step is over, and must not be modified. It fails if the step lacks something that
	// the optimizer reads.
	Watch(step *Step) error
}

// Revocable is an Optimizer whose last step can be taken back: it remembers nothing of
// synapses.
//
// Offered by sgd, langevin, manhattan, pulsed; needed by gate reserve, which makes a step only if it can pay.
type Revocable interface {
	Optimizer
	// Revoke takes back the last Begin: the next one begins the same step.
	Revoke()
}

// Sparse is an Optimizer that knows without the gradient which synapses it moves, and how far: it
// remembers nothing of synapses, and Update does not look at g.
//
// Offered by pulsed; saves forming the gradient of a single presentation.
type Sparse interface {
	Optimizer
	// Moved appends to moved the synapses of [lo,hi) of an array, ascending, that the step begun may
	// move: Update of all others is 0. Calls may be concurrent.
	Moved(array, lo, hi int, moved []int32) []int32
}

// Vectorized is an Optimizer with loops over synapses, equal in every bit to calls
// of Update.
//
// Offered by every built-in optimizer; saves a call for each synapse.
type Vectorized interface {
	Optimizer
	// UpdateSpan writes Δw of synapses lo … lo+len(delta)-1 to delta; g[i] is the
	// gradient of synapse lo+i.
	UpdateSpan(array, lo int, g, delta []float32)
	// UpdateAt writes Δw of synapse kept[n], whose gradient is g[n], to delta[n].
	UpdateAt(array int, kept []int32, g, delta []float32)
}

// Remembering is an Optimizer that remembers of a synapse so many float32, and nothing else.
//
// Offered by every built-in optimizer but pulsed; lets a span of which a mask keeps many be updated
// as a whole, since what is remembered of the others can be put back.
type Remembering interface {
	Optimizer
	// Memories returns what is remembered, number by number, and array by array in the order
	// of Arrays. The slices are the optimizer's own, as long as it lives.
	Memories() [][][]float32
}

// DeviceOptimizer is an Optimizer that the GPU kernels implement. Its memory of
// synapses lies on the device, in the order of the kernels' arguments. The host's copy is sent there when
// training begins, and brought up to date when it is to be saved. The host computes the rates of each
// step.
type DeviceOptimizer interface {
	Remembering
	// DeviceForm returns the formula and its constants, the same in every step.
	DeviceForm() OptimizerForm
	// Rates returns the rate and scale of the step begun.
	Rates() (rate, scale float32)
}

// Accounted is an Optimizer, the Memory of a Cache or a Transmission that says how much of
// what it remembers of synapses it reads and writes. A kind that remembers nothing says
// so by zeros.
//
// Offered by every built-in optimizer, cache and synapse; without it the updates of a
// run have no price.
type Accounted interface {
	// Traffic returns what the kind read and wrote of a layer in the step just made: of
	// its own memory exactly what its definition needs, nothing of synapses that it
	// leaves alone.
	Traffic(u Usage) Traffic
}

// WrittenOut is a Cache with a second implementation, its definition formula by
// formula.
//
// Offered by synaptic and mixed_precision; used by masks/reference.
type WrittenOut interface {
	Cache
	// WriteOut is New for the definition.
	WriteOut(all []*Synapses) Memory
}
