package simd

import "math"

// Rectify replaces each z by max(z, 0) + slope·min(z, 0), which hands NaN on, and
// -∞ as NaN where the slope is zero: this is how divergence is noticed.
func Rectify(z []float32, slope float32) {
	done := rectifyVectors(z, slope)
	for i, x := range z[done:] {
		z[done+i] = max(x, 0) + float32(slope*min(x, 0))
	}
}

// RectifyError writes dy[i], where y[i] > 0, and slope·dy[i] elsewhere to dz[i], for
// all of dz; dy, which may be dz, and y are at least as long.
func RectifyError(dz, dy, y []float32, slope float32) {
	dy, y = dy[:len(dz)], y[:len(dz)]
	done := rectifyErrorVectors(dz, dy, y, slope)
	factor := [2]float32{slope, 1}
	for i := done; i < len(dz); i++ {
		above := 0
		if math.Float32bits(y[i])-1 < infinity { // y > 0 in integers, without a branch: it is a coin toss
			above = 1
		}
		dz[i] = dy[i] * factor[above]
	}
}

// infinity is the bit pattern of +Inf.
const infinity = 0x7f800000
