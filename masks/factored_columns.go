package masks

import (
	"math/bits"

	"ergon/internal/simd"
)

// Learning from the factors of a single presentation under a mask that knows which
// columns of each row it keeps.

// RowPatterned is a Mask that may know, of a gradient that is an outer product, which
// columns of each row it and all masks before it keep; nil where it does not.
type RowPatterned interface {
	RowPatterns(s *Synapses) *RowPatterns
}

// RowPatterns implements byColumns.
func (m *competitive) RowPatterns(s *Synapses) *RowPatterns {
	if c := m.of[s.Layer]; !c.factored || s.Bias {
		return nil
	}
	return &m.products[s.Layer].kept
}

// findSets finds the columns of each row of an array that all masks of this step
// keep: where there is one that keeps what is between units, or the last mask knows.
func (u *Updater) findSets(array int) {
	s, active := u.all[array], u.active[array]
	u.sets[array] = nil
	if g, ok := u.gridOf(array); ok && s.Factored() && s.pending.outer {
		u.grids[array].load(g, s.In, s.Out)
		u.sets[array] = &u.grids[array]
	} else if len(active) > 0 {
		if m, ok := active[len(active)-1].(RowPatterned); ok {
			u.sets[array] = m.RowPatterns(s)
		}
	}
}

// narrow rows are too short for vector registers to be worth filling.
const narrow = 2 * simd.Lanes

// learnColumns learns the synapses of [lo,hi), which are of one row, that sets keep.
func (u *Updater) learnColumns(c, lo, hi int, sets *RowPatterns) {
	out := u.all[u.chunks[c].Array].Out
	switch set, changes := sets.row(lo / out); {
	case changes == 0:
	case changes == out:
		u.learnRow(c, lo, hi)
	case changes*sparse < out || out < narrow:
		u.learnEach(c, lo, hi, set)
	default:
		u.learnSet(c, lo, hi, set)
	}
}

// learnEach learns the synapses of a set of columns one by one.
func (u *Updater) learnEach(c, lo, hi int, set []uint64) {
	p, t := u.chunks[c], &u.tallies[c]
	s, bound := u.all[p.Array], u.limits[u.all[p.Array].Layer].bound
	minus, start := u.optimizer.(*sgd).minus, lo/s.Out*s.Out
	x := s.pending.x[lo/s.Out]
	for w := (lo - start) / 64; start+64*w < hi; w++ {
		for word := bitsWithin(set[w], start+64*w, lo, hi); word != 0; word &= word - 1 {
			i := start + 64*w + bits.TrailingZeros64(word)
			g := x * s.pending.dz[i-start]
			m0, stored := simd.ApplyOne(&s.Weights[i], float32(minus*g), 1, bound, &t.m1[(i-p.Lo)%simd.Lanes])
			t.m0 += m0
			t.stored += stored
		}
	}
}

// learnSet learns the synapses of a set of columns, all of the row at once.
func (u *Updater) learnSet(c, lo, hi int, set []uint64) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	p, t := u.chunks[c], &u.tallies[c]
	s := u.all[p.Array]
	row, column := lo/s.Out, lo%s.Out
	g := work.dense[:hi-lo]
	simd.Scale(g, s.pending.dz[column:], s.pending.x[row])
	first := lo - p.Lo
	lanes := rotated(&t.m1, first)
	m0, stored := simd.ApplyMasked(s.Weights[lo:hi], g, shifted(work.bits[:], set, column, hi-lo),
		u.optimizer.(*sgd).minus, u.limits[s.Layer].bound, &lanes)
	t.m1 = rotated(&lanes, simd.Lanes-first%simd.Lanes)
	t.m0 += m0
	t.stored += stored
}

// rotated returns the lanes from number first on, and then those before it.
func rotated(lanes *[simd.Lanes]float64, first int) (all [simd.Lanes]float64) {
	for i := range all {
		all[i] = lanes[(first+i)%simd.Lanes]
	}
	return all
}

// shifted returns n bits of a set from number first on, in words of its own or in to.
func shifted(to, set []uint64, first, n int) []uint64 {
	set = set[first/64:]
	if first %= 64; first == 0 {
		return set
	}
	to = to[:(n+63)/64]
	for w := range to {
		to[w] = set[w] >> first
		if w+1 < len(set) {
			to[w] |= set[w+1] << (64 - first)
		}
	}
	return to
}
