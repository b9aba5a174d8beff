package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// wordsOf returns n words, many of them next to a power of two, where u and v are about to
// be 0 or 1, rounding changes an exponent, or an angle is on the border between octants.
func wordsOf(seed uint64, n int) []uint32 {
	s, words := rand.New(rand.NewPCG(seed, 2)), make([]uint32, n)
	for i := range words {
		switch s.IntN(4) {
		case 0:
			words[i] = 1<<s.IntN(32) + uint32(s.IntN(5)) - 2
		case 1:
			words[i] = uint32(s.IntN(8)<<29 + s.IntN(3) - 1)
		case 2:
			words[i] = uint32(s.IntN(2)) - 1
		default:
			words[i] = s.Uint32()
		}
	}
	return words
}

// All levels compute the pairs of NormalPair, for every length, and nothing beyond is
// touched.
func checkBoxMuller(t *testing.T, words []uint32, n int) {
	t.Helper()
	const guard = -77
	for _, l := range levels() {
		at(l, func() {
			dst := append(make([]float64, n), guard, guard)
			BoxMuller(dst[:n], words)
			for i, x := range dst[:n] {
				w := [4]uint32(words[4*(i/2):])
				even, odd := NormalPair(w)
				if want := []float64{even, odd}[i%2]; math.Float64bits(x) != math.Float64bits(want) {
					t.Fatalf("%s: number %d of %d, of the words %x, is %v, want %v", l, i, n, w, x, want)
				}
			}
			if dst[n] != guard || dst[n+1] != guard {
				t.Fatalf("%s: %d numbers wrote beyond", l, n)
			}
		})
	}
}

func TestBoxMuller(t *testing.T) {
	for n := range 71 {
		checkBoxMuller(t, wordsOf(uint64(n), 2*n+2), n)
	}
	for seed := range uint64(20) {
		checkBoxMuller(t, wordsOf(seed, 100_000), 50_000)
	}
}

// The largest, the smallest and the most regular numbers there are.
func TestNormalPairExtremes(t *testing.T) {
	const all = math.MaxUint32
	largest := math.Sqrt(130 * math.Ln2) // of u = 2⁻⁶⁵
	for _, c := range []struct {
		words     [4]uint32
		even, odd float64
	}{
		{[4]uint32{}, largest, 0},
		{[4]uint32{0, 0, 0, 1 << 30}, 0, largest},
		{[4]uint32{0, 0, 0, 1 << 31}, -largest, 0},
		{[4]uint32{0, 0, 0, 3 << 30}, 0, -largest},
		{[4]uint32{0, 0, all, all}, largest, 0},
		{[4]uint32{all, all, 0, 0}, 0, 0},
		{[4]uint32{all, all, all, all}, 0, 0},
	} {
		even, odd := NormalPair(c.words)
		if math.Abs(even-c.even) > 1e-14 || math.Abs(odd-c.odd) > 1e-14 {
			t.Errorf("words %x: %v and %v, want %v and %v", c.words, even, odd, c.even, c.odd)
		}
		words := slices.Repeat(c.words[:], 20)
		checkBoxMuller(t, words, 40)
	}
}

func FuzzBoxMuller(f *testing.F) {
	f.Add(uint64(1), uint32(0), uint32(1<<31), uint32(math.MaxUint32), uint32(1<<29), uint8(40))
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, d uint32, n uint8) {
		words := append([]uint32{a, b, c, d}, wordsOf(seed, 2*int(n)+2)...)
		checkBoxMuller(t, words, int(n))
	})
}

func BenchmarkBoxMuller(b *testing.B) {
	words, dst := wordsOf(1, 2048), make([]float64, 1024)
	for _, l := range levels() {
		b.Run(string(l), func(b *testing.B) {
			at(l, func() {
				for b.Loop() {
					BoxMuller(dst, words)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/number")
			})
		})
	}
}
