// Package activation has the kinds of response that a unit may have, one a file. A kind is
// its definition in float64; loops in float32 (vectorised) and a kernel ([OnDevice]) make
// it faster, and able to run on a GPU.
package activation

import "ergon/internal/schema"

// Activation is a unit's response y = f(z) to its summed input z. A kind
// registers itself in [Kinds].
type Activation interface {
	// F returns f(z).
	F(z float64) float64
	// Derivative returns f'(z), given y = f(z) if FromOutput, or else z itself.
	Derivative(v float64) float64
	// FromOutput says whether the derivative can be computed from the output to
	// full precision, so that z need not be kept.
	FromOutput() bool
}

// Kinds are the kinds of activation that model.activation and model.output accept.
var Kinds = schema.NewUnion[Activation]("kind", "activation")

// vectorised is an activation with its own loops in float32. They round the definition:
// forward and backward differ from F and Derivative by one float32 at most.
type vectorised interface {
	// forward replaces z by f(z).
	forward(z []float32)
	// backward writes dy ⊙ f' to dz, with v as for Derivative.
	backward(dz, dy, v []float32)
}

// Forward replaces z by f(z), element by element, in float32.
func Forward(a Activation, z []float32) {
	if v, ok := a.(vectorised); ok {
		v.forward(z)
		return
	}
	for i, x := range z {
		z[i] = float32(a.F(float64(x)))
	}
}

// Backward writes dy ⊙ f'(v) to dz, element by element, in float32; v is what Derivative
// takes.
func Backward(a Activation, dz, dy, v []float32) {
	if fast, ok := a.(vectorised); ok {
		fast.backward(dz, dy, v)
		return
	}
	for i := range dz {
		dz[i] = dy[i] * float32(a.Derivative(float64(v[i])))
	}
}
