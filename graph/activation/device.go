package activation

import ()

// OnDevice is an activation that the kernels know: activation.cuh has its
// formulas under the number kernel; slope is its parameter, if it has one.
type OnDevice interface {
	Kernel() (kind int32, slope float32)
}

// The twins of the numbers in activation.cuh.
const (
	LinearKernel int32 = iota
	rectifierKernel
	sigmoidKernel
	tanhKernel
	softplusKernel
	eluKernel
	erfKernel
)

// Kernel implements OnDevice.
func (Linear) Kernel() (int32, float32) { return LinearKernel, 0 }

// Kernel implements OnDevice.
func (ReLU) Kernel() (int32, float32) { return rectifierKernel, 0 }

// Kernel implements OnDevice.
func (l *LeakyReLU) Kernel() (int32, float32) { return rectifierKernel, float32(l.Slope) }

// Kernel implements OnDevice.
func (Sigmoid) Kernel() (int32, float32) { return sigmoidKernel, 0 }

// Kernel implements OnDevice.
func (Tanh) Kernel() (int32, float32) { return tanhKernel, 0 }

// Kernel implements OnDevice.
func (Softplus) Kernel() (int32, float32) { return softplusKernel, 0 }

// Kernel implements OnDevice.
func (ELU) Kernel() (int32, float32) { return eluKernel, 0 }

// Kernel implements OnDevice.
func (Erf) Kernel() (int32, float32) { return erfKernel, 0 }
