package reference

import (
	"ergon/internal/state"
	"ergon/masks"
)

var _ state.Stateful = (*Updater)(nil)

// State implements state.Stateful, under the names of cpu.Updater.
func (r *Updater) State(v state.Visitor) {
	v.JSON("step", &r.step)
	stages := masks.Stages{Masks: r.masks, Optimizer: r.optimizer, Memory: r.memory, Transmission: r.transmission}
	stages.State(v)
	state.Under(v, "writes", &r.writes)
	state.Under(v, "reserve", r.reserve)
	if r.projection.target != nil {
		state.Under(v, "project", &r.projection)
	}
}

// Attach points the arrays of synapses at a network's weights, for a Rest before the first
// Step of what was restored.
func (r *Updater) Attach(weights [][]float32) { masks.Attach(r.all, weights) }
