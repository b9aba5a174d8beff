package simd

import (
	"math"
	"testing"
)

// All levels compute the numbers of Quantile, for every length, and nothing beyond is
// touched.
func checkQuantiles(t *testing.T, words []uint32) {
	t.Helper()
	const guard = -77
	n := len(words)
	for _, l := range levels() {
		at(l, func() {
			dst := append(make([]float32, n), guard, guard)
			Quantiles(dst[:n], words)
			for i, w := range words {
				if want := Quantile(w); math.Float32bits(dst[i]) != math.Float32bits(want) {
					t.Fatalf("%s: number %d of %d, of the word %x, is %v, want %v", l, i, n, w, dst[i], want)
				}
			}
			if dst[n] != guard || dst[n+1] != guard {
				t.Fatalf("%s: %d numbers wrote beyond", l, n)
			}
		})
	}
}

func TestQuantiles(t *testing.T) {
	for n := range 71 {
		checkQuantiles(t, wordsOf(uint64(n), n))
	}
	for seed := range uint64(20) {
		checkQuantiles(t, wordsOf(seed, 100_000))
	}
	// Both sides of each border between pieces.
	var borders []uint32
	for octave := range uint32(octaves) {
		for piece := range uint32(1 << pieceBits) {
			first := uint32(1<<octave + uint64(piece)<<octave>>pieceBits)
			for d := range uint32(5) {
				borders = append(borders, first+d-2, ^(first + d - 2))
			}
		}
	}
	checkQuantiles(t, borders)
}

func FuzzQuantiles(f *testing.F) {
	f.Add(uint64(1), uint32(0), uint32(math.MaxUint32), uint8(40))
	f.Fuzz(func(t *testing.T, seed uint64, a, b uint32, n uint8) {
		checkQuantiles(t, append([]uint32{a, b}, wordsOf(seed, int(n))...))
	})
}

func BenchmarkQuantiles(b *testing.B) {
	words, dst := make([]uint32, 1024), make([]float32, 1024)
	for i := range words {
		words[i] = uint32(i) * 0x9E3779B9
	}
	for _, l := range levels() {
		b.Run(string(l), func(b *testing.B) {
			at(l, func() {
				for b.Loop() {
					Quantiles(dst, words)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/number")
			})
		})
	}
}

// Kernels that look up cubics make the stack grow where it is short, and words on it move.
func TestQuantilesOnShortStacks(t *testing.T) {
	var want [8]float32
	Quantiles(want[:], wordsOf(1, 8))
	for depth := range 300 {
		got := make(chan [8]float32)
		go func() { got <- quantilesBelow(depth) }()
		if dst := <-got; dst != want {
			t.Fatalf("%d calls deep: %v, want %v", depth, dst, want)
		}
	}
}

// quantilesBelow returns quantiles of words on the stack, that many calls deep.
func quantilesBelow(depth int) (dst [8]float32) {
	if depth > 0 {
		return quantilesBelow(depth - 1)
	}
	words := [8]uint32(wordsOf(1, 8))
	Quantiles(dst[:], words[:])
	return dst
}
