package op

import (
	"gorgonia.org/tensor"

	"ergon/internal/blas"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// TallRows is how many rows are summed one after the other at most: those of a
// convolution are many, and have few columns that could be shared out.
const TallRows = 4096

// SumRows returns a function that sums the rows of dz in parts of so many.
func (c *Compiler) SumRows(db, dz []float32, rows int) func() {
	O := len(db)
	parts := (rows + TallRows - 1) / TallRows
	sums := make([]float32, parts*O)
	part := func(i int) {
		lo, hi := i*TallRows, min((i+1)*TallRows, rows)
		simd.SumRows(sums[i*O:(i+1)*O], dz[lo*O:], hi-lo, O)
	}
	return func() {
		c.Pool.Run(parts, part)
		simd.SumRows(db, sums, parts, O)
	}
}

// Compiler is what a formula compiles against.
type Compiler struct {
	Library blas.Library
	Pool    *parallel.Pool
}

// Operand is an input of a compiled formula. Its storage never moves.
type Operand struct {
	Data     []float32
	Shape    tensor.Shape
	Implicit *ImplicitIm2Col // of patches that are not laid out, else nil
}

// Grain is how many elements make a part of an element-wise loop: enough to be
// worth a goroutine's wake-up, and fixed, so that parts do not depend on cores.
const Grain = 1 << 14

// Elementwise returns a function that covers [0,n) with calls of body.
func (c *Compiler) Elementwise(n int, body func(lo, hi int)) func() { return c.Parts(n, Grain, body) }

// Parts is elementwise with parts of another size.
func (c *Compiler) Parts(n, size int, body func(lo, hi int)) func() {
	parts := (n + size - 1) / size
	part := func(i int) { body(i*size, min((i+1)*size, n)) }
	return func() { c.Pool.Run(parts, part) }
}

// Sum returns a function that adds up the sums over parts of [0,n), of that size, in
// their order.
func (c *Compiler) Sum(n, size int, over func(lo, hi int) float64) func() float64 {
	sums := make([]float64, (n+size-1)/size)
	run := c.Parts(n, size, func(lo, hi int) { sums[lo/size] = over(lo, hi) })
	return func() (total float64) {
		run()
		for _, s := range sums {
			total += s
		}
		return total
	}
}

// Images returns a function that calls body for each presentation of a batch, of
// which each is so much work.
func (c *Compiler) Images(batch, work int, body func(b int)) func() {
	parts := min(max(batch*work/Grain, 1), batch)
	part := func(i int) {
		lo, hi := parallel.Split(batch, parts, i)
		for b := lo; b < hi; b++ {
			body(b)
		}
	}
	return func() { c.Pool.Run(parts, part) }
}
