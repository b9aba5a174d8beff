package graph

import "ergon/internal/gpu"

// onDevice is an activation that the kernels know: activation.cuh has its
// formulas under the number kernel; slope is its parameter, if it has one.
type onDevice interface {
	kernel() (kind int32, slope float32)
}

// The twins of the numbers in activation.cuh.
const (
	linearKernel int32 = iota
	rectifierKernel
	sigmoidKernel
	tanhKernel
	softplusKernel
	eluKernel
	erfKernel
)

func (Linear) kernel() (int32, float32)       { return linearKernel, 0 }
func (ReLU) kernel() (int32, float32)         { return rectifierKernel, 0 }
func (l *LeakyReLU) kernel() (int32, float32) { return rectifierKernel, float32(l.Slope) }
func (Sigmoid) kernel() (int32, float32)      { return sigmoidKernel, 0 }
func (Tanh) kernel() (int32, float32)         { return tanhKernel, 0 }
func (Softplus) kernel() (int32, float32)     { return softplusKernel, 0 }
func (ELU) kernel() (int32, float32)          { return eluKernel, 0 }
func (Erf) kernel() (int32, float32)          { return erfKernel, 0 }

// response is the twin of dense.cu's Response: y = f(z + b).
type response struct {
	Z, Y, Bias                            gpu.Pointer
	StrideZ, StrideY, StrideBias          int32
	Width, Count, Activation, ClampToUnit int32
	Slope                                 float32
}

// isPlain says that the response is z + b itself.
func (r *response) isPlain() bool {
	return r.Y == r.Z && r.Activation == linearKernel && r.ClampToUnit == 0
}

// respond adds the launch that replaces z [B,O] by z + b, if there is a bias,
// and writes f of that to y, which may be z. With unit, unit 0 is then set to 1.
func (l *lowering) respond(f formula, a Activation, z, y deviceOperand, bias *deviceOperand, unit bool) error {
	kernel, ok := a.(onDevice)
	if !ok {
		return noKernel(f)
	}
	r := &response{
		Z: z.at, Y: y.at, StrideZ: int32(z.stride), StrideY: int32(y.stride),
		Width: int32(z.shape[1]), Count: int32(z.shape.TotalSize()),
	}
	r.Activation, r.Slope = kernel.kernel()
	if bias != nil {
		r.Bias, r.StrideBias = bias.at, int32(bias.stride)
	}
	if unit {
		r.ClampToUnit = 1
	}
	if r.isPlain() && bias == nil {
		return nil
	}
	launch(l, "respond", gpu.Blocks(int(r.Count)), r)
	l.responses[z.at] = r
	return nil
}

// activate adds what computes y = f(z). Where z comes from a launch that adds a bias,
// that launch computes y as well.
func (l *lowering) activate(f formula, a Activation, z, y deviceOperand) error {
	before := l.responses[z.at]
	if before == nil || !before.isPlain() {
		return l.respond(f, a, z, y, nil, false)
	}
	kernel, ok := a.(onDevice)
	if !ok {
		return noKernel(f)
	}
	before.Y, before.StrideY = y.at, int32(y.stride)
	before.Activation, before.Slope = kernel.kernel()
	return nil
}

// activationErrorArguments is the twin of backward.cu's ActivationError.
type activationErrorArguments struct {
	Error, At, Out                   gpu.Pointer
	StrideError, StrideAt, StrideOut int32
	Count, Activation                int32
	Slope                            float32
}

// activationError adds the launch of dz = dy ⊙ f'(v), all [B,O].
func (l *lowering) activationError(f formula, a Activation, dz, dy, v deviceOperand) error {
	kernel, ok := a.(onDevice)
	if !ok {
		return noKernel(f)
	}
	e := &activationErrorArguments{
		Error: dy.at, At: v.at, Out: dz.at, StrideError: int32(dy.stride), StrideAt: int32(v.stride), StrideOut: int32(dz.stride),
		Count: int32(dz.shape.TotalSize()),
	}
	e.Activation, e.Slope = kernel.kernel()
	launch(l, "activation_error", gpu.Blocks(int(e.Count)), e)
	return nil
}
