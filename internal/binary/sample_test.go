package binary

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ergon/internal/simd"
)

// levels are those this processor has.
func levels() map[simd.Level]*kernels {
	all := map[simd.Level]*kernels{simd.Portable: choose(simd.Portable)}
	for _, level := range []simd.Level{simd.AVX2, simd.AVX512} {
		if simd.Active() == simd.AVX512 || simd.Active() == level {
			all[level] = choose(level)
		}
	}
	return all
}

// sample returns a product of that shape, half of A ones.
func sample(m, n, k int) Product {
	random := rand.New(rand.NewPCG(uint64(m*n), uint64(k)))
	p := Product{M: m, N: n, K: k, A: make([]float32, m*k), B: make([]float32, n*k), C: make([]float32, m*n)}
	for i := range p.A {
		p.A[i] = float32(random.IntN(2))
	}
	for _, x := range [][]float32{p.B, p.C} {
		for i := range x {
			x[i] = float32(random.NormFloat64())
		}
	}
	return p
}

// ordered returns what the product leaves in C, added in the order that the package documents.
func (p Product) ordered() []float32 {
	c := make([]float32, p.M*p.N)
	for i := range c {
		r, column := i/p.N, i%p.N
		if p.Accumulate {
			c[i] = p.C[i]
		}
		for k0 := 0; k0 < p.K; k0 += group {
			sum := float32(0)
			for k := k0; k < min(k0+group, p.K); k++ {
				if p.A[r*p.K+k] == 1 {
					sum += p.B[column*p.K+k]
				}
			}
			c[i] += sum
		}
	}
	return c
}

// exact returns what the product leaves in C by its definition, and how far off
// it may be by the documented bound.
func (p Product) exact() (c, bound []float64) {
	const epsilon = 1.0 / (1 << 24)
	n := float64(ceil(p.K, group) + group - 1)
	c, bound = make([]float64, p.M*p.N), make([]float64, p.M*p.N)
	for i := range c {
		r, column, sizes := i/p.N, i%p.N, 0.0
		if p.Accumulate {
			c[i] = float64(p.C[i])
			sizes = math.Abs(c[i])
		}
		for k := range p.K {
			term := float64(p.A[r*p.K+k]) * float64(p.B[column*p.K+k])
			c[i] += term
			sizes += math.Abs(term)
		}
		bound[i] = n*epsilon/(1-n*epsilon)*sizes + 1e-12*sizes // of the float64 sum
	}
	return c, bound
}

// within says where C is farther from what it is to be than it may be.
func (p Product) within(t *testing.T, name simd.Level, want, bound []float64) {
	t.Helper()
	for i, v := range p.C {
		if !(math.Abs(float64(v)-want[i]) <= bound[i]) {
			t.Fatalf("%s, %d×%d×%d, accumulated %t: C[%d] = %v, want %v ± %v", name, p.M, p.N, p.K, p.Accumulate, i, v, want[i], bound[i])
		}
	}
}

// differs returns the first element whose bits differ, or -1.
func differs(a, b []float32) int {
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			return i
		}
	}
	return -1
}

// mustRun runs a product that is binary.
func mustRun(t *testing.T, run func() bool) {
	t.Helper()
	if !run() {
		t.Fatal("not computed, although A is binary")
	}
}

// frame moves C between margins of NaN. The function that it returns says whether
// anything was written there.
func (p *Product) frame(margin int) (written func() bool) {
	whole := slices.Repeat([]float32{float32(math.NaN())}, 2*margin+len(p.C))
	copy(whole[margin:], p.C)
	p.C = whole[margin:][:len(p.C)]
	number := func(x float32) bool { return !math.IsNaN(float64(x)) }
	return func() bool {
		return slices.ContainsFunc(whole[:margin], number) || slices.ContainsFunc(whole[margin+len(p.C):], number)
	}
}
