package graph

import (
	"math"

	"ergon/internal/schema"
)

// Sigmoid is f(z) = 1/(1+e^-z).
type Sigmoid struct{}

// Tanh is f(z) = tanh z.
type Tanh struct{}

// Softplus is f(z) = ln(1+e^z), a smooth ReLU.
type Softplus struct{}

var (
	_ Activation = Sigmoid{}
	_ Activation = Tanh{}
	_ Activation = Softplus{}
)

func init() {
	Activations.Register("sigmoid", schema.Doc{Summary: "f(z) = 1/(1+exp(-z))"}, func() Activation { return Sigmoid{} })
	Activations.Register("tanh", schema.Doc{Summary: "f(z) = tanh z"}, func() Activation { return Tanh{} })
	Activations.Register("softplus", schema.Doc{Summary: "f(z) = ln(1+exp z)"}, func() Activation { return Softplus{} })
}

// F implements Activation. The two branches keep exp from overflowing.
func (Sigmoid) F(z float64) float64 {
	if z >= 0 {
		return 1 / (1 + math.Exp(-z))
	}
	e := math.Exp(z)
	return e / (1 + e)
}

// Derivative implements Activation: f'(z) = f(z) f(-z).
func (s Sigmoid) Derivative(z float64) float64 { return s.F(z) * s.F(-z) }

// FromOutput implements Activation: 1 - y is lost where y rounds to 1.
func (Sigmoid) FromOutput() bool { return false }

// F implements Activation.
func (Tanh) F(z float64) float64 { return math.Tanh(z) }

// Derivative implements Activation: f'(z) = 1/cosh² z.
func (Tanh) Derivative(z float64) float64 {
	c := math.Cosh(z)
	return 1 / (c * c)
}

// FromOutput implements Activation: 1 - y² is lost where y rounds to 1.
func (Tanh) FromOutput() bool { return false }

// F implements Activation.
func (Softplus) F(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

// Derivative implements Activation: f'(z) = sigmoid(z) = 1 - e^-y.
func (Softplus) Derivative(y float64) float64 { return -math.Expm1(-y) }

// FromOutput implements Activation.
func (Softplus) FromOutput() bool { return true }
