package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// Regroup are the same numbers in rows of another width: [R,C] becomes [R·C/Width,Width].
// The units of a convolution, a row for each position, become a row for each presentation.
type Regroup struct{ Width int }

var _ op.Differentiable = Regroup{}

func (f Regroup) String() string { return fmt.Sprintf("Regroup{%d}", f.Width) }

// Ranks implements op.Formula.
func (Regroup) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f Regroup) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if n := in[0].TotalSize(); n%f.Width != 0 {
		return nil, fmt.Errorf("graph: %v of shape %v: %d numbers are no rows of %d", f, in[0], n, f.Width)
	}
	return tensor.Shape{in[0].TotalSize() / f.Width, f.Width}, nil
}

// Evaluate implements op.Formula.
func (Regroup) Evaluate(out []float64, in []op.Array) { copy(out, in[0].Data) }

// Compile implements op.Formula.
func (Regroup) Compile(_ *op.Compiler, out []float32, in []op.Operand) func() {
	return func() { copy(out, in[0].Data) }
}

// WRT implements op.Differentiable.
func (Regroup) WRT() []bool { return []bool{true} }

// Gradients implements op.Differentiable.
func (f Regroup) Gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dx, err := op.Apply(Regroup{in[0].Shape()[1]}, grad)
	return G.Nodes{dx}, err
}
