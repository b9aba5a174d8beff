package masks

import "ergon/internal/philox"

// units is a set of units in each layer of units, the input first; ascending.
type units [][]int32

// grid returns the rows and columns of a layer of synapses that a side keeps:
// post the columns of the units in the set, pre the rows, both both.
func (u units) grid(side string, layer int) (g Submatrix) {
	if side != "post" {
		g.Rows = u[layer]
	}
	if side != "pre" {
		g.Columns = u[layer+1]
	}
	return g
}

// drawUnits writes to kept those of a layer's units that are below the threshold in
// draw number n, ascending. words has room for a bit of each.
func drawUnits(stream philox.Stream, n, threshold uint64, size int, words []uint64, kept []int32) []int32 {
	words, kept = words[:(size+63)/64], kept[:0]
	stream.Below(n, 0, threshold, words)
	for w, bits := range words {
		kept = appendBits(kept, bits, 64*w, 0, size)
	}
	return kept
}
