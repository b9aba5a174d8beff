package gputest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/internal/gpu"
)

// products of every transposition, shapes that are no multiples of anything.
func products(t *testing.T, d gpu.Device) {
	for _, shape := range [][3]int{{1, 1, 1}, {1, 7, 3}, {5, 1, 17}, {3, 4, 1}, {33, 65, 129}, {32, 10, 100}, {10, 100, 32}, {1, 100, 785}} {
		multiply(t, d, shape, 1)
	}
}

func batchedProducts(t *testing.T, d gpu.Device) {
	for _, shape := range [][3]int{{1, 1, 1}, {5, 3, 7}, {33, 10, 65}} {
		multiply(t, d, shape, 4)
	}
}

// multiply tests products of a shape {M, N, K}, however the operands are stored.
func multiply(t *testing.T, d gpu.Device, shape [3]int, networks int) {
	t.Helper()
	for _, trans := range [][2]bool{{}, {false, true}, {true, false}, {true, true}} {
		p := gpu.Product{TransA: trans[0], TransB: trans[1], M: shape[0], N: shape[1], K: shape[2], Networks: networks}
		// Matrices are not packed from network to network, and A is everyone's.
		p.StrideB, p.StrideC = p.K*p.N+3, p.M*p.N+5
		multiplyOne(t, d, p)
		p.StrideA = p.M*p.K + 2
		multiplyOne(t, d, p)
	}
}

// multiplyOne compares a product with sums in float64. What stood in C must not
// matter, and what lies between the networks' matrices must stay.
func multiplyOne(t *testing.T, d gpu.Device, p gpu.Product) {
	t.Helper()
	a := drawFloats((p.Networks-1)*p.StrideA+p.M*p.K, "a")
	b := drawFloats((p.Networks-1)*p.StrideB+p.K*p.N, "b")
	before := slices.Repeat([]float32{float32(math.NaN())}, (p.Networks-1)*p.StrideC+p.M*p.N)
	for i := range before {
		if i%p.StrideC >= p.M*p.N {
			before[i] = 42
		}
	}
	onA, onB, onC := upload(t, d, a), upload(t, d, b), upload(t, d, before)
	p.A, p.B, p.C = onA.Pointer, onB.Pointer, onC.Pointer
	check(t, d.Multiply(p))
	got := download(t, onC)
	for i := range got {
		s, at := i/p.StrideC, i%p.StrideC
		want, slack := 42.0, 0.0
		if at < p.M*p.N {
			want, slack = dot(p, a[s*p.StrideA:], b[s*p.StrideB:], at/p.N, at%p.N)
		}
		if !(math.Abs(float64(got[i])-want) <= slack) {
			t.Fatalf("%s: network %d: C[%d,%d] = %v, want %v within %.2g", describe(p), s, at/p.N, at%p.N, got[i], want, slack)
		}
	}
}

// dot returns C[i,j], and how far float32 sums in any order may be from it:
// K roundings of 2⁻²⁴ of the sum of the terms' sizes, and of the terms (Higham,
// Accuracy and Stability of Numerical Algorithms, eq. 3.5). With TF32's 2⁻¹¹
// small products would fail.
func dot(p gpu.Product, a, b []float32, i, j int) (sum, slack float64) {
	for l := range p.K {
		x, y := i*p.K+l, l*p.N+j
		if p.TransA {
			x = l*p.M + i
		}
		if p.TransB {
			y = j*p.K + l
		}
		term := float64(a[x]) * float64(b[y])
		sum += term
		slack += math.Abs(term)
	}
	return sum, slack * float64(p.K+1) * 0x1p-24
}

func describe(p gpu.Product) string {
	return fmt.Sprintf("[%d,%d]·[%d,%d], transposed %t %t, strides %d %d %d", p.M, p.K, p.K, p.N, p.TransA, p.TransB, p.StrideA, p.StrideB, p.StrideC)
}

func wrongProducts(t *testing.T, d gpu.Device) {
	a := array[float32](t, d, 4)
	right := gpu.Product{M: 2, N: 2, K: 2, A: a.Pointer, B: a.Pointer, C: a.Pointer, Networks: 1}
	for what, change := range map[string]func(*gpu.Product){
		"no rows":          func(p *gpu.Product) { p.M = 0 },
		"a negative sum":   func(p *gpu.Product) { p.K = -1 },
		"no networks":      func(p *gpu.Product) { p.Networks = 0 },
		"A is too small":   func(p *gpu.Product) { p.M = 3 },
		"C is too small":   func(p *gpu.Product) { p.C = p.C.Plus(1) },
		"B of network two": func(p *gpu.Product) { p.Networks, p.StrideB = 2, 1 },
	} {
		p := right
		change(&p)
		fails(t, what, d.Multiply(p))
	}
}
