package boltzmann

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/boltzmann/unit"
	"ergon/graph/op"
)

// means are the mean activities of units with fields z [R,n].
type means struct{ unit.Unit }

var _ op.Formula = means{}

func (f means) String() string { return fmt.Sprintf("Means{%s}", unit.Kinds.Name(f.Unit)) }

// Ranks implements op.Formula.
func (means) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (means) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

// Evaluate implements op.Formula.
func (f means) Evaluate(h []float64, in []op.Array) {
	n := in[0].Shape[1]
	for lo := 0; lo < len(h); lo += n {
		f.Mean(h[lo:lo+n], in[0].Data[lo:lo+n])
	}
}

// Compile implements op.Formula.
func (f means) Compile(c *op.Compiler, h []float32, in []op.Operand) func() {
	z, n := in[0].Data, in[0].Shape[1]
	return someRows(c, len(h)/n, n, func(lo, hi int) { unit.Mean32(f.Unit, h[lo*n:hi*n], z[lo*n:hi*n]) })
}

// rowwise returns a function that calls body for each row of a matrix, in parallel. Chunks
// of rows follow from the shape alone.
func rowwise(c *op.Compiler, rows, width int, body func(r int)) func() {
	return someRows(c, rows, width, func(lo, hi int) {
		for r := lo; r < hi; r++ {
			body(r)
		}
	})
}

// someRows is rowwise with a call for each chunk of rows. Units of several rows are a row of
// units.
func someRows(c *op.Compiler, rows, width int, body func(lo, hi int)) func() {
	const numbers = 1 << 13 // worth a goroutine's wake-up
	return c.Chunks(rows, max(1, numbers/width), body)
}

// sample draws units with fields z [C,n]. Number i of the matrix is drawn by number i of the
// step.
type sample struct {
	unit.Unit
	draws  *graph.Draws
	hidden bool // which stream
}

var _ op.Formula = (*sample)(nil)

func (f *sample) String() string {
	return fmt.Sprintf("Sample{%s, hidden %t}", unit.Kinds.Name(f.Unit), f.hidden)
}

// Ranks implements op.Formula.
func (*sample) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (*sample) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

// Evaluate implements op.Formula.
func (f *sample) Evaluate(x []float64, in []op.Array) {
	words, n, stream := make([]uint32, len(x)), in[0].Shape[1], f.draws.Visible
	if f.hidden {
		stream = f.draws.Hidden
	}
	for i := range words {
		words[i] = stream.Uint32(f.draws.Step, uint64(i))
	}
	for lo := 0; lo < len(x); lo += n {
		f.Sample(x[lo:lo+n], in[0].Data[lo:lo+n], words[lo:lo+n])
	}
}

// Compile implements op.Formula.
func (f *sample) Compile(c *op.Compiler, x []float32, in []op.Operand) func() {
	z, n := in[0].Data, in[0].Shape[1]
	return someRows(c, len(x)/n, n, func(lo, hi int) {
		stream := f.draws.Visible
		if f.hidden {
			stream = f.draws.Hidden
		}
		unit.Sample32(f.Unit, x[lo*n:hi*n], z[lo*n:hi*n], stream, f.draws.Step, uint64(lo*n))
	})
}
