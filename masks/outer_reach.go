package masks

import (
	"math"
	"slices"
)

// reach is how many of an outer product's sorted rows a column reaches a threshold
// in, above the column's number: they are the first, since products descend.
type reach uint64

func newReach(rows, column int) reach { return reach(rows)<<32 | reach(column) }

func (r reach) rows() int { return int(r >> 32) }

func (r reach) column() int { return int(uint32(r)) }

// reach notes the entries that are at least threshold.
func (o *outer) reach(threshold float32) {
	o.reaches = o.reaches[:0]
	n := len(o.rows)
	for _, c := range o.columns { // descending, and so are reaches
		for y := c.size(); n > 0 && !(o.rows[n-1].size()*y >= threshold); {
			n--
		}
		o.reaches = append(o.reaches, newReach(n, c.number()))
	}
}

// reachByColumn notes the k ≥ 1 largest entries of each column, those that equal the
// last of them as well, and none that is zero.
func (o *outer) reachByColumn(k int) {
	k = min(k, len(o.rows))
	o.eachColumn(func(size float32) int {
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

// exceedByColumn notes the entries of each column that are larger than its k-th smallest.
func (o *outer) exceedByColumn(k int) {
	larger := max(o.competing[0]-k, 0) // than the k-th smallest, if none are equal
	o.eachColumn(func(size float32) int {
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

// eachColumn notes in how many rows a column of each size is to reach, and has those
// that do in most come first.
func (o *outer) eachColumn(rows func(size float32) int) {
	o.reaches = o.reaches[:0]
	for _, c := range o.columns {
		o.reaches = append(o.reaches, newReach(rows(c.size()), c.number()))
	}
	slices.SortFunc(o.reaches, func(a, b reach) int { return b.rows() - a.rows() })
}

// keep has the entries kept that were noted, or all others that take part.
func (o *outer) keep(others bool) {
	o.kept.begin(o.height, o.width)
	first := 0
	for rank, r := range slices.Backward(o.rows) { // ascending: the set of columns grows
		end := first
		for end < len(o.reaches) && o.reaches[end].rows() > rank {
			end++
		}
		o.kept.grow(o.reaches[first:end])
		o.kept.assign(r.number())
		first = end
	}
	if others {
		o.keepOthers()
	}
}

// keepOthers has the entries kept that take part and were not kept.
func (o *outer) keepOthers() {
	o.all = zeroed(o.all, (o.width+63)/64)
	if o.within.post == nil {
		for j := range o.width {
			o.all[j/64] |= 1 << (j % 64)
		}
	}
	for _, j := range o.within.post {
		o.all[j/64] |= 1 << (j % 64)
	}
	o.kept.invert(o.all, len(o.columns))
	if o.within.pre != nil {
		o.kept.empty(o.inputs, o.within.pre)
	}
}

// selectFrom appends the synapses of [lo,hi) of an array whose entries are kept.
func (o *outer) selectFrom(s *Synapses, lo, hi int, kept []int32) []int32 {
	first := 0
	if s.Bias {
		first = o.inputs
	}
	return o.kept.selectFrom(s.Out, first, lo, hi, kept)
}
