package mixture

import "math"

// Loss is a function ℓ(v) of the margin v = y·φ(h).
type Loss interface {
	// At returns ℓ, ℓ' and ℓ” at v.
	At(v float64) (value, first, second float64)
}

// Losses are the losses by name.
var Losses = map[string]Loss{
	"logistic":      logistic{},
	"square":        square{},
	"squared_hinge": squaredHinge{},
}

// logistic is ln(1 + e^-v).
type logistic struct{}

func (logistic) At(v float64) (value, first, second float64) {
	small := math.Exp(-math.Abs(v))
	far := small / (1 + small) // of 0 and 1 the smaller of σ(v) and σ(-v)
	value, first = math.Log1p(small), -far
	if v < 0 {
		value, first = value-v, far-1
	}
	return value, first, far * (1 - far)
}

// square is (v-1)²/2, which with φ(h) = h is (h-y)²/2.
type square struct{}

func (square) At(v float64) (value, first, second float64) { return (v - 1) * (v - 1) / 2, v - 1, 1 }

// squaredHinge is (1-v)²/2 below v = 1 and 0 above.
type squaredHinge struct{}

func (squaredHinge) At(v float64) (value, first, second float64) {
	if v >= 1 {
		return 0, 0, 0
	}
	return square{}.At(v)
}
