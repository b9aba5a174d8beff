package simd

import (
	"math"
	"testing"
)

// belowByDefinition is Below, one value after the other.
func belowByDefinition(values []float32, threshold float32) int {
	for i, x := range values {
		if !(math.Abs(float64(x)) < float64(threshold)) {
			return i / BelowBlock * BelowBlock
		}
	}
	return len(values)
}

func checkBelow(t *testing.T, values []float32, threshold float32) {
	t.Helper()
	want := belowByDefinition(values, threshold)
	for _, l := range append(levels(), Portable) {
		at(l, func() {
			if got := Below(values, threshold); got != want {
				t.Fatalf("%s: of %d values %d are below %v, want %d", l, len(values), got, threshold, want)
			}
		})
	}
}

// Below is its definition for every length, wherever the first large value stands, whatever its sign.
func TestBelow(t *testing.T) {
	const threshold = 0.02
	for n := range 150 {
		values := numbers(1, n, false)
		for i := range values {
			values[i] *= threshold / 100
		}
		checkBelow(t, values, threshold)
		for i := range values {
			for _, x := range []float32{threshold, -threshold, float32(math.NaN()), float32(math.Inf(-1)), 0.03} {
				before := values[i]
				values[i] = x
				checkBelow(t, values, threshold)
				values[i] = before
			}
		}
	}
}

func FuzzBelow(f *testing.F) {
	f.Add(uint64(1), 100, float32(0.3))
	f.Add(uint64(2), 65, float32(1e-40))
	f.Fuzz(func(t *testing.T, seed uint64, n int, threshold float32) {
		if n < 0 || n > 1000 || !(threshold > 0) || math.IsInf(float64(threshold), 1) {
			t.Skip()
		}
		checkBelow(t, numbers(seed, n, true), threshold)
	})
}

func BenchmarkBelow(b *testing.B) {
	values := make([]float32, 4096)
	b.SetBytes(4 * 4096)
	for b.Loop() {
		Below(values, 0.02)
	}
}
