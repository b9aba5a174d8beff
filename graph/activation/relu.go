package activation

import (
	"ergon/internal/schema"
	"ergon/internal/simd"
)

// ReLU is f(z) = max(z, 0), with f'(0) = 0.
type ReLU struct{}

// LeakyReLU is f(z) = z for z > 0 and slope·z otherwise, with f'(0) = slope.
type LeakyReLU struct {
	Slope float64 `key:"slope" doc:"slope below zero" in:"[0,1)"`
}

var (
	_ Activation = ReLU{}
	_ Activation = (*LeakyReLU)(nil)
)

func init() {
	Kinds.Register("relu", schema.Doc{Summary: "f(z) = max(z, 0)"}, func() Activation { return ReLU{} })
	Kinds.Register("leaky_relu", schema.Doc{
		Summary: "f(z) = z above zero, slope·z below",
		Source:  "van Rossum & Pache 2024 use slope 0.1",
	}, func() Activation { return &LeakyReLU{Slope: 0.1} })
}

// F implements Activation.
func (ReLU) F(z float64) float64 { return max(z, 0) }

// Derivative implements Activation.
func (ReLU) Derivative(y float64) float64 { return step(y, 0) }

// FromOutput implements Activation.
func (ReLU) FromOutput() bool { return true }

func (ReLU) forward(z []float32) { simd.Rectify(z, 0) }

func (ReLU) backward(dz, dy, y []float32) { simd.RectifyError(dz, dy, y, 0) }

// Kernel implements OnDevice.
func (ReLU) Kernel() (int32, float32) { return rectifierKernel, 0 }

// F implements Activation.
func (l *LeakyReLU) F(z float64) float64 {
	if z > 0 {
		return z
	}
	return l.Slope * z
}

// Derivative implements Activation.
func (l *LeakyReLU) Derivative(y float64) float64 { return step(y, l.Slope) }

// FromOutput implements Activation: y has the sign of z.
func (l *LeakyReLU) FromOutput() bool { return true }

func (l *LeakyReLU) forward(z []float32) { simd.Rectify(z, float32(l.Slope)) }

func (l *LeakyReLU) backward(dz, dy, y []float32) { simd.RectifyError(dz, dy, y, float32(l.Slope)) }

// Kernel implements OnDevice.
func (l *LeakyReLU) Kernel() (int32, float32) { return rectifierKernel, float32(l.Slope) }

func step(y, below float64) float64 {
	if y > 0 {
		return 1
	}
	return below
}
