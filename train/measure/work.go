package measure

import (
	"ergon/internal/finite"
	"ergon/masks"
	"ergon/train/rundir"
)

// Work adds up what the motion of the synapses dissipates, as rundir.Work says, over
// the steps of a run, and the rates of these steps. Steps on a GPU are not added.
type Work struct {
	unknown    string  // why what the steps add is not the work; "": it is
	dissipated float64 // Σ -Δw·g
	rates      float64 // Σ η_t
	steps      int     // open ones
}

// Forget says why the work of the run is not known, whatever is added.
func (w *Work) Forget(reason string) { w.unknown = reason }

// Add adds an open step: what it did to each layer, and its learning rate, which is 0 where
// its changes are not a rate times a gradient.
func (w *Work) Add(changes []masks.Change, rate float64) {
	for _, c := range changes {
		w.dissipated += c.Work
	}
	w.rates += rate
	w.steps++
}

// Report returns the work of so many open steps; nil unless all of them were added, and their work
// is known.
func (w *Work) Report(openSteps int) *rundir.Work {
	if w.unknown != "" || w.steps != openSteps {
		return nil
	}
	return &rundir.Work{Dissipated: finite.OrNil(w.dissipated), TauRatio: w.steps}
}

// Unknown says why the work of so many open steps is not known; empty: it is.
func (w *Work) Unknown(openSteps int) string {
	switch {
	case w.unknown != "":
		return w.unknown
	case w.steps < openSteps:
		return "a GPU does not add up the work of a step; engine.device=cpu does"
	case w.steps > openSteps:
		return "the run diverged in a step that is not in the account"
	case !finite.Is(w.dissipated):
		return "it is not finite"
	}
	return ""
}

// Rates returns Σ η_t of the steps added.
func (w *Work) Rates() float64 { return w.rates }
