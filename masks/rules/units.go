package rules

import (
	"ergon/internal/bitset"
	"ergon/internal/philox"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// units is a set of units in each layer of units, the input first; ascending.
type units [][]int32

// block returns the rows and columns of an array of synapses that a side keeps:
// post the columns of the units in the set, pre the rows, both both. Biases come
// from a constant unit, which is in every set.
func (u units) block(side string, s *masks.Synapses) (b submatrix.Submatrix) {
	if side != "post" && !s.Bias {
		b.Rows = u[s.Layer]
	}
	if side != "pre" {
		b.Columns = u[s.Layer+1]
	}
	return b
}

// drawUnits writes to kept those of a layer's units that are below the threshold in
// draw number n, ascending. words has room for a bit of each.
func drawUnits(stream philox.Stream, n, threshold uint64, size int, words []uint64, kept []int32) []int32 {
	words, kept = words[:(size+63)/64], kept[:0]
	stream.Below(n, 0, threshold, words)
	for w, bits := range words {
		kept = bitset.Append(kept, bits, 64*w, 0, size)
	}
	return kept
}
