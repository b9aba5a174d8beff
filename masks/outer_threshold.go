package masks

import "math"

// How many entries of an outer product reach a threshold, and which threshold k reach.

// entries returns how many entries of the product may be other than zero.
func (o *outer) entries() int { return len(o.rows) * len(o.columns) }

// atLeast returns how many entries are at least threshold.
func (o *outer) atLeast(threshold float32) (n int) {
	c := len(o.columns)
	for _, r := range o.rows {
		x := r.size()
		for c > 0 && x*o.columns[c-1].size() < threshold {
			c--
		}
		if c == 0 {
			break
		}
		n += c
	}
	return n
}

// kthLargestOf returns thresholds that exactly the k ≥ 1 largest entries of the
// products of some layers reach. Where others equal the k-th, these reach the first
// as well, and none of them the second. Both are 0 where there are no more than k that
// are not zero. It searches between a threshold that k entries reach and one that
// fewer do, alternating a guess, for which the logarithm of the count is taken as
// linear in that of the threshold, with halving, which bounds the number of turns.
func kthLargestOf(products []*outer, layers []int, k int) (least, above float32) {
	low, high, entries := uint32(0), uint32(0), 0
	for _, l := range layers {
		if o := products[l]; o.entries() > 0 {
			entries += o.entries()
			high = max(high, key(o.rows[0].size()*o.columns[0].size())+1)
		}
	}
	if entries <= k {
		return 0, 0
	}
	atLow, atHigh := float64(entries), 0.5
	target := math.Log(float64(k) + 0.5)
	for turn := 0; high-low > 1; turn++ {
		middle := low + (high-low)/2
		switch {
		case low == 0:
			middle = high - min(high-1, octave<<min(turn, 7))
		case turn%3 != 2:
			share := (target - math.Log(atLow)) / (math.Log(atHigh) - math.Log(atLow))
			middle = min(max(low+uint32(share*float64(high-low)), low+1), high-1)
		}
		n := 0
		for _, l := range layers {
			n += products[l].atLeast(math.Float32frombits(middle))
		}
		switch {
		case n == k:
			return math.Float32frombits(middle), math.Float32frombits(middle)
		case n > k:
			low, atLow = middle, float64(n)
		default:
			high, atHigh = middle, max(float64(n), 0.5)
		}
	}
	return math.Float32frombits(low), math.Float32frombits(high)
}

// octave is the distance of the keys of x and 2x.
const octave = uint32(1) << 23
