package ops

import (
	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// Filter sets to zero those errors ∂loss/∂z [B,units] of a hidden layer that
// are not sent back, in place.
type Filter interface {
	Filter(errors []float32, units int)
}

// FilteredError is the errors dz [B·Rows,units] that a filter keeps; the others are 0.
// The filter is given all rows of a presentation, a convolution's positions, as one.
type FilteredError struct {
	Filter Filter
	Rows   int // of a presentation
}

func (FilteredError) String() string { return "FilteredError" }

// Ranks implements op.Formula.
func (FilteredError) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (FilteredError) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

// Evaluate implements op.Formula.
func (f FilteredError) Evaluate(kept []float64, in []op.Array) {
	narrow := narrowed(in[0].Data)
	f.Filter.Filter(narrow, f.Rows*in[0].Shape[1])
	for i, d := range in[0].Data {
		if narrow[i] != 0 {
			kept[i] = d
		}
	}
}

// Compile implements op.Formula.
func (f FilteredError) Compile(_ *op.Compiler, kept []float32, in []op.Operand) func() {
	return func() {
		copy(kept, in[0].Data)
		f.Filter.Filter(kept, f.Rows*in[0].Shape[1])
	}
}
