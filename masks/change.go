package masks

// Change counts what a step did to a layer of synapses. Δw is the update that the
// rule applies: after mask, clip and learning rate, before it is rounded into w.
type Change struct {
	M0     int64   // synapses with Δw ≠ 0
	M1     float64 // Σ|Δw|, in units of the weights
	Stored int64   // synapses whose float32 value changed
}

// Add adds another change's counts.
func (c *Change) Add(d Change) {
	c.M0 += d.M0
	c.M1 += d.M1
	c.Stored += d.Stored
}

// ChunkSize is the number of neighbouring synapses that are updated together. It
// is the unit of parallel work, and of summation. Σ|Δw| is added in float64 in
// eight lanes (synapse i of a chunk in lane i mod 8), then the lanes of a chunk in
// pairs, then the chunks in order. A masked synapse adds zero. So the sum has the
// same bits for dense and sparse loops, scalar and vector code, and any number of
// cores. An update block by block adds the blocks in the order of their positions:
// the same terms in another order.
const ChunkSize = 4096

// Chunk is synapses Lo … Hi-1 of array number Array: ChunkSize neighbours, or
// fewer at the end of the array.
type Chunk struct{ Array, Lo, Hi int }

// Chunks divides arrays into chunks, array by array.
func Chunks(all []*Synapses) (chunks []Chunk) {
	for a, s := range all {
		n := s.In * s.Out
		for lo := 0; lo < n; lo += ChunkSize {
			chunks = append(chunks, Chunk{a, lo, min(lo+ChunkSize, n)})
		}
	}
	return chunks
}
