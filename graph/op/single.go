package op

import (
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// Products of a single presentation. Each is one pass over the weights, in which a
// library of matrix products is no faster.
//
// They add in float64. A float32 sum of hundreds of terms is exactly 0 about once in
// 10⁸ sums, and a unit or an error that is 0 changes no synapse: that would wrongly
// lower M0. Adding in float64 also gives the same bits on every machine.

// singleChunks returns into how many chunks a pass over weights [in,out] is cut: each is
// worth waking a goroutine up for.
func singleChunks(in, out int) int { return min(max(in*out>>19, 1), 16, out) }

// GEMV returns a function that computes z = x·W + b: x [I], W [I,O], b [O] or nil,
// z [O]. It calls after for each chunk of z that is complete. Inputs that are zero are
// skipped.
func (c *Compiler) GEMV(z, x, w, b []float32, after func(lo, hi int)) func() {
	in, out := len(x), len(z)
	sums, active := make([]float64, out), make([]int32, in)
	chunks := singleChunks(in, out)
	chunk := func(i int) {
		lo, hi := parallel.Split(out, chunks, i)
		sum := sums[lo:hi]
		clear(sum)
		simd.AxpyRows(sum, w[lo:], out, x, active)
		if b != nil {
			simd.Axpy(sum, b[lo:hi], 1)
		}
		for j, s := range sum {
			z[lo+j] = float32(s)
		}
		after(lo, hi)
	}
	return func() {
		active = simd.Nonzeros(x, active[:in])
		c.Pool.Run(chunks, chunk)
	}
}

// Outer returns a function that computes dW = x⊗dz, [I,O].
func (c *Compiler) Outer(dw, x, dz []float32) func() {
	in, out := len(x), len(dz)
	chunks := min(singleChunks(in, out), in)
	chunk := func(p int) {
		lo, hi := parallel.Split(in, chunks, p)
		for i := lo; i < hi; i++ {
			simd.Scale(dw[i*out:(i+1)*out], dz, x[i])
		}
	}
	return func() { c.Pool.Run(chunks, chunk) }
}

// GEMVT returns a function that computes dx = W·dz: dz [O], W [I,O], dx [I].
func (c *Compiler) GEMVT(dx, dz, w []float32) func() {
	in, out := len(dx), len(dz)
	chunks := min(singleChunks(in, out), in)
	chunk := func(p int) {
		lo, hi := parallel.Split(in, chunks, p)
		simd.Dots(dx[lo:hi], w[lo*out:hi*out], dz)
	}
	return func() { c.Pool.Run(chunks, chunk) }
}
