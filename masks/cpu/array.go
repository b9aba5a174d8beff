package cpu

import (
	"ergon/internal/outerproduct"
	"ergon/internal/simd"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// array is an array of synapses, and how it is updated in the step in progress.
type array struct {
	*masks.Synapses
	target []float32    // what the update is added to: the weights, or accumulators
	window []uint8      // of each synapse: where the update counts its writes; nil: it does not
	outer  *outerWrites // where it counts them, if it is an outer product; nil: in window
	masks  []masks.Mask // those that do not keep all of it
	way    way
	limit  limit

	learnedBy masks.Way // in the last step

	// Of a gradient that is not computed.
	x, dz  []float32           // its factors [B,In] and [B,Out]
	block  submatrix.Submatrix // rows and columns of part
	part   []float32           // gradient of block, [|rows|,|columns|]
	stream func(r0, r1, c0, c1 int, dw []float32, stride int)

	active  activeRows // of x, if it is one presentation's and no mask restricts the array
	updates simd.Outer // of such rows

	patterns      *outerproduct.RowPatterns // the columns of each row that all masks keep; nil: not known
	blockPatterns outerproduct.RowPatterns  // storage for patterns, if a UnitBlock determines them
}

// unitBlock returns the submatrix that the array's masks keep. ok is false unless
// there is exactly one mask, and it is a UnitBlock.
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

// knownPatterns returns the columns of each row that all masks keep; nil unless the
// last mask knows them.
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

// selected returns the synapses of [lo,hi) that every mask keeps. The array must have
// at least one mask.
func (a *array) selected(lo, hi int, work *scratch) (kept []int32) {
	all := a.masks
	if a.patterns != nil {
		all = all[len(all)-1:] // the last mask has taken those before it into account
	}
	kept = all[0].Select(a.Synapses, lo, hi, work.kept[:0])
	for _, m := range all[1:] {
		kept = masks.Intersect(kept, m.Select(a.Synapses, lo, hi, work.other[:0]))
	}
	return kept
}
