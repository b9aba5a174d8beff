package ops

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/op"
)

// ActivationError is dz = dy ⊙ f'(v): dy, v and dz [B,O]. v is what the activation's
// Derivative takes, the output y or the summed input z.
type ActivationError struct{ Activation activation.Activation }

func (a ActivationError) String() string {
	return fmt.Sprintf("ActivationError{%s}", activation.Kinds.Name(a.Activation))
}

// Ranks implements op.Formula.
func (ActivationError) Ranks() ([]int, int) { return []int{2, 2}, 2 }

// Shape implements op.Formula.
func (a ActivationError) Shape(in []tensor.Shape) (tensor.Shape, error) { return op.SameShape(a, in) }

// Evaluate implements op.Formula.
func (a ActivationError) Evaluate(dz []float64, in []op.Array) {
	dy, v := in[0].Data, in[1].Data
	for i := range dz {
		dz[i] = dy[i] * a.Activation.Derivative(v[i])
	}
}

// Compile implements op.Formula.
func (a ActivationError) Compile(c *op.Compiler, dz []float32, in []op.Operand) func() {
	dy, v := in[0].Data, in[1].Data
	return c.Elementwise(len(dz), func(lo, hi int) {
		activation.Backward(a.Activation, dz[lo:hi], dy[lo:hi], v[lo:hi])
	})
}

// Lower implements device.Lowered.
func (a ActivationError) Lower(l *device.Lowering, dz device.Operand, in []device.Operand) error {
	return l.ActivationError(a, a.Activation, dz, in[0], in[1])
}
