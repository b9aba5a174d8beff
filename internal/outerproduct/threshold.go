package outerproduct

import (
	"math"

	"ergon/internal/selection"
)

// nonZero returns the number of entries whose factors are both non-zero.
func (o *Product) nonZero() int { return len(o.rows) * len(o.columns) }

// countAtLeast returns how many entries are at least threshold, by one staircase walk.
func (o *Product) countAtLeast(threshold float32) (n int) {
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

// appendBetween appends the keys of the entries in [low,high).
func (o *Product) appendBetween(keys []uint32, low, high float32) []uint32 {
	first, end := len(o.columns), len(o.columns) // the columns in [low,high), in the current row
	for _, r := range o.rows {
		x := r.size()
		for end > 0 && x*o.columns[end-1].size() < low {
			end--
		}
		for first > 0 && !(x*o.columns[first-1].size() >= high) { // NaN is above all
			first--
		}
		for _, c := range o.columns[first:max(first, end)] {
			keys = append(keys, selection.Key(x*c.size()))
		}
	}
	return keys
}

// countReaching returns how many entries of all products have a key of at least threshold.
func countReaching(products []*Product, threshold uint32) (n int) {
	for _, o := range products {
		n += o.countAtLeast(math.Float32frombits(threshold))
	}
	return n
}

// KthLargest returns two thresholds for the k ≥ 1 largest entries of several products.
// Exactly k entries reach both, unless more than k tie with the k-th or exceed it: then
// all of these reach least, and none that equals the k-th reaches above. Both are 0 if no
// more than k entries are non-zero.
func KthLargest(products []*Product, k int) (least, above float32) {
	s := search{products: products}
	for _, o := range products {
		if o.nonZero() > 0 {
			s.atLow += o.nonZero()
			s.high = max(s.high, selection.Key(o.rows[0].size()*o.columns[0].size())+1)
		}
	}
	if s.atLow <= k {
		return 0, 0
	}
	s.bracket(k)
	if s.high-s.low > 1 {
		s.finish(k)
	}
	return math.Float32frombits(s.low), math.Float32frombits(s.high)
}
