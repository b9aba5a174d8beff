package masks

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
