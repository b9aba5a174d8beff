package cpu

import (
	"ergon/internal/outerproduct"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// array is an array of synapses, and how it is learned in the step in progress.
type array struct {
	*masks.Synapses
	masks []masks.Mask // that do not keep all of it
	way   way
	limit limit

	// Of a gradient that is not written out.
	x, dz  []float32           // its factors [B,In] and [B,Out]
	block  submatrix.Submatrix // the rows and columns that part has
	part   []float32           // [|rows|,|columns|]
	stream func(r0, r1, c0, c1 int, dw []float32, stride int)

	patterns      *outerproduct.RowPatterns // the columns of each row that all masks keep; nil: not known
	blockPatterns outerproduct.RowPatterns  // room for those of a UnitBlock
}

// unitBlock returns the rows and columns that the array's one mask keeps, if there
// is one mask and that is what it keeps.
func (a *array) unitBlock() (b submatrix.Submatrix, ok bool) {
	if len(a.masks) != 1 {
		return b, false
	}
	m, ok := a.masks[0].(masks.UnitBlock)
	if !ok {
		return b, false
	}
	return m.Block(a.Synapses), true
}

// knownPatterns returns the columns of each row that all masks keep, if the last one
// knows them.
func (a *array) knownPatterns() *outerproduct.RowPatterns {
	if len(a.masks) == 0 {
		return nil
	}
	m, ok := a.masks[len(a.masks)-1].(masks.RowPatterned)
	if !ok {
		return nil
	}
	return m.RowPatterns(a.Synapses)
}

// selected returns the synapses of [lo,hi) that every mask keeps; there is one.
func (a *array) selected(lo, hi int, work *scratch) (kept []int32) {
	all := a.masks
	if a.patterns != nil {
		all = all[len(all)-1:] // it knows what those before it keep
	}
	kept = all[0].Select(a.Synapses, lo, hi, work.kept[:0])
	for _, m := range all[1:] {
		kept = masks.Intersect(kept, m.Select(a.Synapses, lo, hi, work.other[:0]))
	}
	return kept
}
