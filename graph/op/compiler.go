package op

import (
	"gorgonia.org/tensor"

	"ergon/internal/blas"
	"ergon/internal/parallel"
)

// Compiler is what a formula compiles against: the library of matrix products, and
// the workers that loops are shared out to.
type Compiler struct {
	Library blas.Library
	Pool    *parallel.Pool // nil: one core
}

// Operand is an input of a compiled formula, row-major. Its storage never moves.
type Operand struct {
	Data     []float32 // nil: the node is computed with the one that follows from it
	Shape    tensor.Shape
	Implicit *ImplicitIm2Col // nil, unless the operand is a patch matrix that is left out
}

// Grain is the number of elements in a chunk of an element-wise loop. A chunk is worth
// waking a goroutine up for; its size is fixed, so that sums do not depend on the
// number of cores.
const Grain = 1 << 14

// Elementwise returns a function that covers [0,n) with calls of body, in parallel.
func (c *Compiler) Elementwise(n int, body func(lo, hi int)) func() { return c.Chunks(n, Grain, body) }

// Chunks is Elementwise with chunks of another size.
func (c *Compiler) Chunks(n, size int, body func(lo, hi int)) func() {
	chunks := (n + size - 1) / size
	chunk := func(i int) { body(i*size, min((i+1)*size, n)) }
	return func() { c.Pool.Run(chunks, chunk) }
}

// Sum returns a function that computes the sum of over(lo, hi) over chunks of [0,n) of
// the given size. Chunks are added in their order, on any number of cores.
func (c *Compiler) Sum(n, size int, over func(lo, hi int) float64) func() float64 {
	sums := make([]float64, (n+size-1)/size)
	run := c.Chunks(n, size, func(lo, hi int) { sums[lo/size] = over(lo, hi) })
	return func() (total float64) {
		run()
		for _, s := range sums {
			total += s
		}
		return total
	}
}

// Images returns a function that calls body for each presentation b of a batch, in
// parallel; work is the number of elements that a presentation has.
func (c *Compiler) Images(batch, work int, body func(b int)) func() {
	chunks := min(max(batch*work/Grain, 1), batch)
	chunk := func(i int) {
		lo, hi := parallel.Split(batch, chunks, i)
		for b := lo; b < hi; b++ {
			body(b)
		}
	}
	return func() { c.Pool.Run(chunks, chunk) }
}
