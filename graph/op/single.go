package op

import (
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// Products for a single presentation, where a matrix product is a pass over
// the weights and a library of matrix products has nothing to offer.
//
// They add in float64. A float32 sum of hundreds of terms is an exact 0 about
// once in 10^8, and an exactly silent unit or error changes no synapse: over a
// run that would be seen in M0. It also makes one-at-a-time learning the same
// bits on every machine.

// singleParts says into how many parts a pass over weights [in,out] is cut: each
// is worth a goroutine's wake-up.
func singleParts(in, out int) int { return min(max(in*out>>19, 1), 16, out) }

// GEMV returns a function that computes z = x·W + b for one row x
// [I], W [I,O], b [O] or nil, z [O], and hands each part to after. Inputs that
// are zero are skipped.
func (c *Compiler) GEMV(z, x, w, b []float32, after func(lo, hi int)) func() {
	in, out := len(x), len(z)
	sums := make([]float64, out)
	parts := singleParts(in, out)
	part := func(i int) {
		lo, hi := parallel.Split(out, parts, i)
		sum := sums[lo:hi]
		clear(sum)
		for i, v := range x {
			if v != 0 {
				simd.Axpy(sum, w[i*out+lo:i*out+hi], v)
			}
		}
		if b != nil {
			simd.Axpy(sum, b[lo:hi], 1)
		}
		for j, s := range sum {
			z[lo+j] = float32(s)
		}
		after(lo, hi)
	}
	return func() { c.Pool.Run(parts, part) }
}

// Outer returns a function that computes dW = x⊗dz, [I,O].
func (c *Compiler) Outer(dw, x, dz []float32) func() {
	in, out := len(x), len(dz)
	parts := min(singleParts(in, out), in)
	part := func(p int) {
		lo, hi := parallel.Split(in, parts, p)
		for i := lo; i < hi; i++ {
			simd.Scale(dw[i*out:(i+1)*out], dz, x[i])
		}
	}
	return func() { c.Pool.Run(parts, part) }
}

// GEMVT returns a function that computes dx = W·dz: dz [O], W [I,O], dx [I].
func (c *Compiler) GEMVT(dx, dz, w []float32) func() {
	in, out := len(dx), len(dz)
	parts := min(singleParts(in, out), in)
	part := func(p int) {
		lo, hi := parallel.Split(in, parts, p)
		simd.Dots(dx[lo:hi], w[lo*out:hi*out], dz)
	}
	return func() { c.Pool.Run(parts, part) }
}
