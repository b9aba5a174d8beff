package simd

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Counts are those of a loop over numbers, at all levels and for every length, and nothing
// beyond is touched.
func TestCountsOfWrites(t *testing.T) {
	for _, l := range levels() {
		at(l, func() {
			for n := range 100 {
				checkCounts(t, l, n, 0.01)
				checkCounts(t, l, n, 1e-30) // small numbers become 0
				checkCounts(t, l, n, 0)
			}
		})
	}
}

// Bits in common are counted as one by one, at all levels and for every length.
func TestCountCommon(t *testing.T) {
	s := rand.New(rand.NewPCG(1, 2))
	for _, l := range levels() {
		at(l, func() {
			for n := range 40 {
				counts, columns, row := make([]uint32, n+1), make([]uint64, n), s.Uint64()
				want := make([]uint32, n+1)
				for j := range columns {
					columns[j], counts[j] = s.Uint64(), s.Uint32()
					want[j] = counts[j]
					for b := range 64 {
						want[j] += uint32((columns[j] & row) >> b & 1)
					}
				}
				if CountCommon(counts, columns, row); !slices.Equal(counts, want) {
					t.Fatalf("%s: %d columns: %v, want %v", l, n, counts, want)
				}
			}
		})
	}
}

// Bits are set where numbers are not zero, and no others, at all levels and for every length.
func TestMarkNonzero(t *testing.T) {
	const bit = 1 << 63
	for _, l := range levels() {
		at(l, func() {
			for n := range 40 {
				x, words, want, marked := numbers(uint64(n), n, true), make([]uint64, n+1), make([]uint64, n+1), 0
				for i := range words {
					words[i], want[i] = uint64(i), uint64(i)
					if i < n && x[i] != 0 {
						want[i] |= bit
						marked++
					}
				}
				if got := MarkNonzero(words, x, bit); got != marked || !slices.Equal(words, want) {
					t.Fatalf("%s: of %v %d are marked: %x", l, x, got, words)
				}
			}
		})
	}
}

func checkCounts(t *testing.T, l Level, n int, factor float32) {
	t.Helper()
	const guard = 7
	g := numbers(uint64(n), n+1, true)
	bytes, want := make([]uint8, n+1), make([]uint8, n+1)
	for i := range bytes {
		bytes[i], want[i] = uint8(i), uint8(i)
		if i < n && factor*g[i] != 0 {
			want[i]++
		}
	}
	CountProducts(bytes, g[:n], factor)
	if !slices.Equal(bytes, want) {
		t.Fatalf("%s: products of %v by %v: counted %v, want %v", l, g, factor, bytes, want)
	}
	AddBytes(bytes[:n], want[:n])
	totals := make([]uint32, n+1)
	totals[n] = guard
	for i := range n {
		totals[i] = uint32(1000 * i)
		if bytes[i] != 2*want[i] {
			t.Fatalf("%s: %d and as many again are %d", l, want[i], bytes[i])
		}
	}
	Drain(totals, bytes[:n])
	for i := range n {
		if totals[i] != uint32(1000*i)+uint32(2*want[i]) || bytes[i] != 0 {
			t.Fatalf("%s: place %d of %d has %d, and %d are left", l, i, n, totals[i], bytes[i])
		}
	}
	if bytes[n] != uint8(n) || totals[n] != guard {
		t.Fatalf("%s: beyond %d bytes are %d and %d", l, n, bytes[n], totals[n])
	}
}
