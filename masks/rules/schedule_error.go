package rules

import (
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
)

// ByError is the learning rate that a linear student's error is worth: of squared error v, of which
// s² is noise that no learning removes, the cheapest rate is η·(v - s²)/v (theory protocol). The mean
// loss of the last presentations stands for v and floor for s², both in the units of train_loss:
//
//	η_n = η·max(0, 1 - floor/L̄).
//
// After presentations of the loss L, n of them since the last open step, L̄ is S/W with
//
//	S ← (span·S + n·L)/(span + n),   W ← (span·W + n)/(span + n),   S = W = 0 at first,
//
// so that the loss of a presentation weighs less by 1/e after span more. Presentations that a gate
// kept out are in it.
type ByError struct {
	Floor float64 `key:"floor" doc:"loss that no learning removes, in units of train_loss: the rate is lr·(1 - floor/loss), 0 where the loss is below" in:"(0,inf)"`
	Span  float64 `key:"span" doc:"presentations over which the loss is averaged" in:"[1,1e12]"`
}

func init() {
	masks.Schedules.Register("error", schema.Doc{
		Summary: "lr·max(0, 1 - floor/L), L the mean loss of the last presentations", Source: "theory protocol: η(e) = e/(e+s²)",
		Definition: "L = S/W, where n presentations of the mean loss l, those since the last open step, make S ← (span·S + n·l)/(span + n) and W ← (span·W + n)/(span + n), " +
			"in float64 and before the step's rate is taken; the loss is that before learning, with presentations that the gate kept out.",
	}, func() masks.Schedule { return &ByError{Floor: 0.01, Span: 1000} })
}

// New implements Schedule.
func (b *ByError) New() masks.Follower { return &byError{ByError: b} }

// byError is a ByError with what it has seen.
type byError struct {
	*ByError
	sum, weight float64 // S and W
}

// See implements Follower. Products are rounded before they are added, on all processors.
func (b *byError) See(loss float64, presentations int) {
	n := float64(presentations)
	b.sum = (float64(b.Span*b.sum) + float64(n*loss)) / (b.Span + n)
	b.weight = (float64(b.Span*b.weight) + n) / (b.Span + n)
}

// Share implements Follower. Before anything was seen it is 1.
func (b *byError) Share() float64 {
	if b.weight == 0 {
		return 1
	}
	mean := b.sum / b.weight
	if mean <= b.Floor {
		return 0
	}
	return 1 - b.Floor/mean
}

// State implements state.Stateful.
func (b *byError) State(v state.Visitor) {
	state.Float64(v, "sum", &b.sum)
	state.Float64(v, "weight", &b.weight)
}
