package graph

import (
	"gorgonia.org/tensor"

	"ergon/internal/blas"
	"ergon/internal/parallel"
)

// compiler is what a formula compiles against.
type compiler struct {
	library blas.Library
	pool    *parallel.Pool
}

// operand is an input of a compiled formula. Its storage never moves.
type operand struct {
	data  []float32
	shape tensor.Shape
	sight *sight // of patches that are not laid out, else nil
}

// grain is how many elements make a part of an element-wise loop: enough to be
// worth a goroutine's wake-up, and fixed, so that parts do not depend on cores.
const grain = 1 << 14

// elementwise returns a function that covers [0,n) with calls of body.
func (c *compiler) elementwise(n int, body func(lo, hi int)) func() { return c.parts(n, grain, body) }

// parts is elementwise with parts of another size.
func (c *compiler) parts(n, size int, body func(lo, hi int)) func() {
	parts := (n + size - 1) / size
	part := func(i int) { body(i*size, min((i+1)*size, n)) }
	return func() { c.pool.Run(parts, part) }
}

// sum returns a function that adds up the sums over parts of [0,n), of that size, in
// their order.
func (c *compiler) sum(n, size int, over func(lo, hi int) float64) func() float64 {
	sums := make([]float64, (n+size-1)/size)
	run := c.parts(n, size, func(lo, hi int) { sums[lo/size] = over(lo, hi) })
	return func() (total float64) {
		run()
		for _, s := range sums {
			total += s
		}
		return total
	}
}
