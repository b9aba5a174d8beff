package committee

import "math"

// Activation is g of the hidden units, with its averages ⟨…⟩ over fields that are
// N(0, C). The indices are those of the fields; they may coincide.
type Activation interface {
	Value(x float64) float64 // g(x)
	Slope(x float64) float64 // g'(x)

	I2(c Covariance, a, b int) float64       // ⟨g(a) g(b)⟩
	I3(c Covariance, a, b, d int) float64    // ⟨g'(a) b g(d)⟩
	I4(c Covariance, a, b, d, e int) float64 // ⟨g'(a) g'(b) g(d) g(e)⟩
	J2(c Covariance, a, b int) float64       // ⟨g'(a) g'(b)⟩

	// Active is the chance that g' is not zero, so that a step changes the unit.
	Active() float64
}

// Activations are the activations by name.
var Activations = map[string]Activation{"erf": Erf{}, "relu": ReLU{}, "linear": Linear{}}

// arcsine is asin for correlations that rounding may have left outside [-1, 1].
func arcsine(x float64) float64 { return math.Asin(min(1, max(-1, x))) }
