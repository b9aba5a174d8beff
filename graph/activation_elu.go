package graph

import (
	"math"

	"ergon/internal/schema"
)

// ELU is f(z) = z for z > 0 and e^z - 1 otherwise (Clevert et al. 2016, α = 1).
type ELU struct{}

var _ Activation = ELU{}

func init() {
	Activations.Register("elu", schema.Doc{
		Summary: "f(z) = z above zero, exp(z)-1 below", Source: "Clevert, Unterthiner, Hochreiter 2016",
	}, func() Activation { return ELU{} })
}

// F implements Activation.
func (ELU) F(z float64) float64 {
	if z > 0 {
		return z
	}
	return math.Expm1(z)
}

// Derivative implements Activation.
func (ELU) Derivative(z float64) float64 {
	if z > 0 {
		return 1
	}
	return math.Exp(z)
}

// FromOutput implements Activation: y + 1 is lost where y rounds to -1.
func (ELU) FromOutput() bool { return false }
