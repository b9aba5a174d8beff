package measure

import (
	"ergon/internal/finite"
	"ergon/masks"
	"ergon/train/rundir"
)

// Work adds up what the motion of the synapses dissipates, as rundir.Work says, over
// the steps of a run, and the rates of these steps. Steps on a GPU are not added.
type Work struct {
	dissipated float64 // Σ -Δw·g
	rates      float64 // Σ η_t
	steps      int     // open ones
}

// Add adds an open step: what it did to each layer, and its learning rate, which is 0 where
// its changes are not a rate times a gradient.
func (w *Work) Add(changes []masks.Change, rate float64) {
	for _, c := range changes {
		w.dissipated += c.Work
	}
	w.rates += rate
	w.steps++
}

// Report returns the work of so many open steps; nil unless all of them were added.
func (w *Work) Report(openSteps int) *rundir.Work {
	if w.steps != openSteps {
		return nil
	}
	return &rundir.Work{Dissipated: finite.OrNil(w.dissipated), TauRatio: w.steps}
}

// SpeedLimit returns the least work, in units of the loss, that moves weights by a squared
// distance in these steps: |w_n - w₀|²/Σ η_t. ok is false where there was no rate.
//
// Step by step |Δw| ≤ η_t|g| with the opposite sign, for each synapse: a mask makes it 0, a
// clip makes it smaller. So -Δw·g ≥ |Δw|²/η_t, and by Cauchy and Schwarz
// |Σ Δw|² ≤ Σ η_t · Σ |Δw|²/η_t ≤ Σ η_t · W (Seroussi, Alemi, Helias & Ringel, arXiv
// 2307.14653, have it for the entropy produced in a bath). It is an equality for a
// gradient that stays the same.
func (w *Work) SpeedLimit(displacement2 float64) (least float64, ok bool) {
	if w.rates == 0 {
		return 0, false
	}
	return displacement2 / w.rates, true
}
