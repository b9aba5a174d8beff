package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/convolve"
)

// maxPool hands on the largest of each square of units, channel by channel: y
// [B·rows·columns,channels] becomes [B,rows/side·columns/side·channels]. Rows and
// columns at the end that do not fill a square are not looked at. With squares
// of one unit all are handed on. Of equal units the first, row by row, counts as
// the largest.
type maxPool struct{ convolve.Pool }

var _ differentiable = maxPool{}

func (f maxPool) String() string {
	return fmt.Sprintf("MaxPool{%d×%d×%d, %d}", f.Rows, f.Columns, f.Channels, f.Side)
}

func (maxPool) ranks() ([]int, int) { return []int{2}, 2 }

func (f maxPool) shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0]%(f.Rows*f.Columns) != 0 || in[0][1] != f.Channels {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B·%d,%d]", f, in[0], f.Rows*f.Columns, f.Channels)
	}
	return tensor.Shape{in[0][0] / (f.Rows * f.Columns), f.Squares()}, nil
}

// first returns the first unit of a square, both counted over the batch.
func (f maxPool) first(square int) int {
	channel, at := square%f.Channels, square/f.Channels
	column, at := at%f.Width(), at/f.Width()
	row, b := at%f.Height(), at/f.Height()
	return ((b*f.Rows+row*f.Side)*f.Columns+column*f.Side)*f.Channels + channel
}

// unit returns unit i of the square whose first is given, row by row.
func (f maxPool) unit(first, i int) int {
	return first + (i/f.Side*f.Columns+i%f.Side)*f.Channels
}

// largest returns the unit that a square hands on.
func (f maxPool) largest(y []float64, square int) int {
	first := f.first(square)
	largest := first
	for i := range f.Side * f.Side {
		if unit := f.unit(first, i); y[unit] > y[largest] {
			largest = unit
		}
	}
	return largest
}

func (f maxPool) evaluate(out []float64, in []array) {
	for square := range out {
		out[square] = in[0].data[f.largest(in[0].data, square)]
	}
}

func (f maxPool) compile(c *compiler, out []float32, in []operand) func() {
	y := in[0].data
	return c.images(len(out)/f.Squares(), f.Units(), func(b int) { f.Largest(f.squaresOf(out, b), f.unitsOf(y, b)) })
}

// squaresOf and unitsOf are those of presentation b.
func (f maxPool) squaresOf(all []float32, b int) []float32 { return all[b*f.Squares():][:f.Squares()] }
func (f maxPool) unitsOf(all []float32, b int) []float32   { return all[b*f.Units():][:f.Units()] }

func (maxPool) wrt() []bool { return []bool{true} }

func (f maxPool) gradients(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	dy, err := apply(maxPoolError{f}, grad, in[0], out)
	return G.Nodes{dy}, err
}

// maxPoolError is the derivative of maxPool: of each square the largest unit gets
// its error, the others 0. Inputs are the errors of the squares, y and the squares.
type maxPoolError struct{ maxPool }

func (f maxPoolError) String() string { return fmt.Sprintf("Error of %v", f.maxPool) }

func (maxPoolError) ranks() ([]int, int) { return []int{2, 2, 2}, 2 }

func (f maxPoolError) shape(in []tensor.Shape) (tensor.Shape, error) {
	want, err := f.maxPool.shape(in[1:2])
	if err == nil && (!in[0].Eq(want) || !in[2].Eq(want)) {
		err = fmt.Errorf("graph: %v of shapes %v: want errors and squares of shape %v", f, in, want)
	}
	return in[1].Clone(), err
}

func (f maxPoolError) evaluate(dy []float64, in []array) {
	for square, d := range in[0].data {
		dy[f.largest(in[1].data, square)] += d
	}
}

// compile leaves what no square looks at as it is, zero from the start.
func (f maxPoolError) compile(c *compiler, dy []float32, in []operand) func() {
	d, y, squares := in[0].data, in[1].data, in[2].data
	return c.images(len(d)/f.Squares(), f.Units(), func(b int) {
		f.Give(f.unitsOf(dy, b), f.squaresOf(d, b), f.unitsOf(y, b), f.squaresOf(squares, b))
	})
}

// respond is compile of dz = dy ⊙ f'(y), whose product is taken square by square: where
// dy is not zero, y is the largest of its square.
func (f maxPoolError) respond(c *compiler, a Activation, dz []float32, in []operand) func() {
	d, y, squares := in[0].data, in[1].data, in[2].data
	products := make([]float32, len(d))
	return c.images(len(d)/f.Squares(), f.Units(), func(b int) {
		product, largest := f.squaresOf(products, b), f.squaresOf(squares, b)
		backward32(a, product, f.squaresOf(d, b), largest)
		f.Give(f.unitsOf(dz, b), product, f.unitsOf(y, b), largest)
	})
}
