package philox

import (
	"math"
	"testing"
)

// Numbers are those of Normal, wherever they begin and however many they are, for counters
// of every size.
func TestNormalPairs(t *testing.T) {
	s := New(3, "pairs")
	for _, pair := range []uint64{0, 1, 5, 1<<32 - 70, 1<<32 - 3, 1 << 40} {
		for _, n := range []int{0, 1, 2, 3, 7, 15, 16, 17, 32, 127, 128, 129, 500, 1001} {
			x := make([]float64, n+1)
			x[n] = -77
			s.NormalPairs(pair+2, pair, x[:n])
			for i := range n {
				if want := s.Normal(pair+2, 2*pair+uint64(i)); math.Float64bits(x[i]) != math.Float64bits(want) {
					t.Fatalf("%d numbers from pair %d: number %d is %v, want %v", n, pair, i, x[i], want)
				}
			}
			if x[n] != -77 {
				t.Fatalf("%d numbers from pair %d: one more is written", n, pair)
			}
		}
	}
}

func BenchmarkNormalPairs(b *testing.B) {
	s, x := New(0, "bench"), make([]float64, 4096)
	for i := range b.N {
		s.NormalPairs(uint64(i), 0, x)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/number")
}
