package philox

import "ergon/internal/simd"

// Normal returns number index of a step, distributed N(0, 1).
func (s Stream) Normal(step, index uint64) float64 {
	even, odd := s.NormalPair(step, index/2)
	if index%2 == 0 {
		return even
	}
	return odd
}

// NormalPair returns numbers 2·pair and 2·pair+1 of Normal for the price of
// one: the cosine and sine branch of the Box-Muller transform of one block.
func (s Stream) NormalPair(step, pair uint64) (even, odd float64) {
	return simd.NormalPair(s.Block(step, pair))
}

// pairsAtOnce is how many pairs NormalPairs draws the words of at a time.
const pairsAtOnce = 64

// NormalPairs fills dst with numbers 2·pair, 2·pair+1, … of Normal, in a tenth of the time.
func (s Stream) NormalPairs(step, pair uint64, dst []float64) {
	var words [4 * pairsAtOnce]uint32
	for len(dst) > 0 {
		n := min(len(dst), 2*pairsAtOnce)
		w := words[:4*((n+1)/2)]
		s.Words(step, 4*pair, w)
		simd.BoxMuller(dst[:n], w)
		dst, pair = dst[n:], pair+pairsAtOnce
	}
}
