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

// SquareLanes is into how many sums a clip by norm adds the squares Δw² of a chunk: that of
// synapse i of the chunk to number i mod SquareLanes. AddSquares adds up the lanes, and the chunks
// are added in order. So the length of an update has the same bits on any number of cores.
const SquareLanes = 16

// AddSquares adds up the lanes of a chunk, in pairs.
func AddSquares(lanes *[SquareLanes]float64) float64 {
	sums := *lanes
	for n := SquareLanes / 2; n > 0; n /= 2 {
		for i := range n {
			sums[i] += sums[n+i]
		}
	}
	return sums[0]
}
