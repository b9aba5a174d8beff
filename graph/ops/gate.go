package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// Opener decides whether a presentation is learned from, given the network's
// output [O] and the target [O].
type Opener interface {
	Opens(output, target []float32) bool
}

// Gate is open = gate(y, t): y and t [B,O], open [B], 0 or 1.
type Gate struct{ Opener Opener }

func (Gate) String() string { return "Gate" }

// Ranks implements op.Formula.
func (Gate) Ranks() ([]int, int) { return []int{2, 2}, 1 }

// Shape implements op.Formula.
func (f Gate) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if !in[0].Eq(in[1]) {
		return nil, fmt.Errorf("graph: %v of shapes %v: output and target must be equal", f, in)
	}
	return tensor.Shape{in[0][0]}, nil
}

// Evaluate implements op.Formula.
func (f Gate) Evaluate(open []float64, in []op.Array) {
	B, O := in[0].Shape[0], in[0].Shape[1]
	y, t := narrowed(in[0].Data), narrowed(in[1].Data)
	for b := range B {
		if f.Opener.Opens(y[b*O:(b+1)*O], t[b*O:(b+1)*O]) {
			open[b] = 1
		}
	}
}

// Compile implements op.Formula.
func (f Gate) Compile(_ *op.Compiler, open []float32, in []op.Operand) func() {
	B, O := in[0].Shape[0], in[0].Shape[1]
	return func() {
		for b := range B {
			open[b] = 0
			if f.Opener.Opens(in[0].Data[b*O:(b+1)*O], in[1].Data[b*O:(b+1)*O]) {
				open[b] = 1
			}
		}
	}
}

// Gated is the identity on y [B,O], whose gradient is zero for presentations that the
// gate shuts out: ∂loss/∂y = open ⊙ ∂loss/∂out, row by row. Open is not an input of the
// node: the loss does not depend on the gate.
type Gated struct{ Open *G.Node }

var _ op.Differentiable = (*Gated)(nil)

func (*Gated) String() string { return "Gated" }

// Ranks implements op.Formula.
func (*Gated) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (*Gated) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

// Evaluate implements op.Formula.
func (*Gated) Evaluate(out []float64, in []op.Array) { copy(out, in[0].Data) }

// Compile implements op.Formula.
func (*Gated) Compile(_ *op.Compiler, out []float32, in []op.Operand) func() {
	return func() { copy(out, in[0].Data) }
}

// WRT implements op.Differentiable.
func (*Gated) WRT() []bool { return []bool{true} }

// Gradients implements op.Differentiable.
func (f *Gated) Gradients(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := op.Apply(GatedError{}, grad, f.Open)
	return G.Nodes{dy}, err
}

// GatedError is dy = open ⊙ d, row by row: d and dy [B,O], open [B].
type GatedError struct{}

func (GatedError) String() string { return "GatedError" }

// Ranks implements op.Formula.
func (GatedError) Ranks() ([]int, int) { return []int{2, 1}, 2 }

// Shape implements op.Formula.
func (GatedError) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

// Evaluate implements op.Formula.
func (GatedError) Evaluate(dy []float64, in []op.Array) {
	O := in[0].Shape[1]
	for i, d := range in[0].Data {
		dy[i] = in[1].Data[i/O] * d
	}
}

// Compile implements op.Formula.
func (GatedError) Compile(_ *op.Compiler, dy []float32, in []op.Operand) func() {
	d, open, O := in[0].Data, in[1].Data, in[0].Shape[1]
	return func() {
		for b, o := range open {
			if row := dy[b*O : (b+1)*O]; o == 0 {
				clear(row)
			} else {
				copy(row, d[b*O:])
			}
		}
	}
}

func narrowed(wide []float64) []float32 {
	narrow := make([]float32, len(wide))
	for i, x := range wide {
		narrow[i] = float32(x)
	}
	return narrow
}
