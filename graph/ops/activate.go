package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/op"
)

// Activate is y = f(z), element by element, for activations that [Dense] does not fuse.
type Activate struct {
	Activation activation.Activation
	Feedback   *Feedback // notes the error ∂loss/∂y; nil: nobody needs it
}

var _ op.Differentiable = Activate{}

func (a Activate) String() string {
	return fmt.Sprintf("Activate{%s}", activation.Kinds.Name(a.Activation))
}

// Ranks implements op.Formula.
func (Activate) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (a Activate) Shape(in []tensor.Shape) (tensor.Shape, error) { return op.SameShape(a, in) }

// Evaluate implements op.Formula.
func (a Activate) Evaluate(y []float64, in []op.Array) {
	for i, z := range in[0].Data {
		y[i] = a.Activation.F(z)
	}
}

// Compile implements op.Formula.
func (a Activate) Compile(c *op.Compiler, y []float32, in []op.Operand) func() {
	z := in[0].Data
	return c.Elementwise(len(y), func(lo, hi int) {
		copy(y[lo:hi], z[lo:hi])
		activation.Forward(a.Activation, y[lo:hi])
	})
}

// Lower implements device.Lowered.
func (a Activate) Lower(l *device.Lowering, y device.Operand, in []device.Operand) error {
	return l.Activate(a, a.Activation, in[0], y)
}

// WRT implements op.Differentiable.
func (Activate) WRT() []bool { return []bool{true} }

// Gradients implements op.Differentiable.
func (a Activate) Gradients(in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	v := in[0]
	if a.Activation.FromOutput() {
		v = y
	}
	if a.Feedback != nil {
		a.Feedback.error = dy
	}
	dz, err := op.Apply(ActivationError{a.Activation}, dy, v)
	return G.Nodes{dz}, err
}
