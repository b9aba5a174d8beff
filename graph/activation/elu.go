package activation

import (
	"math"

	"ergon/internal/schema"
)

// ELU is f(z) = z for z > 0 and e^z - 1 otherwise (Clevert et al. 2016, α = 1).
type ELU struct{}

var (
	_ Activation = ELU{}
	_ vectorised = ELU{}
)

func init() {
	Kinds.Register("elu", schema.Doc{
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

func (ELU) forward(z []float32) {
	var e exponentials
	for n := 0; len(z) > 0; z = z[n:] {
		n = e.expBelowZero(z)
		for i, x := range z[:n] {
			if v := float64(x); v < 0 && v > -tiny {
				z[i] = float32(v + v*v/2 + v*v*v/6)
			} else {
				z[i] = max(x, 0) + float32(e[i]-1)
			}
		}
	}
}

func (ELU) backward(dz, dy, z []float32) {
	var e exponentials
	for lo, n := 0, 0; lo < len(z); lo += n {
		n = e.expBelowZero(z[lo:])
		for i, e := range e[:n] {
			dz[lo+i] = dy[lo+i] * float32(e)
		}
	}
}

// Kernel implements OnDevice.
func (ELU) Kernel() (int32, float32) { return eluKernel, 0 }
