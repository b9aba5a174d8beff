package rules

import (
	"ergon/internal/bitset"
	"ergon/internal/philox"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// sides is what the setting side means, for the definitions of kinds.
const sides = "with side post a bias goes with its unit; with pre, biases stay plastic, as they come from no unit; both is the intersection: a synapse may change if both its units may, a bias as with post"

// units has a set of units of each layer of units, the input first; ascending. A nil
// set is all of them.
type units [][]int32

// block returns the submatrix of an array that a side keeps: with post the columns of
// the units in the set, with pre their rows, with both the synapses between them.
// Biases come from a constant unit, which is in every set.
func (u units) block(side string, s *masks.Synapses) (b submatrix.Submatrix) {
	if side != "post" && !s.Bias {
		b.Rows = u[s.Layer]
	}
	if side != "pre" {
		b.Columns = u[s.Layer+1]
	}
	return b
}

// drawUnits returns, in kept's storage, the units of a layer whose word of draw number
// n is below the threshold, ascending. words is scratch, one bit a unit.
func drawUnits(stream philox.Stream, n, threshold uint64, size int, words []uint64, kept []int32) []int32 {
	words, kept = words[:(size+63)/64], kept[:0]
	stream.Below(n, 0, threshold, words)
	for w, bits := range words {
		kept = bitset.Append(kept, bits, 64*w, 0, size)
	}
	return kept
}
