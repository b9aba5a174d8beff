// Package finite tells numbers from NaN and the infinities, which no account can
// hold and JSON cannot write.
package finite

import "math"

// Is says whether x is neither NaN nor an infinity.
func Is(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// All says whether every x is finite.
func All(x []float32) bool {
	for _, v := range x {
		if !Is(float64(v)) {
			return false
		}
	}
	return true
}

// OrNil returns x, or nil, which JSON writes as null, where x is not finite.
func OrNil(x float64) *float64 {
	if !Is(x) {
		return nil
	}
	return &x
}
