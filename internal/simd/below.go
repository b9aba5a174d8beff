package simd

import "math"

// BelowBlock is how many values [Below] looks at together.
const BelowBlock = 32

// Below returns how many of the first values are known to have magnitudes below threshold, which is
// above 0: all of them, or those of the whole blocks before the first block with one that is not. NaN is
// not below.
func Below(values []float32, threshold float32) int {
	least := math.Float32bits(threshold) & magnitude
	for done := belowVectors(values, least); ; done += BelowBlock {
		block := values[done:min(done+BelowBlock, len(values))]
		if len(block) == 0 || !allBelow(block, least) {
			return done
		}
		if len(block) < BelowBlock {
			return len(values)
		}
	}
}

// allBelow reports whether the bits of all values, without the sign, are below least.
func allBelow(values []float32, least uint32) bool {
	for _, x := range values {
		if math.Float32bits(x)&magnitude >= least {
			return false
		}
	}
	return true
}
