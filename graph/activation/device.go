package activation

import ()

// onDevice is an activation that the kernels know: activation.cuh has its
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

func (Linear) Kernel() (int32, float32) { return LinearKernel, 0 }

func (ReLU) Kernel() (int32, float32) { return rectifierKernel, 0 }

func (l *LeakyReLU) Kernel() (int32, float32) { return rectifierKernel, float32(l.Slope) }

func (Sigmoid) Kernel() (int32, float32) { return sigmoidKernel, 0 }

func (Tanh) Kernel() (int32, float32) { return tanhKernel, 0 }

func (Softplus) Kernel() (int32, float32) { return softplusKernel, 0 }

func (ELU) Kernel() (int32, float32) { return eluKernel, 0 }

func (Erf) Kernel() (int32, float32) { return erfKernel, 0 }
