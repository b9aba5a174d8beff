package blas

import (
	"math"
	"testing"

	"ergon/internal/parallel"
)

// Products that may be binary are those of the triple loop, in every run, be A binary in it or not.
// Also those are computed whose operands are stored in ways that have no tables.
func TestBinary(t *testing.T) {
	const m, n, k = 100, 130, 70
	pool := parallel.New(3)
	defer pool.Close()
	for _, library := range libraries(t) {
		for flags := range 4 {
			p := Product{
				Library: library, Pool: pool, TransA: flags&1 != 0, TransB: flags&2 != 0, M: m, N: n, K: k,
				A: random("a", m*k), B: random("b", k*n), C: make([]float32, m*n), Accumulate: true, Binary: true,
			}
			bias := random("bias", n)
			start := make([]float32, m*n)
			p.Prologue = func(r0, r1, c0, c1 int) { fill(p.C, bias, r0, r1, c0, c1) }
			fill(start, bias, 0, m, 0, n)
			run := p.Compile()
			for _, binary := range []bool{true, false, true} {
				for i, x := range random("a", m*k) {
					p.A[i] = x
					if binary {
						p.A[i] = float32(math.Round(1 / (1 + math.Exp(float64(x)))))
					}
				}
				want := product(p.TransA, p.TransB, m, n, k, p.A, p.B, start, 1)
				run()
				for i, v := range p.C {
					if d := math.Abs(float64(v) - want[i]); !(d <= 8e-6*math.Sqrt(k)) { // rounding of k products of N(0,1) numbers
						t.Fatalf("%s, flags %b, binary %t: C[%d] = %v, want %v", library.Name(), flags, binary, i, v, want[i])
					}
				}
			}
		}
	}
}

// fill copies biases to the rows of a block of c.
func fill(c, bias []float32, r0, r1, c0, c1 int) {
	for r := r0; r < r1; r++ {
		copy(c[r*len(bias)+c0:r*len(bias)+c1], bias[c0:c1])
	}
}
