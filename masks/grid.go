package masks

import "slices"

// grid keeps the synapses between two sets of units: rows of the weight matrix
// in pre and columns in post. A nil set is every unit.
type grid struct{ pre, post []int32 } // ascending

// keepsAll says whether both sets are whole. Biases come from a constant unit,
// which is never deleted.
func (g grid) keepsAll(bias bool) bool { return g.post == nil && (g.pre == nil || bias) }

// selectFrom appends the synapses of [lo,hi) that the grid keeps.
func (g grid) selectFrom(s *Synapses, lo, hi int, kept []int32) []int32 {
	if s.Bias || g.pre == nil {
		for row := lo / s.Out; row*s.Out < hi; row++ {
			kept = g.selectRow(row, s.Out, lo, hi, kept)
		}
		return kept
	}
	first, _ := slices.BinarySearch(g.pre, int32(lo/s.Out))
	for _, row := range g.pre[first:] {
		if int(row)*s.Out >= hi {
			break
		}
		kept = g.selectRow(int(row), s.Out, lo, hi, kept)
	}
	return kept
}

// selectRow appends the kept synapses of one row that lie in [lo,hi).
func (g grid) selectRow(row, columns, lo, hi int, kept []int32) []int32 {
	start := row * columns
	lo, hi = max(lo, start), min(hi, start+columns)
	if g.post == nil {
		return selectAll(lo, hi, kept)
	}
	first, _ := slices.BinarySearch(g.post, int32(lo-start))
	for _, column := range g.post[first:] {
		i := start + int(column)
		if i >= hi {
			break
		}
		kept = append(kept, int32(i))
	}
	return kept
}
