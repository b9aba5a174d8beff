package simd

import (
	"math"
	"testing"
)

// Squared distances are those of the plain loop, to the last bit, at all levels, and what
// was in the sums before stays in them.
func TestSquaredDistances(t *testing.T) {
	for n := range 40 {
		wide := func(seed uint64, wild bool) []float64 {
			x := make([]float64, 8*n)
			for i, v := range numbers(seed, len(x), wild) {
				x[i] = float64(v)
			}
			return x
		}
		a, b := wide(uint64(n), n%3 == 0), wide(uint64(n)+100, n%3 == 0)
		var want [64]float64
		for i := range want {
			want[i] = float64(i) - 5
			for c := range n {
				d := a[8*c+i/8] - b[8*c+i%8]
				want[i] = math.FMA(d, d, want[i])
			}
		}
		for _, l := range levels() {
			at(l, func() {
				var sums [64]float64
				for i := range sums {
					sums[i] = float64(i) - 5
				}
				if SquaredDistances(&sums, a, b); !same64(sums[:], want[:]) {
					t.Fatalf("%s, %d components: %v, want %v", l, n, sums, want)
				}
			})
		}
	}
}

func BenchmarkSquaredDistances(b *testing.B) {
	x, y := make([]float64, 8*128), make([]float64, 8*128)
	var sums [64]float64
	for b.Loop() {
		SquaredDistances(&sums, x, y)
	}
	b.ReportMetric(float64(b.N)*64*128/b.Elapsed().Seconds()/1e9, "Gpair-components/s")
}
