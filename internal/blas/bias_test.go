package blas

import (
	"testing"

	"ergon/internal/parallel"
)

// A bias is what C holds before the products are added, to the bit, be A mostly zero or not.
func TestBias(t *testing.T) {
	const m, n, k = 130, 100, 90
	pool := parallel.New(2)
	defer pool.Close()
	for _, library := range libraries(t) {
		for _, zeros := range []bool{false, true} {
			p := Product{Library: library, Pool: pool, M: m, N: n, K: k, A: random("a", m*k), B: random("b", k*n), C: random("c", m*n)}
			if zeros {
				clear(p.A[:len(p.A)*9/10])
			}
			added := p
			p.Bias = random("bias", n)
			added.C, added.Accumulate = make([]float32, m*n), true
			for r := range m {
				copy(added.C[r*n:], p.Bias)
			}
			before, after := make([]int, m*n), make([]int, m*n)
			p.Prologue = func(r0, r1, c0, c1 int) { visit(before, n, r0, r1, c0, c1) }
			p.Epilogue = func(r0, r1, c0, c1 int) { visit(after, n, r0, r1, c0, c1) }
			p.Compile()()
			added.Compile()()
			for i, want := range added.C {
				if p.C[i] != want || before[i] != 1 || after[i] != 1 {
					t.Fatalf("%s, zeros %t: element %d is %v, visited %d and %d times, want %v", library.Name(), zeros, i, p.C[i], before[i], after[i], want)
				}
			}
		}
	}
}

// visit counts the elements of a block.
func visit(counts []int, n, r0, r1, c0, c1 int) {
	for r := r0; r < r1; r++ {
		for c := c0; c < c1; c++ {
			counts[r*n+c]++
		}
	}
}
