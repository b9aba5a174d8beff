// Package selection finds order statistics of the magnitudes of float32 numbers: by
// radix bins, by a sample of them, or column by column. Magnitudes are compared as
// integer keys.
package selection

import (
	"math"
	"math/bits"
	"slices"
)

// Key orders magnitudes: the bits of a float32 without its sign ascend with
// |x|, NaN above all.
func Key(x float32) uint32 { return math.Float32bits(x) & MagnitudeBits }

// MagnitudeBits are the bits of a key: turned, keys descend with |x|.
const MagnitudeBits = math.MaxInt32

// AtLeast is 1 where a key reaches a threshold, and 0 where it does not.
func AtLeast(key, threshold uint32) int { return 1 - int((uint64(key)-uint64(threshold))>>63) }

// Threshold returns the key that the k largest of keys reach, but no less than least,
// which is what all reach where there are no more than k. It overwrites keys.
func Threshold(keys []uint32, k int, least uint32) uint32 {
	if k >= len(keys) {
		return least
	}
	return max(KthLargest(keys, k), least)
}

// KthLargest returns the k-th largest of keys, 1 ≤ k ≤ len(keys), the largest
// being the first. It overwrites keys. One pass sorts them by how far they are above
// the least into bins; only the bin that holds the k-th is looked at more closely.
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

// few keys are sorted rather than binned.
const few = 48

// binBits is how many bits of n keys a pass looks at: no more bins than keys, and
// 2048 stay in the first-level cache.
func binBits(n int) int { return min(bits.Len(uint(n))-1, 11) }

// extremes returns the least and the largest of keys.
func extremes(keys []uint32) (least, most uint32) {
	least, most = keys[0], keys[0]
	for _, v := range keys {
		least, most = min(least, v), max(most, v)
	}
	return least, most
}

// inBin returns, in place, those of the keys that are least … least+width-1. It has no
// branch that data decide.
func inBin(keys []uint32, least, width uint32) []uint32 {
	n := 0
	for _, v := range keys {
		keys[n] = v
		n += AtLeast(width-1, v-least)
	}
	return keys[:n]
}
