package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/op"
	"ergon/internal/convolve"
)

// MaxPool is the largest of each square of units, channel by channel: y
// [B·Rows·Columns,Channels] becomes [B,(Rows/Side)·(Columns/Side)·Channels]. Rows and
// columns at the end that do not fill a square are left out. With Side 1 the units
// stay as they are. Of equal units the first, row by row, counts as the largest.
type MaxPool struct{ convolve.Pool }

var _ op.Differentiable = MaxPool{}

func (f MaxPool) String() string {
	return fmt.Sprintf("MaxPool{%d×%d×%d, %d}", f.Rows, f.Columns, f.Channels, f.Side)
}

// Ranks implements op.Formula.
func (MaxPool) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f MaxPool) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0]%(f.Rows*f.Columns) != 0 || in[0][1] != f.Channels {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B·%d,%d]", f, in[0], f.Rows*f.Columns, f.Channels)
	}
	return tensor.Shape{in[0][0] / (f.Rows * f.Columns), f.Squares()}, nil
}

// first returns the index of the first unit of a square; both count over the batch.
func (f MaxPool) first(square int) int {
	channel, at := square%f.Channels, square/f.Channels
	column, at := at%f.Width(), at/f.Width()
	row, b := at%f.Height(), at/f.Height()
	return ((b*f.Rows+row*f.Side)*f.Columns+column*f.Side)*f.Channels + channel
}

// unit returns the index of unit i of a square, row by row, given that of its first.
func (f MaxPool) unit(first, i int) int {
	return first + (i/f.Side*f.Columns+i%f.Side)*f.Channels
}

// largest returns the index of the largest unit of a square.
func (f MaxPool) largest(y []float64, square int) int {
	first := f.first(square)
	largest := first
	for i := range f.Side * f.Side {
		if unit := f.unit(first, i); y[unit] > y[largest] {
			largest = unit
		}
	}
	return largest
}

// Evaluate implements op.Formula.
func (f MaxPool) Evaluate(out []float64, in []op.Array) {
	for square := range out {
		out[square] = in[0].Data[f.largest(in[0].Data, square)]
	}
}

// Compile implements op.Formula.
func (f MaxPool) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	y := in[0].Data
	return c.Images(len(out)/f.Squares(), f.Units(), func(b int) { f.Largest(f.squaresOf(out, b), f.unitsOf(y, b)) })
}

// squaresOf and unitsOf return what presentation b has of an array over squares, or units.
func (f MaxPool) squaresOf(all []float32, b int) []float32 { return all[b*f.Squares():][:f.Squares()] }

func (f MaxPool) unitsOf(all []float32, b int) []float32 { return all[b*f.Units():][:f.Units()] }

// WRT implements op.Differentiable.
func (MaxPool) WRT() []bool { return []bool{true} }

// Gradients implements op.Differentiable.
func (f MaxPool) Gradients(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	dy, err := op.Apply(MaxPoolError{f}, grad, in[0], out)
	return G.Nodes{dy}, err
}

// MaxPoolError is the derivative of [MaxPool]: the largest unit of a square gets the
// square's error, the others 0. Inputs are the errors of the squares, y, and the squares.
type MaxPoolError struct{ MaxPool }

func (f MaxPoolError) String() string { return fmt.Sprintf("Error of %v", f.MaxPool) }

// Ranks implements op.Formula.
func (MaxPoolError) Ranks() ([]int, int) { return []int{2, 2, 2}, 2 }

// Shape implements op.Formula.
func (f MaxPoolError) Shape(in []tensor.Shape) (tensor.Shape, error) {
	want, err := f.MaxPool.Shape(in[1:2])
	if err == nil && (!in[0].Eq(want) || !in[2].Eq(want)) {
		err = fmt.Errorf("graph: %v of shapes %v: want errors and squares of shape %v", f, in, want)
	}
	return in[1].Clone(), err
}

// Evaluate implements op.Formula.
func (f MaxPoolError) Evaluate(dy []float64, in []op.Array) {
	for square, d := range in[0].Data {
		dy[f.largest(in[1].Data, square)] += d
	}
}

// Compile implements op.Formula. Units that are in no square are not written: their
// errors are zero from the start.
func (f MaxPoolError) Compile(c *op.Compiler, dy []float32, in []op.Operand) func() {
	d, y, squares := in[0].Data, in[1].Data, in[2].Data
	return c.Images(len(d)/f.Squares(), f.Units(), func(b int) {
		f.Give(f.unitsOf(dy, b), f.squaresOf(d, b), f.unitsOf(y, b), f.squaresOf(squares, b))
	})
}

// CompileWithActivationError compiles dz = dy ⊙ f'(y) of an error dy of max-pooling in
// one. The product is taken square by square: where dy is not zero, y is the largest of
// its square. The bits are the same.
func (f MaxPoolError) CompileWithActivationError(c *op.Compiler, a activation.Activation, dz []float32, in []op.Operand) func() {
	d, y, squares := in[0].Data, in[1].Data, in[2].Data
	products := make([]float32, len(d))
	return c.Images(len(d)/f.Squares(), f.Units(), func(b int) {
		product, largest := f.squaresOf(products, b), f.squaresOf(squares, b)
		activation.Backward(a, product, f.squaresOf(d, b), largest)
		f.Give(f.unitsOf(dz, b), product, f.unitsOf(y, b), largest)
	})
}
