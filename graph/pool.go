package graph

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// maxPool hands on the largest of each square of units, channel by channel: y
// [B·rows·columns,channels] becomes [B,rows/side·columns/side·channels]. Rows and
// columns at the end that do not fill a square are not looked at. With squares
// of one unit all are handed on. Of equal units the first, row by row, counts as
// the largest.
type maxPool struct{ rows, columns, channels, side int }

var _ differentiable = maxPool{}

// height and width are those of the squares.
func (f maxPool) height() int { return f.rows / f.side }
func (f maxPool) width() int  { return f.columns / f.side }

// units and squares are the numbers of a presentation, before and after.
func (f maxPool) units() int   { return f.rows * f.columns * f.channels }
func (f maxPool) squares() int { return f.height() * f.width() * f.channels }

func (f maxPool) String() string {
	return fmt.Sprintf("MaxPool{%d×%d×%d, %d}", f.rows, f.columns, f.channels, f.side)
}

func (maxPool) ranks() ([]int, int) { return []int{2}, 2 }

func (f maxPool) shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0]%(f.rows*f.columns) != 0 || in[0][1] != f.channels {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B·%d,%d]", f, in[0], f.rows*f.columns, f.channels)
	}
	return tensor.Shape{in[0][0] / (f.rows * f.columns), f.squares()}, nil
}

// first returns the first unit of a square, both counted over the batch.
func (f maxPool) first(square int) int {
	channel, at := square%f.channels, square/f.channels
	column, at := at%f.width(), at/f.width()
	row, b := at%f.height(), at/f.height()
	return ((b*f.rows+row*f.side)*f.columns+column*f.side)*f.channels + channel
}

// unit returns unit i of the square whose first is given, row by row.
func (f maxPool) unit(first, i int) int {
	return first + (i/f.side*f.columns+i%f.side)*f.channels
}

// largest returns the unit that a square hands on.
func (f maxPool) largest(y []float64, square int) int {
	first := f.first(square)
	largest := first
	for i := range f.side * f.side {
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
	return c.images(len(out)/f.squares(), f.units(), func(b int) {
		f.pool(out[b*f.squares():(b+1)*f.squares()], y[b*f.units():(b+1)*f.units()])
	})
}

// pool computes one presentation. max hands a NaN on.
func (f maxPool) pool(out, y []float32) {
	for at := 0; at < len(out); at += f.channels {
		first, square := f.first(at), out[at:at+f.channels]
		copy(square, y[first:])
		for i := 1; i < f.side*f.side; i++ {
			unit := f.unit(first, i)
			for c, v := range y[unit : unit+len(square)] {
				square[c] = max(square[c], v)
			}
		}
	}
}

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

func (f maxPoolError) compile(c *compiler, dy []float32, in []operand) func() {
	d, y, squares := in[0].data, in[1].data, in[2].data
	return c.images(len(d)/f.squares(), f.units(), func(b int) {
		lo, hi := b*f.squares(), (b+1)*f.squares()
		from, to := b*f.units(), (b+1)*f.units()
		f.distribute(dy[from:to], d[lo:hi], y[from:to], squares[lo:hi])
	})
}

// distribute computes one presentation. What no square looks at is zero from the start.
func (f maxPoolError) distribute(dy, d, y, squares []float32) {
	if f.side == 1 {
		copy(dy, d)
		return
	}
	for at := 0; at < len(d); at += f.channels {
		first := f.first(at)
		for c := 0; c < f.channels; c += together {
			n := min(together, f.channels-c)
			f.give(dy, d[at+c:at+c+n], y, squares[at+c:at+c+n], first+c)
		}
	}
}

// together is how many neighbouring channels are looked at together.
const together = 16

// give distributes the errors of some channels at one square. It has no branch:
// which unit is the largest is a coin toss that would be mispredicted.
func (f maxPoolError) give(dy, d, y, squares []float32, first int) {
	var left [together]uint32 // errors of which the unit has not been met
	for c, e := range d {
		left[c%together] = math.Float32bits(e)
	}
	for i := range f.side * f.side {
		unit := f.unit(first, i)
		at, given := y[unit:unit+len(d)], dy[unit:unit+len(d)]
		for c, largest := range squares[:len(d)] {
			e, rest := uint32(0), left[c%together]
			if at[c] == largest {
				e, rest = rest, 0
			}
			given[c], left[c%together] = math.Float32frombits(e), rest
		}
	}
}
