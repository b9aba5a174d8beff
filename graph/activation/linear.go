package activation

import (
	"ergon/internal/schema"
)

// Linear is f(z) = z.
type Linear struct{}

var _ Activation = Linear{}

func init() {
	Kinds.Register("linear", schema.Doc{Summary: "f(z) = z"}, func() Activation { return Linear{} })
}

// F implements Activation.
func (Linear) F(z float64) float64 { return z }

// Derivative implements Activation.
func (Linear) Derivative(float64) float64 { return 1 }

// FromOutput implements Activation.
func (Linear) FromOutput() bool { return true }

func (Linear) forward([]float32) {}

func (Linear) backward(dz, dy, _ []float32) { copy(dz, dy) }

// Kernel implements OnDevice.
func (Linear) Kernel() (int32, float32) { return LinearKernel, 0 }
