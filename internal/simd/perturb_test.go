package simd

import (
	"math"
	"slices"
	"testing"
)

// Sums with products and with signs are the same bits at all levels, for every length, and
// nothing beyond is touched.
func checkPerturbations(t *testing.T, seed uint64, n int, wild bool, lambda float32) {
	t.Helper()
	const guard = -77
	dst, a, b := numbers(seed, n, wild), numbers(seed+1, n, wild), numbers(seed+2, n, wild)
	products, signs := make([]float32, n), make([]float32, n)
	for i := range dst {
		product := float32(a[i] * b[i])
		products[i] = dst[i] + product
		switch {
		case b[i] == 0:
			signs[i] = a[i]
		case math.Signbit(float64(b[i])):
			signs[i] = a[i] - lambda
		default:
			signs[i] = a[i] + lambda
		}
	}
	for _, l := range levels() {
		at(l, func() {
			got := append(slices.Clone(dst), guard, guard)
			AddProducts(got[:n], a, b)
			if !sameBits(got[:n], products) || got[n] != guard || got[n+1] != guard {
				t.Fatalf("%s: %v + %v·%v = %v, want %v", l, dst, a, b, got, products)
			}
			AddSigns(got[:n], a, b, lambda)
			if !sameBits(got[:n], signs) || got[n] != guard || got[n+1] != guard {
				t.Fatalf("%s: %v + %v·sign(%v) = %v, want %v", l, a, lambda, b, got, signs)
			}
			copy(got, a)
			AddSigns(got[:n], got, b, lambda)
			if !sameBits(got[:n], signs) {
				t.Fatalf("%s: in place %v, want %v", l, got, signs)
			}
		})
	}
}

func TestPerturbations(t *testing.T) {
	for n := range 70 {
		checkPerturbations(t, uint64(n), n, false, 1e-3)
		checkPerturbations(t, uint64(n), n, true, 0)
		checkPerturbations(t, uint64(n), n, true, 1.7e-7)
	}
}

func FuzzPerturbations(f *testing.F) {
	f.Add(uint64(1), uint8(40), true, float32(0.5))
	f.Fuzz(func(t *testing.T, seed uint64, n uint8, wild bool, lambda float32) {
		if lambda >= 0 {
			checkPerturbations(t, seed, int(n), wild, lambda)
		}
	})
}
