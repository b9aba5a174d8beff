package device

import (
	"ergon/internal/gpu"
)

// lossArguments is Loss of loss.cuh: one launch computes the losses of the
// presentations, their gradient, or both.
type lossArguments struct {
	Output, Target, Seed                                 gpu.Pointer
	Rows                                                 gpu.Pointer // float64 [networks][B] of each presentation; 0: not needed
	Gradient                                             gpu.Pointer // 0: not needed
	StrideOutput, StrideTarget, StrideSeed, StrideResult int32
	Batch, Width                                         int32
}

// lossPlace identifies a loss of a graph.
type lossPlace struct {
	kernel         string
	output, target gpu.Pointer
}

// lossTeam is how many presentations a block of the losses' kernels covers:
// TEAMS in loss.cuh.
const lossTeam = gpu.Threads / 16

// lossLaunch returns the arguments of the launch for an output and its target. It appends
// the launch, unless the loss's value or gradient has done so before.
func (l *Lowering) lossLaunch(kernel string, y, t Operand) *lossArguments {
	place := lossPlace{kernel, y.At, t.At}
	if a := l.losses[place]; a != nil {
		return a
	}
	a := &lossArguments{
		Output: y.At, Target: t.At, StrideOutput: int32(y.Stride), StrideTarget: int32(t.Stride),
		Batch: int32(y.Shape[0]), Width: int32(y.Shape[1]),
	}
	launch(l, kernel, (y.Shape[0]+lossTeam-1)/lossTeam, a)
	l.losses[place] = a
	return a
}

// LossValue appends loss = mean over the batch of the kernel's loss of y and t.
func (l *Lowering) LossValue(kernel string, mean Operand, in []Operand) error {
	batch := in[0].Shape[0]
	rows, err := allocate[float64](l, l.networks*batch)
	if err != nil {
		return err
	}
	l.lossLaunch(kernel, in[0], in[1]).Rows = rows.Pointer
	return l.sum(batchSum{Losses: rows.Pointer, Sum: mean.At, StrideValues: int32(batch), StrideSum: int32(mean.Stride), Width: 1}, batch)
}

// LossGradient appends dy = g ∂loss/∂y of the kernel's loss, in = y, t, g.
func (l *Lowering) LossGradient(kernel string, dy Operand, in []Operand) error {
	g := in[2]
	if !g.Input { // it may be computed only after the value's launch
		delete(l.losses, lossPlace{kernel, in[0].At, in[1].At})
	}
	a := l.lossLaunch(kernel, in[0], in[1])
	a.Seed, a.StrideSeed = g.At, int32(g.Stride)
	a.Gradient, a.StrideResult = dy.At, int32(dy.Stride)
	return nil
}
