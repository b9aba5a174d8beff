package activation

// OnDevice is an activation that a GPU can compute. A kind that is not is refused there,
// by name.
type OnDevice interface {
	// Kernel returns the number under which activation.cuh has the kind's formulas,
	// and its parameter, if it has one.
	Kernel() (kind int32, slope float32)
}

// The numbers of activation.cuh.
const (
	LinearKernel int32 = iota // f(z) = z
	rectifierKernel
	sigmoidKernel
	tanhKernel
	softplusKernel
	eluKernel
	erfKernel
)
