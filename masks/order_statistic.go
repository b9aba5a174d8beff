package masks

import (
	"math"
	"slices"
)

// winners returns how many of n distinct magnitudes the competitive rules keep
// at share p: those not below element number round((1-p)(n-1)) of their
// ascending order, the first being number 0 (van Rossum & Pache 2024, code).
func winners(p float64, n int) int {
	return n - int(math.RoundToEven((1-p)*float64(n-1)))
}

// key orders magnitudes: the bits of a float32 without its sign ascend with
// |x|, NaN above all.
func key(x float32) uint32 { return math.Float32bits(x) & magnitudeBits }

const magnitudeBits = math.MaxInt32

// kthLargest returns the k-th largest of keys, 1 ≤ k ≤ len(keys), the largest
// being the first. It overwrites keys. One pass sorts them by their leading
// bits into bins; only the bin that holds the k-th is looked at more closely.
func kthLargest(keys []uint32, k int) uint32 {
	for shift := 31 - binBits; len(keys) > 64; shift -= binBits {
		shift = max(shift, 0)
		var bins [1 << binBits]int32
		for _, v := range keys {
			bins[v>>shift&(1<<binBits-1)]++
		}
		bin := len(bins) - 1
		for k > int(bins[bin]) {
			k -= int(bins[bin])
			bin--
		}
		same := keys[:0]
		for _, v := range keys {
			if int(v>>shift&(1<<binBits-1)) == bin {
				same = append(same, v)
			}
		}
		keys = same
		if shift == 0 {
			return keys[0] // all equal
		}
	}
	slices.Sort(keys)
	return keys[len(keys)-k]
}

// binBits is how many bits of the keys a pass looks at: 2048 bins stay in the
// first-level cache.
const binBits = 11
