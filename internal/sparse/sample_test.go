package sparse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ergon/internal/simd"
)

// waysOf are all in which this processor can compute a product, of whatever level.
func waysOf(p Product) (all []way) {
	for _, level := range []simd.Level{simd.AVX2, simd.AVX512} {
		if simd.Active() == simd.AVX512 || simd.Active() == level {
			all = append(all, choose(level).of(p)...)
		}
	}
	return all
}

func (w way) String() string { return fmt.Sprintf("groups of %d, vectors of %d", w.group, w.lanes) }

// mostlyZero returns n numbers of which a share is not zero.
func mostlyZero(name string, n int, share float64) []float32 {
	random, x := rand.New(rand.NewPCG(1, uint64(name[0]))), make([]float32, n)
	for i := range x {
		if random.Float64() < share {
			x[i] = float32(random.NormFloat64())
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
	for i := range p.M {
		row := c[i*p.N:][:p.N]
		for j := range row {
			if p.Accumulate {
				row[j] = float64(p.C[i*p.N+j])
			}
		}
		for l := range p.K {
			a := p.A[i*p.K+l]
			if p.TransA {
				a = p.A[l*p.M+i]
			}
			for j, b := range p.B[l*p.N:][:p.N] {
				row[j] += float64(a) * float64(b)
			}
		}
	}
	return c
}

// compare says where C is not as wanted. The rounding error of k products of
// N(0,1) numbers grows like √k·2^-24.
func (p Product) compare(t *testing.T, w way, want []float64) {
	t.Helper()
	for i, v := range p.C {
		if !(math.Abs(float64(v)-want[i]) <= 8e-6*math.Sqrt(float64(p.K))) {
			t.Fatalf("%v, %d×%d×%d, transposed %t, accumulated %t: C[%d] = %v, want %v", w, p.M, p.N, p.K, p.TransA, p.Accumulate, i, v, want[i])
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

// frame moves C between margins of NaN. The function that it returns says whether
// anything was written there.
func (p *Product) frame(margin int) (written func() bool) {
	whole := slices.Repeat([]float32{float32(math.NaN())}, margin+len(p.C)+64)
	before, after := whole[:margin], whole[margin+len(p.C):]
	copy(whole[margin:], p.C)
	p.C = whole[margin:][:len(p.C)]
	number := func(x float32) bool { return !math.IsNaN(float64(x)) }
	return func() bool { return slices.ContainsFunc(before, number) || slices.ContainsFunc(after, number) }
}
