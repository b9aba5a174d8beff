package selection

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/philox"
)

func TestKthLargestIsThatOfASort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		spread := rapid.SampledFrom([]uint32{1, 3, 1 << 12, 1 << 22, math.MaxInt32}).Draw(t, "spread") // few or many ties
		least := rapid.Uint32Range(0, math.MaxInt32-spread).Draw(t, "least")
		s := philox.New(rapid.Uint64().Draw(t, "seed"), "keys")
		keys := make([]uint32, n)
		for i := range keys {
			keys[i] = least + s.Uint32(0, uint64(i))%spread
		}
		k := rapid.IntRange(1, n).Draw(t, "k")
		if got, want := KthLargest(slices.Clone(keys), k), sortedKth(keys, k); got != want {
			t.Fatalf("number %d of %d is %d, want %d", k, n, got, want)
		}
	})
}

// sortedKth is the k-th largest key by its definition.
func sortedKth(keys []uint32, k int) uint32 {
	return slices.Sorted(slices.Values(keys))[len(keys)-k]
}

// keysOf returns the keys of values, XORed with flip.
func keysOf(values []float32, flip uint32) (keys []uint32) {
	for _, v := range values {
		keys = append(keys, Key(v)^flip)
	}
	return keys
}

// normals returns n normal numbers.
func normals(n int) []float32 {
	values := make([]float32, n)
	philox.New(5, "test/values").Normals(0, 0, values)
	return values
}

// The threshold of no more than k keys is the least one allowed.
func TestThresholdOfFewKeys(t *testing.T) {
	for _, c := range []struct {
		k           int
		least, want uint32
	}{{1, 0, 7}, {2, 0, 5}, {2, 6, 6}, {3, 0, 0}, {9, 1, 1}} {
		if got := Threshold([]uint32{5, 3, 7}, c.k, c.least); got != c.want {
			t.Errorf("the %d largest of 3, 5, 7 reach %d, want %d", c.k, got, c.want)
		}
	}
}

func BenchmarkKthLargestWritten(b *testing.B) {
	values := normals(785 * 200) // of the network of van Rossum & Pache 2024, p = 0.01
	keys := make([]uint32, len(values))
	for b.Loop() {
		for i, v := range values {
			keys[i] = Key(v)
		}
		KthLargest(keys, 1571)
	}
}
