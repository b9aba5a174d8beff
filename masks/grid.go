package masks

import "slices"

// Submatrix keeps the synapses between two sets of units: rows of the weight matrix
// in pre and columns in post. A nil set is every unit.
type Submatrix struct{ Rows, Columns []int32 } // ascending

// All says whether both sets are whole. Biases come from a constant unit,
// which is never deleted.
func (g Submatrix) All(bias bool) bool { return g.Columns == nil && (g.Rows == nil || bias) }

// Select appends the synapses of [lo,hi) that the grid keeps.
func (g Submatrix) Select(s *Synapses, lo, hi int, kept []int32) []int32 {
	if s.Bias || g.Rows == nil {
		for row := lo / s.Out; row*s.Out < hi; row++ {
			kept = g.selectRow(row, s.Out, lo, hi, kept)
		}
		return kept
	}
	first, _ := slices.BinarySearch(g.Rows, int32(lo/s.Out))
	for _, row := range g.Rows[first:] {
		if int(row)*s.Out >= hi {
			break
		}
		kept = g.selectRow(int(row), s.Out, lo, hi, kept)
	}
	return kept
}

// selectRow appends the kept synapses of one row that lie in [lo,hi).
func (g Submatrix) selectRow(row, columns, lo, hi int, kept []int32) []int32 {
	start := row * columns
	lo, hi = max(lo, start), min(hi, start+columns)
	if g.Columns == nil {
		return selectAll(lo, hi, kept)
	}
	first, _ := slices.BinarySearch(g.Columns, int32(lo-start))
	for _, column := range g.Columns[first:] {
		i := start + int(column)
		if i >= hi {
			break
		}
		kept = append(kept, int32(i))
	}
	return kept
}

// Size returns how many rows and columns of an array the grid has.
func (g Submatrix) Size(s *Synapses) (rows, columns int) {
	rows, columns = s.In, s.Out
	if g.Rows != nil {
		rows = len(g.Rows)
	}
	if g.Columns != nil {
		columns = len(g.Columns)
	}
	return rows, columns
}

// worthwhile says whether computing the grid's part of a gradient is cheaper than
// computing all of it: gathering rows and columns costs as much as some products.
func (g Submatrix) worthwhile(s *Synapses) bool {
	rows, columns := g.Size(s)
	return 10*rows*columns <= 7*s.In*s.Out
}

// Before returns how many of the synapses in front of synapse i the grid keeps.
func (g Submatrix) Before(s *Synapses, i int) int {
	_, columns := g.Size(s)
	row, column := i/s.Out, i%s.Out
	within := true
	if g.Rows != nil {
		row, within = slices.BinarySearch(g.Rows, int32(row))
	}
	if !within {
		return row * columns
	}
	if g.Columns != nil {
		column, _ = slices.BinarySearch(g.Columns, int32(column))
	}
	return row*columns + column
}

// UnitBlock is a Mask that keeps the synapses between units.
type UnitBlock interface {
	// Block returns the units between which synapses of an array may change.
	Block(s *Synapses) Submatrix
}

func (frozen) Block(*Synapses) Submatrix           { return Submatrix{[]int32{}, nil} }
func (m *neurons) Block(s *Synapses) Submatrix     { return m.grid(s.Layer) }
func (m *subnet) Block(s *Synapses) Submatrix      { return m.grid(s.Layer) }
func (m *alternating) Block(s *Synapses) Submatrix { return m.turn.grid(m.Side, s.Layer) }
func (m *perClass) Block(s *Synapses) Submatrix    { return m.units.grid(m.Side, s.Layer) }

// gridOf returns the units between which the one mask that an array has in this
// step lets its synapses change, if that is what it does.
func (u *Updater) gridOf(array int) (g Submatrix, ok bool) {
	if len(u.active[array]) != 1 {
		return Submatrix{}, false
	}
	m, ok := u.active[array][0].(UnitBlock)
	if !ok {
		return Submatrix{}, false
	}
	return m.Block(u.all[array]), true
}
