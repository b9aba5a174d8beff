package device

import (
	"ergon/graph/activation"
	"ergon/graph/op"
	"ergon/internal/gpu"
)

// response is Response of dense.cu: y = f(z + b).
type response struct {
	Z, Y, Bias                            gpu.Pointer
	StrideZ, StrideY, StrideBias          int32
	Width, Count, Activation, ClampToUnit int32
	Slope                                 float32
}

// isPlain says whether the response is z + b itself.
func (r *response) isPlain() bool {
	return r.Y == r.Z && r.Activation == activation.LinearKernel && r.ClampToUnit == 0
}

// Respond appends the launch that replaces z [B,O] by z + b, if there is a bias,
// and writes f of that to y, which may be z. With unit, unit 0 is then set to 1.
func (l *Lowering) Respond(f op.Formula, a activation.Activation, z, y Operand, bias *Operand, unit bool) error {
	kernel, ok := a.(activation.OnDevice)
	if !ok {
		return &NoKernelError{f}
	}
	r := &response{
		Z: z.At, Y: y.At, StrideZ: int32(z.Stride), StrideY: int32(y.Stride),
		Width: int32(z.Shape[1]), Count: int32(z.Shape.TotalSize()),
	}
	r.Activation, r.Slope = kernel.Kernel()
	if bias != nil {
		r.Bias, r.StrideBias = bias.At, int32(bias.Stride)
	}
	if unit {
		r.ClampToUnit = 1
	}
	if r.isPlain() && bias == nil {
		return nil
	}
	launch(l, "respond", gpu.Blocks(int(r.Count)), r)
	l.responses[z.At] = r
	return nil
}

// Activate appends what computes y = f(z). If a launch that adds a bias has written z,
// that launch computes y as well.
func (l *Lowering) Activate(f op.Formula, a activation.Activation, z, y Operand) error {
	before := l.responses[z.At]
	if before == nil || !before.isPlain() {
		return l.Respond(f, a, z, y, nil, false)
	}
	kernel, ok := a.(activation.OnDevice)
	if !ok {
		return &NoKernelError{f}
	}
	before.Y, before.StrideY = y.At, int32(y.Stride)
	before.Activation, before.Slope = kernel.Kernel()
	return nil
}

// activationErrorArguments is ActivationError of backward.cu.
type activationErrorArguments struct {
	Error, At, Out                   gpu.Pointer
	StrideError, StrideAt, StrideOut int32
	Count, Activation                int32
	Slope                            float32
}

// ActivationError appends the launch of dz = dy ⊙ f'(v), all [B,O].
func (l *Lowering) ActivationError(f op.Formula, a activation.Activation, dz, dy, v Operand) error {
	kernel, ok := a.(activation.OnDevice)
	if !ok {
		return &NoKernelError{f}
	}
	e := &activationErrorArguments{
		Error: dy.At, At: v.At, Out: dz.At, StrideError: int32(dy.Stride), StrideAt: int32(v.Stride), StrideOut: int32(dz.Stride),
		Count: int32(dz.Shape.TotalSize()),
	}
	e.Activation, e.Slope = kernel.Kernel()
	launch(l, "activation_error", gpu.Blocks(int(e.Count)), e)
	return nil
}
