package simd

import (
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
