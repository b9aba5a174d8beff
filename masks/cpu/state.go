package cpu

import (
	"ergon/internal/state"
	"ergon/masks"
)

var _ state.Stateful = (*Updater)(nil)

// State implements state.Stateful: the number of the next step, and what the rule
// remembers. It is called between steps.
func (u *Updater) State(v state.Visitor) {
	v.JSON("step", &u.step)
	stages := masks.Stages{Masks: u.masks, Optimizer: u.optimizer, Memory: u.memory, Transmission: u.transmission}
	stages.State(v)
	state.Under(v, "writes", u.writes)
	if u.payment != nil {
		state.Under(v, "reserve", u.payment.reserve)
	}
	if u.projection != nil {
		state.Under(v, "project", u.projection)
	}
}

// Attach points the arrays of synapses at a network's weights. Step does so by itself, but
// a cache that was restored may have to consolidate in a Rest before the first Step.
func (u *Updater) Attach(weights [][]float32) { masks.Attach(u.all, weights) }
