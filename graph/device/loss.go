package graph

import "ergon/internal/gpu"

// lossArguments is the twin of loss.cuh's Loss: one launch computes the losses
// of the presentations, their gradient, or both.
type lossArguments struct {
	Output, Target, Seed                                 gpu.Pointer
	Rows                                                 gpu.Pointer // float64 [networks][B] of each presentation; 0: not wanted
	Gradient                                             gpu.Pointer // 0: not wanted
	StrideOutput, StrideTarget, StrideSeed, StrideResult int32
	Batch, Width                                         int32
}

// lossPlace tells the losses of a graph apart.
type lossPlace struct {
	kernel         string
	output, target gpu.Pointer
}

// lossTeam is how many presentations a block of the losses' kernels covers:
// TEAMS in loss.cuh.
const lossTeam = gpu.Threads / 16

// lossLaunch returns the arguments of the launch for an output and its target,
// which is added unless the value or the gradient has done so.
func (l *lowering) lossLaunch(kernel string, y, t deviceOperand) *lossArguments {
	place := lossPlace{kernel, y.at, t.at}
	if a := l.losses[place]; a != nil {
		return a
	}
	a := &lossArguments{
		Output: y.at, Target: t.at, StrideOutput: int32(y.stride), StrideTarget: int32(t.stride),
		Batch: int32(y.shape[0]), Width: int32(y.shape[1]),
	}
	launch(l, kernel, (y.shape[0]+lossTeam-1)/lossTeam, a)
	l.losses[place] = a
	return a
}

// lossValue adds loss = mean over the batch of the kernel's loss of y and t.
func (l *lowering) lossValue(kernel string, loss deviceOperand, in []deviceOperand) error {
	batch := in[0].shape[0]
	rows, err := allocate[float64](l, l.networks*batch)
	if err != nil {
		return err
	}
	l.lossLaunch(kernel, in[0], in[1]).Rows = rows.Pointer
	return l.sum(batchSum{Losses: rows.Pointer, Sum: loss.at, StrideValues: int32(batch), StrideSum: int32(loss.stride), Width: 1}, batch)
}

// lossGradient adds dy = g ∂loss/∂y of the kernel's loss, in = y, t, g.
func (l *lowering) lossGradient(kernel string, dy deviceOperand, in []deviceOperand) error {
	g := in[2]
	if !g.input { // it may be computed only after the value's launch
		delete(l.losses, lossPlace{kernel, in[0].at, in[1].at})
	}
	a := l.lossLaunch(kernel, in[0], in[1])
	a.Seed, a.StrideSeed = g.at, int32(g.stride)
	a.Gradient, a.StrideResult = dy.at, int32(dy.stride)
	return nil
}
