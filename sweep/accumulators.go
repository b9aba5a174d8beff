package sweep

import (
	"ergon/energy"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// AccumulatorRow is what a row has of the state that rules keep beside the weights: accumulators,
// moments of optimizers, the gradient of a batch. Each is nil where a run did not count it.
type AccumulatorRow struct {
	AccumulatorUpdates *estimate.Estimate `json:"accumulator_updates"` // StateUpdates + GradientUpdates
	StateUpdates       *estimate.Estimate `json:"state_updates"`       // changes of numbers that a rule keeps from step to step
	GradientUpdates    *estimate.Estimate `json:"gradient_updates"`    // additions of a presentation's gradient to that of its batch
	AccumulatorBits    *estimate.Estimate `json:"accumulator_bits"`    // that the state takes, the most at a time
	AccumulatorSaving  *estimate.Estimate `json:"accumulator_saving"`  // of AccumulatorUpdates; nil where either rule has none
}

// accumulated reads a number of what was counted beside the weights; nil where it was not.
func accumulated(of func(*energy.Accumulate) int64) func(rundir.Crossing) *float64 {
	return func(x rundir.Crossing) *float64 {
		if x.Accumulate == nil {
			return nil
		}
		return value(float64(of(x.Accumulate)))
	}
}

// The numbers beside the weights that benchmarks compare.
var (
	accumulatorUpdates = accumulated(func(a *energy.Accumulate) int64 { return a.Updates + a.GradientUpdates })
	stateUpdates       = accumulated(func(a *energy.Accumulate) int64 { return a.Updates })
	gradientUpdates    = accumulated(func(a *energy.Accumulate) int64 { return a.GradientUpdates })
	accumulatorBits    = accumulated(func(a *energy.Accumulate) int64 { return a.Bits })
)

// newAccumulatorRow summarizes runs that reached a goal.
func newAccumulatorRow(runs *arrivals[rundir.Crossing]) AccumulatorRow {
	return AccumulatorRow{
		AccumulatorUpdates: runs.meanKnown(accumulatorUpdates),
		StateUpdates:       runs.meanKnown(stateUpdates),
		GradientUpdates:    runs.meanKnown(gradientUpdates),
		AccumulatorBits:    runs.meanKnown(accumulatorBits),
	}
}

// accumulates says whether any rule is known to have changed numbers beside the weights.
func (r *Report) accumulates() bool {
	for _, row := range r.Rows {
		if e := row.AccumulatorUpdates; e != nil && e.Mean > 0 {
			return true
		}
	}
	return false
}

// accumulatorLegend says what the column of accumulator updates is, and the front that it makes.
const accumulatorLegend = "Accumulator updates: changes of numbers kept beside the weights (accumulators, transient parts, moments), and additions of a presentation's gradient to that of its batch; –: not counted. " +
	"W: at this goal no other rule has both M0 and accumulator updates as few. M0 and M1 of a cache that the network sees are what was paid: what is transient at the goal as if it were written then.\n"
