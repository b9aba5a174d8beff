package outerproduct

import (
	"math"
	"slices"

	"ergon/internal/bitset"
)

// prefix is how many of an outer product's sorted rows a column reaches a threshold
// in, above the column's number: they are the first, since products descend.
type prefix uint64

func newPrefix(rows, column int) prefix { return prefix(rows)<<32 | prefix(column) }

func (r prefix) rows() int { return int(r >> 32) }

func (r prefix) column() int { return int(uint32(r)) }

// Prefix notes the entries that are at least threshold.
func (o *Product) Prefix(threshold float32) {
	o.prefixes = o.prefixes[:0]
	n := len(o.rows)
	for _, c := range o.columns { // descending, and so are reaches
		for y := c.size(); n > 0 && !(o.rows[n-1].size()*y >= threshold); {
			n--
		}
		o.prefixes = append(o.prefixes, newPrefix(n, c.number()))
	}
}

// TopOfColumns notes the k ≥ 1 largest entries of each column, those that equal the
// last of them as well, and none that is zero.
func (o *Product) TopOfColumns(k int) {
	k = min(k, len(o.rows))
	o.perColumn(func(size float32) int {
		n, threshold := k, float32(math.SmallestNonzeroFloat32)
		if n > 0 {
			threshold = max(o.rows[n-1].size()*size, threshold)
		}
		for n < len(o.rows) && o.rows[n].size()*size >= threshold {
			n++
		}
		for n > 0 && o.rows[n-1].size()*size < threshold {
			n--
		}
		return n
	})
}

// AboveColumns notes the entries of each column that are larger than its k-th smallest.
func (o *Product) AboveColumns(k int) {
	larger := max(o.competing[0]-k, 0) // than the k-th smallest, if none are equal
	o.perColumn(func(size float32) int {
		n, smallest := min(larger, len(o.rows)), float32(0)
		if larger < len(o.rows) {
			smallest = o.rows[larger].size() * size
		}
		for n > 0 && o.rows[n-1].size()*size <= smallest {
			n--
		}
		return n
	})
}

// perColumn notes in how many rows a column of each size is to reach, and has those
// that do in most come first.
func (o *Product) perColumn(rows func(size float32) int) {
	o.prefixes = o.prefixes[:0]
	for _, c := range o.columns {
		o.prefixes = append(o.prefixes, newPrefix(rows(c.size()), c.number()))
	}
	slices.SortFunc(o.prefixes, func(a, b prefix) int { return b.rows() - a.rows() })
}

// Keep has the entries kept that were noted, or all others that take part.
func (o *Product) Keep(others bool) {
	o.patterns.begin(o.height, o.width)
	first := 0
	for rank, r := range slices.Backward(o.rows) { // ascending: the set of columns grows
		end := first
		for end < len(o.prefixes) && o.prefixes[end].rows() > rank {
			end++
		}
		o.patterns.grow(o.prefixes[first:end])
		o.patterns.assign(r.number())
		first = end
	}
	if others {
		o.keepComplement()
	}
}

// keepComplement has the entries kept that take part and were not kept.
func (o *Product) keepComplement() {
	o.competingColumns = bitset.Zeroed(o.competingColumns, (o.width+63)/64)
	if o.within.Columns == nil {
		for j := range o.width {
			o.competingColumns[j/64] |= 1 << (j % 64)
		}
	}
	for _, j := range o.within.Columns {
		o.competingColumns[j/64] |= 1 << (j % 64)
	}
	o.patterns.invert(o.competingColumns, len(o.columns))
	if o.within.Rows != nil {
		o.patterns.empty(o.inputs, o.within.Rows)
	}
}

// Select appends those of entries lo … hi-1 that are kept, of the rows without the
// biases', or of the row of the biases.
func (o *Product) Select(bias bool, lo, hi int, kept []int32) []int32 {
	first := 0
	if bias {
		first = o.inputs
	}
	return o.patterns.Select(o.width, first, lo, hi, kept)
}

// Kept returns the columns kept of each row. They are the product's own, until it is loaded anew.
func (o *Product) Kept() *RowPatterns { return &o.patterns }

// Competing returns how many rows and columns take part.
func (o *Product) Competing() (rows, columns int) { return o.competing[0], o.competing[1] }
