package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Backward is what a learning rule lets through of the backward pass. The zero
// value lets everything through.
type Backward struct {
	Gate   Gate   // which presentations are learned from; nil: all
	Filter Filter // which errors of hidden units are sent back; nil: all
}

// Gate decides whether a presentation is learned from, given the network's
// output [O] and the target [O].
type Gate interface {
	Opens(output, target []float32) bool
}

// Filter sets to zero those errors ∂loss/∂z [B,units] of a hidden layer that
// are not sent back, in place.
type Filter interface {
	Filter(errors []float32, units int)
}

// loss adds the loss of output y to the graph, behind the gate if there is
// one: open [B] is then 1 for each presentation that is learned from, else 0.
func (r Backward) loss(l Loss, y, target *G.Node) (cost, open *G.Node, err error) {
	if y, open, err = r.behindGate(y, y, target); err != nil {
		return nil, nil, err
	}
	cost, err = l.Node(y, target)
	return cost, open, err
}

// behindGate puts output y behind the gate, which decides by the output seen;
// without a gate it returns y and a nil open.
func (r Backward) behindGate(y, seen, target *G.Node) (gated, open *G.Node, err error) {
	if r.Gate == nil {
		return y, nil, nil
	}
	if open, err = apply(decide{r.Gate}, seen, target); err != nil {
		return nil, nil, err
	}
	gated, err = apply(&through{open}, y)
	return gated, open, err
}

// decide is open = gate(y, t): y and t [B,O], open [B], 0 or 1.
type decide struct{ gate Gate }

func (decide) String() string { return "Gate" }

func (decide) ranks() ([]int, int) { return []int{2, 2}, 1 }

func (f decide) shape(in []tensor.Shape) (tensor.Shape, error) {
	if !in[0].Eq(in[1]) {
		return nil, fmt.Errorf("graph: %v of shapes %v: output and target must be equal", f, in)
	}
	return tensor.Shape{in[0][0]}, nil
}

func (f decide) evaluate(open []float64, in []array) {
	B, O := in[0].shape[0], in[0].shape[1]
	y, t := narrowed(in[0].data), narrowed(in[1].data)
	for b := range B {
		if f.gate.Opens(y[b*O:(b+1)*O], t[b*O:(b+1)*O]) {
			open[b] = 1
		}
	}
}

func (f decide) compile(_ *compiler, open []float32, in []operand) func() {
	B, O := in[0].shape[0], in[0].shape[1]
	return func() {
		for b := range B {
			open[b] = 0
			if f.gate.Opens(in[0].data[b*O:(b+1)*O], in[1].data[b*O:(b+1)*O]) {
				open[b] = 1
			}
		}
	}
}

// through is the identity on y [B,O] whose gradient only open presentations
// pass: ∂loss/∂y = open ⊙ ∂loss/∂out, row by row. It does not take open as an
// input, so that the loss does not wait for the gate.
type through struct{ open *G.Node }

var _ differentiable = (*through)(nil)

func (*through) String() string { return "Through" }

func (*through) ranks() ([]int, int) { return []int{2}, 2 }

func (*through) shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

func (*through) evaluate(out []float64, in []array) { copy(out, in[0].data) }

func (*through) compile(_ *compiler, out []float32, in []operand) func() {
	return func() { copy(out, in[0].data) }
}

func (*through) wrt() []bool { return []bool{true} }

func (f *through) gradients(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := apply(gatedError{}, grad, f.open)
	return G.Nodes{dy}, err
}

// gatedError is dy = open ⊙ d, row by row: d and dy [B,O], open [B].
type gatedError struct{}

func (gatedError) String() string { return "GatedError" }

func (gatedError) ranks() ([]int, int) { return []int{2, 1}, 2 }

func (gatedError) shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

func (gatedError) evaluate(dy []float64, in []array) {
	O := in[0].shape[1]
	for i, d := range in[0].data {
		dy[i] = in[1].data[i/O] * d
	}
}

func (gatedError) compile(_ *compiler, dy []float32, in []operand) func() {
	d, open, O := in[0].data, in[1].data, in[0].shape[1]
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

// filteredError is the errors dz [B·rows,units] that a filter keeps, the others 0.
// The filter sees the rows of a presentation, a convolution's positions, as one.
type filteredError struct {
	filter Filter
	rows   int
}

func (filteredError) String() string { return "FilteredError" }

func (filteredError) ranks() ([]int, int) { return []int{2}, 2 }

func (filteredError) shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

func (f filteredError) evaluate(kept []float64, in []array) {
	narrow := narrowed(in[0].data)
	f.filter.Filter(narrow, f.rows*in[0].shape[1])
	for i, d := range in[0].data {
		if narrow[i] != 0 {
			kept[i] = d
		}
	}
}

func (f filteredError) compile(_ *compiler, kept []float32, in []operand) func() {
	return func() {
		copy(kept, in[0].data)
		f.filter.Filter(kept, f.rows*in[0].shape[1])
	}
}

func narrowed(wide []float64) []float32 {
	narrow := make([]float32, len(wide))
	for i, x := range wide {
		narrow[i] = float32(x)
	}
	return narrow
}
