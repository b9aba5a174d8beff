package simd

import "math"

// Philox encrypts the counters of Philox4x32-10 from block on, 16 for each word
// of bits, and sets bit j of bits[i] where number 64i+j is below the threshold.
// It returns false, having done nothing, where there are no vector registers
// for it or a counter would not fit 32 bits. Package philox defines the numbers.
func Philox(bits []uint64, key [2]uint32, step, block uint64, threshold uint32) bool {
	const blocksPerWord = 16
	if block+blocksPerWord*uint64(len(bits)) > math.MaxUint32 {
		return false
	}
	return philoxVectors(bits, key, step, uint32(block), threshold)
}

// PhiloxWords fills dst with the words of Philox4x32-10 from block on, four of each block. It
// returns false, having done nothing, as Philox does. Package philox defines the words.
func PhiloxWords(dst []uint32, key [2]uint32, step, block uint64) bool {
	if level == Portable || block > math.MaxUint32 || block+uint64(len(dst)+most32)/4 > math.MaxUint32 {
		return false
	}
	if done := wordsVectors(dst, key, step, uint32(block)); done < len(dst) {
		var rest [most32]uint32
		wordsVectors(rest[:], key, step, uint32(block)+uint32(done/4))
		copy(dst[done:], rest[:])
	}
	return true
}
