package activation

import (
	"math"

	"ergon/internal/schema"
)

// Erf is f(z) = erf(z/√2), the activation of the solvable two-layer networks
// (Saad & Solla 1995): its averages over Gaussian inputs are known in closed form.
type Erf struct{}

var _ Activation = Erf{}

func init() {
	Kinds.Register("erf", schema.Doc{
		Summary: "f(z) = erf(z/√2)", Source: "Saad & Solla 1995",
	}, func() Activation { return Erf{} })
}

// F implements Activation.
func (Erf) F(z float64) float64 { return math.Erf(z / math.Sqrt2) }

// Derivative implements Activation: f'(z) = √(2/π) e^(-z²/2).
func (Erf) Derivative(z float64) float64 { return math.Sqrt(2/math.Pi) * math.Exp(-z*z/2) }

// FromOutput implements Activation: inverting erf in float32 would lose the tails.
func (Erf) FromOutput() bool { return false }

// Kernel implements OnDevice.
func (Erf) Kernel() (int32, float32) { return erfKernel, 0 }
