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

// size returns how many rows and columns of an array the grid has.
func (g grid) size(s *Synapses) (rows, columns int) {
	rows, columns = s.In, s.Out
	if g.pre != nil {
		rows = len(g.pre)
	}
	if g.post != nil {
		columns = len(g.post)
	}
	return rows, columns
}

// worthwhile says whether computing the grid's part of a gradient is cheaper than
// computing all of it: gathering rows and columns costs as much as some products.
func (g grid) worthwhile(s *Synapses) bool {
	rows, columns := g.size(s)
	return 10*rows*columns <= 7*s.In*s.Out
}

// before returns how many of the synapses in front of synapse i the grid keeps.
func (g grid) before(s *Synapses, i int) int {
	_, columns := g.size(s)
	row, column := i/s.Out, i%s.Out
	within := true
	if g.pre != nil {
		row, within = slices.BinarySearch(g.pre, int32(row))
	}
	if !within {
		return row * columns
	}
	if g.post != nil {
		column, _ = slices.BinarySearch(g.post, int32(column))
	}
	return row*columns + column
}

// gridded is a Mask that keeps the synapses between units.
type gridded interface {
	// gridOf returns the units between which synapses of an array may change.
	gridOf(s *Synapses) grid
}

func (frozen) gridOf(*Synapses) grid           { return grid{[]int32{}, nil} }
func (m *neurons) gridOf(s *Synapses) grid     { return m.grid(s.Layer) }
func (m *subnet) gridOf(s *Synapses) grid      { return m.grid(s.Layer) }
func (m *alternating) gridOf(s *Synapses) grid { return m.turn.grid(m.Side, s.Layer) }
func (m *perClass) gridOf(s *Synapses) grid    { return m.units.grid(m.Side, s.Layer) }

// gridOf returns the units between which the one mask that an array has in this
// step lets its synapses change, if that is what it does.
func (u *Updater) gridOf(array int) (g grid, ok bool) {
	if len(u.active[array]) != 1 {
		return grid{}, false
	}
	m, ok := u.active[array][0].(gridded)
	if !ok {
		return grid{}, false
	}
	return m.gridOf(u.all[array]), true
}
