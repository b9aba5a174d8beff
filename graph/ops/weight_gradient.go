package graph

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/internal/simd"
)

// The formulas of the backward pass. They have no derivatives of their own.

// activationError is dz = dy ⊙ f'(v): dy, v and dz [B,O]; v is what
// Activation.Derivative takes, the output or the summed input.
type activationError struct{ activation Activation }

func (a activationError) String() string {
	return fmt.Sprintf("ActivationError{%s}", Activations.Name(a.activation))
}

func (activationError) ranks() ([]int, int) { return []int{2, 2}, 2 }

func (a activationError) shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(a, in) }

func (a activationError) evaluate(dz []float64, in []array) {
	dy, v := in[0].data, in[1].data
	for i := range dz {
		dz[i] = dy[i] * a.activation.Derivative(v[i])
	}
}

func (a activationError) compile(c *compiler, dz []float32, in []operand) func() {
	dy, v := in[0].data, in[1].data
	return c.elementwise(len(dz), func(lo, hi int) {
		backward32(a.activation, dz[lo:hi], dy[lo:hi], v[lo:hi])
	})
}

func (a activationError) lower(l *lowering, dz deviceOperand, in []deviceOperand) error {
	return l.activationError(a, a.activation, dz, in[0], in[1])
}

// weightGradient is dW = xᵀ·dz: x [B,I], dz [B,O], dW [I,O].
type weightGradient struct{}

func (weightGradient) String() string { return "WeightGradient" }

func (weightGradient) ranks() ([]int, int) { return []int{2, 2}, 2 }

func (f weightGradient) shape(in []tensor.Shape) (tensor.Shape, error) {
	x, dz := in[0], in[1]
	if x[0] != dz[0] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want x [B,I], dz [B,O]", f, in)
	}
	return tensor.Shape{x[1], dz[1]}, nil
}

func (weightGradient) evaluate(dw []float64, in []array) {
	x, dz := in[0], in[1]
	B, I, O := x.shape[0], x.shape[1], dz.shape[1]
	for i := range I {
		for o := range O {
			for b := range B {
				dw[i*O+o] += x.data[b*I+i] * dz.data[b*O+o]
			}
		}
	}
}

func (weightGradient) compile(c *compiler, dw []float32, in []operand) func() {
	x, dz := in[0], in[1]
	if x.shape[0] == 1 {
		return c.singleGradient(dw, x.data, dz.data)
	}
	return weightProduct(c, dw, x, dz).Compile()
}

func (weightGradient) lower(l *lowering, dw deviceOperand, in []deviceOperand) error {
	l.multiply(dw, in[0], true, in[1], false)
	return nil
}

// biasGradient is db = Σ_batch dz: dz [B,O], db [O].
type biasGradient struct{}

func (biasGradient) String() string { return "BiasGradient" }

func (biasGradient) ranks() ([]int, int) { return []int{2}, 1 }

func (biasGradient) shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][1]}, nil
}

func (biasGradient) evaluate(db []float64, in []array) {
	B, O := in[0].shape[0], in[0].shape[1]
	for b := range B {
		for o := range O {
			db[o] += in[0].data[b*O+o]
		}
	}
}

func (biasGradient) compile(c *compiler, db []float32, in []operand) func() {
	const vector = 64 // columns that are neighbours enough
	dz, B, O := in[0].data, in[0].shape[0], len(db)
	if B > tall {
		return c.sumTall(db, dz, B)
	}
	columns := max(2*grain/B, 1)
	columns = (columns + vector - 1) / vector * vector
	return c.parts(O, columns, func(lo, hi int) { simd.SumRows(db[lo:hi], dz[lo:], B, O) })
}

// tall is how many rows are summed one after the other at most: those of a
// convolution are many, and have few columns that could be shared out.
const tall = 4096

// sumTall returns a function that sums the rows of dz in parts of so many.
func (c *compiler) sumTall(db, dz []float32, rows int) func() {
	O := len(db)
	parts := (rows + tall - 1) / tall
	sums := make([]float32, parts*O)
	part := func(i int) {
		lo, hi := i*tall, min((i+1)*tall, rows)
		simd.SumRows(sums[i*O:(i+1)*O], dz[lo*O:], hi-lo, O)
	}
	return func() {
		c.pool.Run(parts, part)
		simd.SumRows(db, sums, parts, O)
	}
}

func (biasGradient) lower(l *lowering, db deviceOperand, in []deviceOperand) error {
	return l.sumColumns(db, in[0])
}
