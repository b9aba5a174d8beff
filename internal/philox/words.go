package philox

import "ergon/internal/simd"

// fewWords are faster drawn one block after the other than in vector registers.
const fewWords = 8

// Words fills dst with words first, first+1, … of a step.
func (s Stream) Words(step, first uint64, dst []uint32) {
	for ; len(dst) > 0 && first%4 != 0; first++ {
		dst[0] = s.Uint32(step, first)
		dst = dst[1:]
	}
	if len(dst) > fewWords && simd.PhiloxWords(dst, s.key, step, first/4) {
		return
	}
	for ; len(dst) >= 4; first += 4 {
		*(*[4]uint32)(dst) = s.Block(step, first/4)
		dst = dst[4:]
	}
	for i := range dst {
		dst[i] = s.Uint32(step, first+uint64(i))
	}
}
