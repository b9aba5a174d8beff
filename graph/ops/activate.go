package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// activate is y = f(z), element by element, for activations that dense cannot fuse.
type activate struct {
	activation Activation
	feedback   *feedback // takes note of the error; nil: of no use
}

var _ differentiable = activate{}

func (a activate) String() string { return fmt.Sprintf("Activate{%s}", Activations.Name(a.activation)) }

func (activate) ranks() ([]int, int) { return []int{2}, 2 }

func (a activate) shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(a, in) }

func (a activate) evaluate(y []float64, in []array) {
	for i, z := range in[0].data {
		y[i] = a.activation.F(z)
	}
}

func (a activate) compile(c *compiler, y []float32, in []operand) func() {
	z := in[0].data
	return c.elementwise(len(y), func(lo, hi int) {
		copy(y[lo:hi], z[lo:hi])
		forward32(a.activation, y[lo:hi])
	})
}

func (a activate) lower(l *lowering, y deviceOperand, in []deviceOperand) error {
	return l.activate(a, a.activation, in[0], y)
}

func (activate) wrt() []bool { return []bool{true} }

func (a activate) gradients(in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	v := in[0]
	if a.activation.FromOutput() {
		v = y
	}
	if a.feedback != nil {
		a.feedback.error = dy
	}
	dz, err := apply(activationError{a.activation}, dy, v)
	return G.Nodes{dz}, err
}
