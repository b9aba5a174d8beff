package activation

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

	_ vectorised = Sigmoid{}
	_ vectorised = Tanh{}
)

func init() {
	Kinds.Register("sigmoid", schema.Doc{Summary: "f(z) = 1/(1+exp(-z))"}, func() Activation { return Sigmoid{} })
	Kinds.Register("tanh", schema.Doc{Summary: "f(z) = tanh z"}, func() Activation { return Tanh{} })
	Kinds.Register("softplus", schema.Doc{Summary: "f(z) = ln(1+exp z)"}, func() Activation { return Softplus{} })
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

// forward takes the two branches of F by an index, not a jump: the sign is a coin toss.
func (Sigmoid) forward(z []float32) {
	var e exponentials
	for n := 0; len(z) > 0; z = z[n:] {
		n = e.decays(z, 1)
		for i, x := range z[:n] {
			numerators := [2]float64{1, e[i]}
			z[i] = float32(numerators[math.Float32bits(x)>>31] / (1 + e[i]))
		}
	}
}

func (Sigmoid) backward(dz, dy, z []float32) {
	var e exponentials
	for lo, n := 0, 0; lo < len(z); lo += n {
		n = e.decays(z[lo:], 1)
		for i, e := range e[:n] {
			dz[lo+i] = dy[lo+i] * float32(e/((1+e)*(1+e)))
		}
	}
}

// Kernel implements OnDevice.
func (Sigmoid) Kernel() (int32, float32) { return sigmoidKernel, 0 }

// F implements Activation.
func (Tanh) F(z float64) float64 { return math.Tanh(z) }

// Derivative implements Activation: f'(z) = 1/cosh² z.
func (Tanh) Derivative(z float64) float64 {
	c := math.Cosh(z)
	return 1 / (c * c)
}

// FromOutput implements Activation: 1 - y² is lost where y rounds to 1.
func (Tanh) FromOutput() bool { return false }

func (Tanh) forward(z []float32) {
	var e exponentials
	for n := 0; len(z) > 0; z = z[n:] {
		n = e.decays(z, 2)
		for i, x := range z[:n] {
			v := float64(x)
			if y := (1 - e[i]) / (1 + e[i]); math.Abs(v) < tiny {
				z[i] = float32(v - v*v*v/3)
			} else {
				z[i] = float32(math.Copysign(y, v))
			}
		}
	}
}

// backward has 1/cosh² z = 4e/(1+e)² with e = e^(-2|z|).
func (Tanh) backward(dz, dy, z []float32) {
	var e exponentials
	for lo, n := 0, 0; lo < len(z); lo += n {
		n = e.decays(z[lo:], 2)
		for i, e := range e[:n] {
			dz[lo+i] = dy[lo+i] * float32(4*e/((1+e)*(1+e)))
		}
	}
}

// Kernel implements OnDevice.
func (Tanh) Kernel() (int32, float32) { return tanhKernel, 0 }

// F implements Activation.
func (Softplus) F(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

// Derivative implements Activation: f'(z) = sigmoid(z) = 1 - e^-y.
func (Softplus) Derivative(y float64) float64 { return -math.Expm1(-y) }

// FromOutput implements Activation.
func (Softplus) FromOutput() bool { return true }

// Kernel implements OnDevice.
func (Softplus) Kernel() (int32, float32) { return softplusKernel, 0 }
