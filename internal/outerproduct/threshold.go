package outerproduct

import (
	"math"

	"ergon/internal/selection"
)

// How many entries of outer products reach a threshold, and which threshold k reach.

// nonZero returns how many entries of the product may be other than zero.
func (o *Product) nonZero() int { return len(o.rows) * len(o.columns) }

// countAtLeast returns how many entries are at least threshold.
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

// appendBetween appends the keys of the entries that are at least low and below high.
func (o *Product) appendBetween(keys []uint32, low, high float32) []uint32 {
	first, end := len(o.columns), len(o.columns) // of the columns between, in a row
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

// countReaching returns how many entries of some products have a key of at least threshold.
func countReaching(products []*Product, threshold uint32) (n int) {
	for _, o := range products {
		n += o.countAtLeast(math.Float32frombits(threshold))
	}
	return n
}

// KthLargest returns thresholds that exactly the k ≥ 1 largest entries of some
// products reach. Where others equal the k-th, these reach the first as well, and none
// of them the second. Both are 0 where there are no more than k that are not zero.
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
