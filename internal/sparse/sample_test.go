package sparse

import (
	"math"
	"testing"

	"ergon/internal/philox"
)

// mostlyZero returns n numbers of which a share is not zero.
func mostlyZero(name string, n int, share float64) []float32 {
	s, x := philox.New(1, name), make([]float32, n)
	for i := range x {
		if s.Float64(0, uint64(i)) < share {
			x[i] = float32(s.Normal(1, uint64(i)))
		}
	}
	return x
}

// sample returns a product of that shape with a share of A that is not zero.
func sample(m, n, k int, trans bool, share float64) Product {
	return Product{
		TransA: trans, M: m, N: n, K: k,
		A: mostlyZero("a", m*k, share), B: mostlyZero("b", k*n, 1), C: mostlyZero("c", m*n, 1),
	}
}

// want returns what the product leaves in C, by the triple loop.
func (p Product) want() []float64 {
	c := make([]float64, p.M*p.N)
	for i := range c {
		if p.Accumulate {
			c[i] = float64(p.C[i])
		}
		for l := range p.K {
			at := i/p.N*p.K + l
			if p.TransA {
				at = l*p.M + i/p.N
			}
			c[i] += float64(p.A[at]) * float64(p.B[l*p.N+i%p.N])
		}
	}
	return c
}

// compare says where C is not as wanted. The rounding error of k products of
// N(0,1) numbers grows like √k·2^-24.
func (p Product) compare(t *testing.T, want []float64) {
	t.Helper()
	for i, v := range p.C {
		if !(math.Abs(float64(v)-want[i]) <= 8e-6*math.Sqrt(float64(p.K))) {
			t.Fatalf("%d×%d×%d, transposed %t, accumulated %t: C[%d] = %v, want %v", p.M, p.N, p.K, p.TransA, p.Accumulate, i, v, want[i])
		}
	}
}

// collect makes Take enter what it is handed in C, and count how often each element is.
func (p *Product) collect() (taken []int) {
	c, n := p.C, p.N
	taken = make([]int, len(c))
	p.C = nil
	p.Take = func(r0, r1, c0, c1 int, part []float32, stride int) {
		for i := r0; i < r1; i++ {
			for j := c0; j < c1; j++ {
				c[i*n+j] = part[(i-r0)*stride+j-c0]
				taken[i*n+j]++
			}
		}
	}
	return taken
}
