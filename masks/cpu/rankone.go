package cpu

import (
	"ergon/internal/simd"
	"ergon/masks"
)

// rankOne is the way of an array whose gradient is that of a single presentation,
// x ⊗ dz: it is learned row by row from the factors, and never written out. Rows of
// inputs that are zero have no gradient, and are passed over.
type rankOne struct{}

func (rankOne) fits(_ *Updater, a *array) bool { return a.Factored() && len(a.x) == a.In }

// prepare finds the columns of each row that a mask of units keeps.
func (rankOne) prepare(_ *Updater, a *array) error {
	if b, ok := a.unitBlock(); ok {
		a.blockPatterns.Load(b, a.In, a.Out)
		a.patterns = &a.blockPatterns
	}
	return nil
}

func (w rankOne) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	for lo, row := c.Lo, c.Lo/a.Out; lo < c.Hi; row++ {
		hi := min((row+1)*a.Out, c.Hi)
		switch {
		case a.x[row] == 0:
		case len(a.masks) == 0:
			w.wholeRow(u, a, c, t, lo, hi)
		case a.patterns != nil:
			w.patterned(u, a, c, t, lo, hi)
		default:
			for hi < c.Hi && a.x[row+1] != 0 { // a run of rows
				row++
				hi = min((row+1)*a.Out, c.Hi)
			}
			w.listed(u, a, c, t, lo, hi)
		}
		lo = hi
	}
}

// fewColumns are too few for vector registers to be worth filling.
const fewColumns = 2 * simd.Lanes

// patterned learns the synapses of [lo,hi), which are of one row, that its pattern keeps.
func (w rankOne) patterned(u *Updater, a *array, c masks.Chunk, t *counters, lo, hi int) {
	switch pattern, changes := a.patterns.Row(lo / a.Out); {
	case changes == 0:
	case changes == a.Out:
		w.wholeRow(u, a, c, t, lo, hi)
	case changes*sparse < a.Out || a.Out < fewColumns:
		w.oneByOne(u, a, c, t, lo, hi, pattern)
	default:
		w.masked(u, a, c, t, lo, hi, pattern)
	}
}
