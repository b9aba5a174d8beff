package energy

import (
	"math"

	"ergon/internal/simd"
)

// Activity is what a layer of units did in one presentation, or in several.
type Activity struct {
	Units int64   // count(y ≠ 0)
	L1    float64 // Σ|y|
}

// Add adds the activity of another presentation.
func (a *Activity) Add(b Activity) {
	a.Units += b.Units
	a.L1 += b.L1
}

// Observe writes the activity of each presentation of y [B,width] to activity [B].
func Observe(y []float32, width int, activity []Activity) {
	for b := range activity {
		units, sum := simd.Activity(y[b*width : (b+1)*width])
		activity[b] = Activity{int64(units), sum}
	}
}

// Active writes the number of non-zero entries of each row of y [B,width] to active [B].
func Active(y []float32, width int, active []int32) {
	simd.NonzeroRows(active, y, width)
}

// nonzero is 1 where x ≠ 0, without a branch.
func nonzero(x float32) (n int) {
	if math.Float32bits(x)<<1 != 0 {
		n = 1
	}
	return n
}
