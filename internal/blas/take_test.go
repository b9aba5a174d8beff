package blas

import (
	"testing"

	"ergon/internal/parallel"
)

// What is handed to Take is what would be written to C, each element once, be A
// mostly zero or not.
func TestTake(t *testing.T) {
	const m, n, k = 130, 100, 90
	pool := parallel.New(2)
	defer pool.Close()
	for _, library := range libraries(t) {
		for _, zeros := range []bool{false, true} {
			p := Product{Library: library, Pool: pool, M: m, N: n, K: k, TransA: true, A: random("a", m*k), B: random("b", k*n), C: make([]float32, m*n)}
			if zeros {
				clear(p.A[:len(p.A)*9/10])
			}
			p.Compile()()
			want := p.C
			got, taken := make([]float32, m*n), make([]int, m*n)
			p.C = nil
			p.Take = func(r0, r1, c0, c1 int, part []float32, stride int) {
				for r := r0; r < r1; r++ {
					for c := c0; c < c1; c++ {
						got[r*n+c] = part[(r-r0)*stride+c-c0]
						taken[r*n+c]++
					}
				}
			}
			p.Compile()()
			for i := range want {
				if taken[i] != 1 || got[i] != want[i] {
					t.Fatalf("%s, zeros %t: element %d was taken %d times, as %v, want %v", library.Name(), zeros, i, taken[i], got[i], want[i])
				}
			}
		}
	}
}
