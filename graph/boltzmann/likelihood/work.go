package likelihood

import (
	"fmt"
	"math"

	"ergon/internal/state"
)

// Work is the work done on Markov chains by a machine that changes under them. With each update
// of the machine, before chains move on, it is
//
//	w_c += F_{t+1}(v_c) - F_t(v_c),
//
// in nats. If the chains were samples of the first machine, then ⟨e^-w⟩ = Z_T/Z_0, however fast
// the updates and however lazy the chains (Jarzynski 1997); they only make few chains
// carry the mean. The persistent chains of training have it for nothing.
type Work struct {
	work    []float64 // w_c since the last resampling
	updates int
	// What was settled by resampling: ln ratio, variance of its error, mean work.
	lnRatio, variance, mean float64
}

var _ state.Stateful = (*Work)(nil)

// NewWork returns the work of so many chains, none yet.
func NewWork(chains int) *Work { return &Work{work: make([]float64, chains)} }

// Add adds an update: the free energies of the chains' states under the machine before and after it.
// NaN, of a machine that has diverged, makes all results NaN.
func (w *Work) Add(before, after []float64) error {
	if err := checkChains(len(w.work), before, after); err != nil {
		return err
	}
	w.updates++
	for c := range w.work {
		w.work[c] += after[c] - before[c]
	}
	return nil
}

// Updates returns how many were added.
func (w *Work) Updates() int { return w.updates }

// LnRatio returns ln(Z_T/Z_0) = ln ⟨e^-w⟩ and its standard error, as of LogMean.
func (w *Work) LnRatio() (value, standardError float64) {
	mean := NewLogMean(w.negative())
	return w.lnRatio + mean.Value, math.Sqrt(w.variance + mean.StandardError*mean.StandardError)
}

// Mean returns ⟨w⟩, the mean work over all updates.
func (w *Work) Mean() float64 { return w.mean + mean(w.work) }

// Dissipated returns W_diss = ⟨w⟩ + ln(Z_T/Z_0), the work that slower updates would have saved.
// It is never negative, of any sample, and near half the variance of w where that is small.
func (w *Work) Dissipated() float64 {
	value, _ := w.LnRatio()
	return max(0, w.Mean()+value) // rounding alone leads below
}

// Effective returns how many chains carry the mean since the last resampling, as of LogMean.
func (w *Work) Effective() float64 { return NewLogMean(w.negative()).Effective }

// Weights writes e^-w over its sum: means over chains with these weights are means over the
// present machine.
func (w *Work) Weights(weights []float64) {
	copy(weights, relative(w.negative()))
	for c := range weights {
		weights[c] /= float64(len(w.work))
	}
}

// Resample draws chains in proportion to e^-w, systematically: chain c is to go on from the state
// of chain ancestors[c]. All weights are then equal; LnRatio, Mean and Updates are kept.
// Word is a random number; one serves all chains. It is worth its noise where Effective has
// fallen below some share of the chains, as 0.7.
func (w *Work) Resample(word uint32) (ancestors []int) {
	weights := relative(w.negative()) // their sum is n
	ancestors = make([]int, len(weights))
	if len(weights) == 0 {
		return ancestors
	}
	u, upTo, from := (float64(word)+0.5)*0x1p-32, weights[0], 0
	for c := range ancestors {
		for upTo <= u+float64(c) && from < len(weights)-1 {
			from++
			upTo += weights[from]
		}
		ancestors[c] = from
	}
	value, standardError := w.LnRatio()
	w.lnRatio, w.variance, w.mean = value, standardError*standardError, w.Mean()
	clear(w.work)
	return ancestors
}

// State implements state.Stateful.
func (w *Work) State(v state.Visitor) {
	v.Float64s("work", w.work)
	v.JSON("updates", &w.updates)
	state.Float64(v, "ln_ratio", &w.lnRatio)
	state.Float64(v, "variance", &w.variance)
	state.Float64(v, "mean", &w.mean)
}

// negative returns -w.
func (w *Work) negative() []float64 {
	x := make([]float64, len(w.work))
	for c, v := range w.work {
		x[c] = -v
	}
	return x
}

func checkChains(chains int, before, after []float64) error {
	if len(before) != chains || len(after) != chains {
		return fmt.Errorf("likelihood: free energies of %d chains before and %d after an update; there are %d chains", len(before), len(after), chains)
	}
	return nil
}
