package train

import (
	"fmt"

	"ergon/internal/state"
)

var _ state.Stateful = (*Run)(nil)

// State implements state.Stateful: what the next steps, evaluations and the summary of a
// run depend on besides its config. It is called between steps, after Fetch. The order of
// examples, initial weights and random numbers follow from config and step, and are not
// shown. On another engine the names are the same.
func (r *Run) State(v state.Visitor) {
	for l, layer := range r.Model.Layers() {
		if !layer.Tied {
			v.Float32s(fmt.Sprintf("W%d", l+1), layer.W)
		}
		if layer.B != nil {
			v.Float32s(fmt.Sprintf("b%d", l+1), layer.B)
		}
		if layer.Averages != nil {
			v.Float32s(fmt.Sprintf("averages%d", l+1), layer.Averages)
		}
	}
	v.JSON("steps", &r.Steps)
	v.JSON("samples", &r.Samples)
	v.JSON("updates", &r.Updates)
	v.JSON("open_steps", &r.OpenSteps)
	v.JSON("last_batch", &r.lastBatch)
	v.JSON("updated", &r.updated)
	state.Float64(v, "loss", &r.Loss)
	state.Float64(v, "loss_sum", &r.lossSum)
	v.JSON("loss_count", &r.lossCount)
	if state.Knows(v, "learned_by") { // snapshots of before do not
		v.JSON("learned_by", &r.learnedBy)
	}
	state.Under(v, "rule", r.updater)
	if r.updater.Follows() { // else nobody asks, and snapshots of before do not know it
		state.Under(v, "unlearned", &r.unlearned)
	}
	state.Under(v, "ledger", r.Ledger)
	state.Under(v, "gradients", r.gradients)
	state.Under(v, "activity", r.activity)
	state.Under(v, "answers", r.answers)
	state.Under(v, "synapses", r.synapses)
	state.Under(v, "work", &r.work)
	state.Under(v, "invariant", r.invariant)
	state.Under(v, "free_energy", r.free)
	state.Under(v, "boltzmann", r.boltzmann)
	r.addRelaxations()
	v.JSON("relaxed", &r.relaxed)
}

// Fetch brings home what a GPU holds of the run: weights, and what its rule remembers.
// Hooks call it before they look at these between evaluations.
func (r *Run) Fetch() error {
	if r.fetch == nil {
		return nil
	}
	return r.fetch()
}

// Snapshot returns a copy of what the run remembers, between steps: hooks may call it. It
// is a moment to go on from unless the run has diverged.
func (r *Run) Snapshot() (*state.Snapshot, error) {
	if err := r.Fetch(); err != nil {
		return nil, err
	}
	return state.Save(r)
}

// Restore lets the run go on where another of the same config was, on this engine or
// another one. Call it before Train. After an error the run is of no use.
func (r *Run) Restore(s *state.Snapshot) error { return s.Restore(r) }
