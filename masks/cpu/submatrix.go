package cpu

import (
	"ergon/internal/simd"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// submatrixWay updates an array whose gradient is a product and whose one mask is a
// UnitBlock. Only that submatrix of the gradient is computed.
type submatrixWay struct{}

func (submatrixWay) fits(u *Updater, a *array) bool {
	b, ok := a.unitBlock()
	return ok && !u.clipsNorm() && a.Factored() && !a.single() && worthwhile(b, a.In, a.Out)
}

// worthwhile reports whether computing a submatrix of an in×out gradient is cheaper
// than computing all of it. Gathering rows and columns has a cost, so it must have at
// most 0.7 of the entries.
func worthwhile(b submatrix.Submatrix, in, out int) bool {
	rows, columns := b.Size(in, out)
	return 10*rows*columns <= 7*in*out
}

func (submatrixWay) prepare(_ *Updater, a *array) error {
	a.block, _ = a.unitBlock()
	rows, columns := a.block.Size(a.In, a.Out)
	if rows*columns == 0 {
		return nil
	}
	if a.part == nil {
		a.part = make([]float32, a.In*a.Out)
	}
	return a.Source.Part(a.block.Rows, a.block.Columns, a.part[:rows*columns])
}

func (w submatrixWay) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	part := a.part[a.block.Before(a.In, a.Out, c.Lo):]
	if u.proportional == nil || a.block.Columns == nil {
		w.listed(u, a, c, part, t)
		return
	}
	a.block.EachRow(a.Out, c.Lo, c.Hi, func(row int) {
		start := row * a.Out
		columns := submatrix.Within(a.block.Columns, c.Lo-start, c.Hi-start)
		for n, column := range columns {
			i := start + int(column)
			delta := float32(u.factor * part[n])
			t.applyOne(a, i, i%simd.Lanes, delta, delta)
		}
		part = part[len(columns):]
	})
}

// listed updates a chunk of which many synapses are kept, or by an optimizer that remembers them.
// part begins with the gradient of the chunk's kept synapses, in the order in which they are
// listed.
func (submatrixWay) listed(u *Updater, a *array, c masks.Chunk, part []float32, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	for lo := c.Lo; lo < c.Hi; lo += spanSize {
		s := a.list(lo, c, work)
		g, delta := part[:s.size()], work.delta[:s.size()]
		u.computeUpdates(a, s, g, delta, work)
		u.apply(a, s, g, delta, t, work)
		part = part[s.size():]
	}
}
