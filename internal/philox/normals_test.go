package philox

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/internal/simd"
)

// The quantile is that of the inverse error function to 2·10^-7, for words of all
// sizes and both ends.
func TestQuantile(t *testing.T) {
	words := []uint32{0, 1, 2, 1<<31 - 1, 1 << 31, math.MaxUint32 - 1, math.MaxUint32}
	for i := range uint32(100_000) {
		words = append(words, i*42_949, i, math.MaxUint32-i)
	}
	for _, w := range words {
		// Of the nearer tail: 2p-1 would lose its digits.
		tail := (float64(min(w, ^w)) + 0.5) * 0x1p-32
		want := -math.Sqrt2 * math.Erfcinv(2*tail)
		if got := float64(simd.Quantile(min(w, ^w))); math.Abs(got-want) > 2e-7*max(1, math.Abs(want)) {
			t.Fatalf("quantile of word %d = %v, want %v", min(w, ^w), got, want)
		}
		if a, b := simd.Quantile(w), simd.Quantile(^w); a != -b {
			t.Fatalf("words %d and %d: %v and %v, want opposite numbers", w, ^w, a, b)
		}
	}
}

// A number depends on step and index only, not on how many are asked for, nor
// from where.
func TestNormalsDependOnTheIndexOnly(t *testing.T) {
	s := New(5, "normals")
	whole := make([]float32, 1000)
	s.Normals(3, 0, whole)
	for lo := range 9 {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 64, 500} {
			part := make([]float32, n)
			s.Normals(3, uint64(lo), part)
			if !slices.Equal(part, whole[lo:lo+n]) {
				t.Fatalf("%d numbers from %d on differ from those of the whole", n, lo)
			}
		}
	}
	for i, x := range whole {
		if want := simd.Quantile(s.Uint32(3, uint64(i))); x != want {
			t.Fatalf("number %d = %v, want the quantile of its word, %v", i, x, want)
		}
	}
}

// Numbers at places are those of Normals, for places of every density, in any order.
func TestNormalsAt(t *testing.T) {
	s := New(5, "places")
	whole := make([]float32, 20_000)
	s.Normals(3, 0, whole)
	for _, most := range []int{1, 2, 5, 30, 300, 3000} {
		var places []int32
		for i := 0; i < len(whole); i += 1 + s.Intn(uint64(most), uint64(i), most) {
			places = append(places, int32(i))
		}
		for range 2 {
			x := make([]float32, len(places)+1)
			x[len(places)] = -77
			s.NormalsAt(3, places, x[:len(places)])
			for n, i := range places {
				if x[n] != whole[i] {
					t.Fatalf("number %d is %v, want %v", i, x[n], whole[i])
				}
			}
			if x[len(places)] != -77 {
				t.Fatal("one more is written")
			}
			order := make([]int32, len(places))
			s.Shuffle(uint64(most), order)
			for n, at := range order {
				order[n] = places[at]
			}
			places = order
		}
	}
}

// Moments and the Kolmogorov-Smirnov distance of 10^6 numbers. The stream is
// fixed; bounds are 5 standard deviations, and for the distance the 10^-5
// point of its distribution, 2.47/√n.
func TestNormalsAreNormal(t *testing.T) {
	const n = 1_000_000
	x := make([]float32, n)
	New(1, "normals").Normals(9, 0, x)
	var moments [5]float64
	for _, v := range x {
		power := 1.0
		for k := range moments {
			moments[k] += power / n
			power *= float64(v)
		}
	}
	for k, want := range []float64{1, 0, 1, 0, 3} {
		deviation := math.Sqrt([]float64{0, 1, 2, 15, 96}[k] / n)
		if math.Abs(moments[k]-want) > 5*deviation+1e-9 {
			t.Errorf("moment %d = %v, want %v ± %v", k, moments[k], want, deviation)
		}
	}
	slices.Sort(x)
	distance := 0.0
	for i, v := range x {
		below := math.Erfc(-float64(v)/math.Sqrt2) / 2
		distance = max(distance, below-float64(i)/n, float64(i+1)/n-below)
	}
	if bound := 2.47 / math.Sqrt(n); distance > bound {
		t.Errorf("Kolmogorov-Smirnov distance %v, want at most %v", distance, bound)
	}
}

func BenchmarkNormals(b *testing.B) {
	s, x := New(0, "bench"), make([]float32, 4096)
	b.SetBytes(4096)
	for i := range b.N {
		s.Normals(uint64(i), 0, x)
	}
}

func BenchmarkNormalsAt(b *testing.B) {
	for _, every := range []int32{1, 2, 10, 20, 50} {
		b.Run(fmt.Sprint("every ", every), func(b *testing.B) {
			s, x, places := New(0, "bench"), make([]float32, 4096/every), make([]int32, 4096/every)
			for n := range places {
				places[n] = int32(n) * every
			}
			for i := range b.N {
				s.NormalsAt(uint64(i), places, x)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(places)), "ns/number")
		})
	}
}

func BenchmarkNormalPair(b *testing.B) {
	s, sum := New(0, "bench"), 0.0
	for i := range b.N {
		x, y := s.NormalPair(0, uint64(i))
		sum += x + y
	}
	_ = sum
}
