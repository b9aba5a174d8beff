package masks

import ()

// Change is what a step did to a layer of synapses. Δw is the update the rule
// applies: after mask, clip and learning rate, before it is rounded into w.
type Change struct {
	M0     int64   // synapses with Δw ≠ 0
	M1     float64 // Σ |Δw|
	Stored int64   // synapses whose float32 value is another than before
}

// Add adds another change's counts.
func (c *Change) Add(d Change) {
	c.M0 += d.M0
	c.M1 += d.M1
	c.Stored += d.Stored
}

// ChunkSize is the number of neighbouring synapses that are updated together. It
// is the unit of parallel work, and of summation: Σ|Δw| is added in float64 in
// eight lanes (synapse i of a chunk in lane i mod 8), the lanes of a chunk in
// pairs, the chunks in order. A masked synapse would add zero, so the sum is
// the same bits for every way of walking the same update: dense or sparse,
// scalar or in vector registers, on any number of cores. Learning block by block
// adds the blocks in the order of their places, which is another sum of the same terms.
const ChunkSize = 4096

// Chunk is a place of ChunkSize neighbouring synapses, or of the rest: synapses
// Lo … Hi-1 of array number Array.
type Chunk struct{ Array, Lo, Hi int }

// Chunks cuts arrays into chunks.
func Chunks(all []*Synapses) (chunks []Chunk) {
	for a, s := range all {
		n := s.In * s.Out
		for lo := 0; lo < n; lo += ChunkSize {
			chunks = append(chunks, Chunk{a, lo, min(lo+ChunkSize, n)})
		}
	}
	return chunks
}
