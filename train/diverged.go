package train

import (
	"ergon/energy"
	"ergon/graph"
	"ergon/internal/finite"
	"ergon/train/rundir"
)

// diverged finds the layer in which a loss that is not finite has its cause.
func (r *Run) diverged(p *graph.Program) error {
	layers := r.Model.Layers()
	for l, layer := range layers {
		if !finite.All(layer.W) || !finite.All(layer.B) {
			return divergedIn(layer, r.Steps+1, "weights")
		}
		if !finite.All(p.Postsynaptic(l)) {
			return divergedIn(layer, r.Steps+1, "activity")
		}
	}
	return divergedIn(layers[len(layers)-1], r.Steps+1, "loss")
}

// divergedOnDevice is diverged for a step whose account alone is known.
func (r *Run) divergedOnDevice(account []energy.Step) error {
	if err := r.check(account); err != nil {
		return err
	}
	layers := r.Model.Layers()
	return divergedIn(layers[len(layers)-1], r.Steps+1, "loss")
}

// check looks for numbers that are not finite in the account of a step. A clip or a
// saturated output can hide them from the loss.
func (r *Run) check(account []energy.Step) error {
	for l, s := range account {
		if !finite.Is(s.M1) || !finite.Is(s.Accumulate.Amount) || s.Cached != nil && !finite.Is(s.Cached.M1Consolidated+s.Cached.TransientL1) {
			return divergedIn(r.Model.Layers()[l], r.Steps+1, "update")
		}
		if !finite.Is(s.Postsynaptic.L1) {
			return divergedIn(r.Model.Layers()[l], r.Steps+1, "activity")
		}
	}
	return nil
}

// divergedIn says what is no longer finite, in which layer and step.
func divergedIn(layer *graph.Layer, step int, what string) error {
	return &rundir.Diverged{Step: step, Layer: layer.Name, What: what}
}
