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
		activity[b] = observe(y[b*width : (b+1)*width])
	}
}

// observe counts and sums one presentation. Four sums hide the latency of an
// addition; which of them a unit goes to depends on its number alone.
func observe(y []float32) Activity {
	var sums [4]float64
	units := 0
	for len(y) >= 4 {
		x := (*[4]float32)(y)
		for k := range x {
			sums[k] += float64(magnitude(x[k]))
			units += nonzero(x[k])
		}
		y = y[4:]
	}
	for k, x := range y {
		sums[k] += float64(magnitude(x))
		units += nonzero(x)
	}
	return Activity{int64(units), (sums[0] + sums[1]) + (sums[2] + sums[3])}
}

// Active writes the number of non-zero entries of each row of y [B,width] to active [B].
func Active(y []float32, width int, active []int32) {
	for b := range active {
		active[b] = int32(simd.Nonzero(y[b*width : (b+1)*width]))
	}
}

func magnitude(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// nonzero is 1 where x ≠ 0, without a branch.
func nonzero(x float32) (n int) {
	if math.Float32bits(x)<<1 != 0 {
		n = 1
	}
	return n
}
