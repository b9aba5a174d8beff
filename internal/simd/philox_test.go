package simd_test

import (
	"math"
	"slices"
	"testing"

	"ergon/internal/philox"
	"ergon/internal/simd"
)

// Words are those of the cipher, the same at all levels, for every length and counters of
// every size, and nothing beyond is touched.
func checkWords(t *testing.T, stream philox.Stream, step, block uint64, n int) {
	t.Helper()
	const guard = 77
	want := make([]uint32, 0, n+3)
	for b := block; len(want) < n; b++ {
		four := stream.Block(step, b)
		want = append(want, four[:]...)
	}
	want = append(want[:n], guard, guard)
	for _, l := range simd.Levels() {
		simd.At(l, func() {
			words := slices.Repeat([]uint32{guard}, n+2)
			fits := block <= math.MaxUint32-1000
			if done := simd.PhiloxWords(words[:n], stream.Key(), step, block); done != (fits && l != simd.Portable) {
				t.Fatalf("%s: %d words from block %d: done %t", l, n, block, done)
			} else if done && !slices.Equal(words, want) {
				t.Fatalf("%s: step %d, %d words from block %d: %x, want %x", l, step, n, block, words, want)
			}
			clear(words[:n])
			stream.Words(step, 4*block, words[:n])
			if !slices.Equal(words, want) {
				t.Fatalf("%s: step %d, %d words from word %d: %x, want %x", l, step, n, 4*block, words, want)
			}
		})
	}
}

func TestPhiloxWords(t *testing.T) {
	stream := philox.New(9, "words")
	for n := range 140 {
		for _, block := range []uint64{0, 5, 1 << 31, math.MaxUint32 - 1000, 1 << 40} {
			checkWords(t, stream, uint64(n)<<33+5, block, n)
		}
	}
	checkWords(t, stream, 1, math.MaxUint32-1000, 3900)
}

func FuzzPhiloxWords(f *testing.F) {
	f.Add(uint64(1), uint64(3), uint64(2), uint16(40))
	f.Fuzz(func(t *testing.T, seed, step, block uint64, n uint16) {
		checkWords(t, philox.New(seed, "fuzz"), step, block%(math.MaxUint32-1000), int(n%3000))
	})
}
