package activation

import (
	"math"

	"ergon/internal/simd"
)

// block is how many exponentials are taken at a time: few enough to stay in the
// first-level cache.
const block = 128

// exponentials are those of a block.
type exponentials [block]float64

// decays writes e^(-rate·|z|), which cannot overflow, of the first block of z, or all
// of a shorter z, and returns how many they are.
func (e *exponentials) decays(z []float32, rate float64) int {
	z = z[:min(len(z), block)]
	for i, x := range z {
		e[i] = -rate * math.Abs(float64(x))
	}
	simd.Exp(e[:len(z)])
	return len(z)
}

// expBelowZero is decays of e^min(z, 0).
func (e *exponentials) expBelowZero(z []float32) int {
	z = z[:min(len(z), block)]
	for i, x := range z {
		e[i] = float64(min(x, 0))
	}
	simd.Exp(e[:len(z)])
	return len(z)
}

// tiny is where e^z - 1 begins to lose digits that float32 would show; below it the
// first terms of a series are exact enough.
const tiny = 1.0 / (1 << 12)
