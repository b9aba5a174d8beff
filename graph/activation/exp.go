package activation

import (
	"math"

	"ergon/internal/simd"
)

// block is how many exponentials are computed at a time: they fit into the first-level
// cache.
const block = 128

// exponentials holds the exponentials of a block.
type exponentials [block]float64

// decays computes e^(-rate·|z|), which cannot overflow, for the first block of z. It
// returns how many numbers of z these are: all of a z that is shorter.
func (e *exponentials) decays(z []float32, rate float64) int {
	z = z[:min(len(z), block)]
	for i, x := range z {
		e[i] = -rate * math.Abs(float64(x))
	}
	simd.Exp(e[:len(z)])
	return len(z)
}

// expBelowZero does the same for e^min(z, 0).
func (e *exponentials) expBelowZero(z []float32) int {
	z = z[:min(len(z), block)]
	for i, x := range z {
		e[i] = float64(min(x, 0))
	}
	simd.Exp(e[:len(z)])
	return len(z)
}

// tiny is the magnitude of z below which e^z - 1 loses digits that float32 has. There, the
// first terms of the series are exact enough.
const tiny = 1.0 / (1 << 12)
