package cpu

import (
	"ergon/internal/simd"
	"ergon/masks"
)

// rankOne updates an array row by row from the factors of a single presentation's
// gradient x ⊗ dz, which is never formed. It skips the rows whose x is zero: their
// gradient is zero.
type rankOne struct{}

func (rankOne) fits(u *Updater, a *array) bool {
	return u.proportional != nil && a.single() && (len(a.masks) == 0 || !u.clipsNorm())
}

// measure implements measuring: a clip by norm comes to whole rows only.
func (rankOne) measure(u *Updater, a *array, c masks.Chunk) float64 {
	var sums [masks.SquareLanes]float64
	for lo, row := c.Lo, c.Lo/a.Out; lo < c.Hi; row++ {
		hi := min((row+1)*a.Out, c.Hi)
		if x := a.x[row]; x != 0 {
			simd.SquaresOuter(a.dz[lo-row*a.Out:hi-row*a.Out], x, u.factor, &sums, lo-c.Lo)
		}
		lo = hi
	}
	return masks.AddSquares(&sums)
}

// prepare finds the rows whose x is not zero, and the columns of each row that a UnitBlock keeps.
func (w rankOne) prepare(u *Updater, a *array) error {
	if b, ok := a.unitBlock(); ok {
		a.blockPatterns.Load(b, a.In, a.Out)
		a.patterns = &a.blockPatterns
	}
	if len(a.masks) == 0 {
		a.active.find(a)
		a.updates.Set(a.dz, u.factor, a.limit.bound)
	}
	w.begin(u, a)
	return nil
}

func (w rankOne) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	if len(a.masks) == 0 && a.limit.scale == 1 {
		w.wholeRows(a, c, t)
		return
	}
	var work *scratch
	bits := a.bitmask()
	if a.patterns != nil || bits != nil {
		work = scratches.Get().(*scratch)
		defer scratches.Put(work)
		work.row.pattern = nil
	}
	for lo, row := c.Lo, c.Lo/a.Out; lo < c.Hi; row++ {
		hi := min((row+1)*a.Out, c.Hi)
		switch {
		case a.x[row] == 0:
		case len(a.masks) == 0:
			w.wholeRow(u, a, c, t, lo, hi)
		case a.patterns != nil:
			w.patterned(u, a, c, t, lo, hi, work)
		case bits != nil:
			w.bits(u, a, c, t, lo, hi, bits, work)
		default:
			for hi < c.Hi && a.x[row+1] != 0 { // neighbouring rows share a list of kept synapses
				row++
				hi = min((row+1)*a.Out, c.Hi)
			}
			w.listed(u, a, c, t, lo, hi)
		}
		lo = hi
	}
}

// fewColumns is the row length below which the vector code does not pay.
const fewColumns = 2 * simd.Lanes

// patterned updates the synapses of [lo,hi), part of one row, that its pattern keeps.
func (w rankOne) patterned(u *Updater, a *array, c masks.Chunk, t *counters, lo, hi int, work *scratch) {
	switch pattern, changes := a.patterns.Row(lo / a.Out); {
	case changes == 0:
	case changes == a.Out:
		before := t.m0
		w.wholeRow(u, a, c, t, lo, hi)
		w.countPattern(u, a, lo, hi, t.m0-before, pattern, work)
	case changes*sparse < a.Out || a.Out < fewColumns:
		w.oneByOne(u, a, c, t, lo, hi, pattern)
	default:
		w.masked(u, a, c, t, lo, hi, pattern, work)
	}
}
