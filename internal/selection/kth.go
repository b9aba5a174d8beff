// Package selection finds order statistics of the magnitudes of float32 numbers: by
// radix select, by a sample, or column by column. Magnitudes are compared as integer
// keys.
package selection

import (
	"math"
	"math/bits"
	"slices"
)

// Key returns the bits of x without its sign. Keys ascend with |x|; NaN is above all.
func Key(x float32) uint32 { return math.Float32bits(x) & MagnitudeBits }

// MagnitudeBits are the bits of a key. A key XORed with them descends with |x|.
const MagnitudeBits = math.MaxInt32

// AtLeast returns 1 if key ≥ threshold, else 0, without a branch.
func AtLeast(key, threshold uint32) int { return 1 - int((uint64(key)-uint64(threshold))>>63) }

// Threshold returns the k-th largest of keys, but no less than least; least if there are
// no more than k keys. It overwrites keys.
func Threshold(keys []uint32, k int, least uint32) uint32 {
	if k >= len(keys) {
		return least
	}
	return max(KthLargest(keys, k), least)
}

// KthLargest returns the k-th largest of keys, 1 ≤ k ≤ len(keys); k = 1 is the largest.
// It overwrites keys. The algorithm is radix select: each pass counts the keys in bins of
// equal width between the least and the largest, and goes on with the bin that holds the
// k-th.
func KthLargest(keys []uint32, k int) uint32 {
	for len(keys) > few {
		least, most := extremes(keys)
		if least == most {
			return least
		}
		shift := max(bits.Len32(most-least)-binBits(len(keys)), 0)
		var bins [1 << 11]int32
		for _, v := range keys {
			bins[(v-least)>>shift]++
		}
		bin := (most - least) >> shift
		for k > int(bins[bin]) {
			k -= int(bins[bin])
			bin--
		}
		keys = inBin(keys, least+bin<<shift, 1<<shift)
	}
	slices.Sort(keys)
	return keys[len(keys)-k]
}

// few is the number of keys up to which sorting is faster than binning.
const few = 48

// binBits returns the logarithm of the number of bins for n keys: no more bins than
// keys, and at most 2048, which fit in the first-level cache.
func binBits(n int) int { return min(bits.Len(uint(n))-1, 11) }

// extremes returns the least and the largest of keys.
func extremes(keys []uint32) (least, most uint32) {
	least, most = keys[0], keys[0]
	for _, v := range keys {
		least, most = min(least, v), max(most, v)
	}
	return least, most
}

// inBin returns the keys in [least,least+width), in place. It has no data-dependent
// branch.
func inBin(keys []uint32, least, width uint32) []uint32 {
	n := 0
	for _, v := range keys {
		keys[n] = v
		n += AtLeast(width-1, v-least)
	}
	return keys[:n]
}
