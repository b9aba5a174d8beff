package outerproduct

import (
	"math"
	"slices"

	"ergon/internal/bitset"
)

// prefix is the marked part of a column: its first rows in descending order of |x|. Their
// number is in the upper 32 bits, the column's number in the lower. Products descend with
// the rows, so the entries of a column that are at least a threshold are a prefix.
type prefix uint64

func newPrefix(rows, column int) prefix { return prefix(rows)<<32 | prefix(column) }

func (r prefix) rows() int { return int(r >> 32) }

func (r prefix) column() int { return int(uint32(r)) }

// Prefix marks the entries that are at least threshold.
func (o *Product) Prefix(threshold float32) {
	o.prefixes = o.prefixes[:0]
	n := len(o.rows)
	for _, c := range o.columns { // descending, and so are the lengths of the prefixes
		for y := c.size(); n > 0 && !(o.rows[n-1].size()*y >= threshold); {
			n--
		}
		o.prefixes = append(o.prefixes, newPrefix(n, c.number()))
	}
}

// TopOfColumns marks the k ≥ 1 largest entries of each column, and all that tie with the
// k-th, but no zeros.
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

// AboveColumns marks the entries of each column that are larger than its k-th smallest.
func (o *Product) AboveColumns(k int) {
	larger := max(o.competing[0]-k, 0) // number of larger entries, without ties
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

// perColumn sets the prefixes: rows returns the length for a column of a given |δ|. It
// sorts the longest first.
func (o *Product) perColumn(rows func(size float32) int) {
	o.prefixes = o.prefixes[:0]
	for _, c := range o.columns {
		o.prefixes = append(o.prefixes, newPrefix(rows(c.size()), c.number()))
	}
	slices.SortFunc(o.prefixes, func(a, b prefix) int { return b.rows() - a.rows() })
}

// Keep sets the row patterns to the marked entries; with others, to all competing entries
// that are not marked.
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

// keepComplement inverts the row patterns among the competing entries.
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

// Select appends the kept entries of [lo,hi), ascending: of the weights, or, with bias,
// of the row of biases.
func (o *Product) Select(bias bool, lo, hi int, kept []int32) []int32 {
	first := 0
	if bias {
		first = o.inputs
	}
	return o.patterns.Select(o.width, first, lo, hi, kept)
}

// Kept returns the columns kept of each row. They belong to the product, must not be
// modified, and are valid until the next Load.
func (o *Product) Kept() *RowPatterns { return &o.patterns }

// Competing returns the number of rows and columns that take part, zeros included.
func (o *Product) Competing() (rows, columns int) { return o.competing[0], o.competing[1] }
