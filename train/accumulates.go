package train

import (
	"fmt"

	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
	"ergon/masks/rules/pulsed"
)

// accumulates returns the name of the run's cache if the update of a step goes to accumulators, and
// weights change only where they are written from these; "" if it does not.
func (r *Run) accumulates() string {
	if a, ok := r.updater.Memory().(masks.Accumulator); !ok || a.Accumulators() == nil {
		return ""
	}
	return masks.Caches.Name(r.Config.Rule.Cache)
}

// forgetWork says why the work of the run is not known, if it is not: -Δw·g of a step is that of its
// gradient, and what is written in a step has added up over many.
func (r *Run) forgetWork() {
	if cache := r.accumulates(); cache != "" {
		r.work.Forget(fmt.Sprintf("with rule.cache %s the gradient of a step moves accumulators, and weights are written later, at another gradient", cache))
	}
	if masks.FormerOf(r.updater.Memory()) != nil {
		r.work.Forget("with rule.cache.levels weights follow a gradient that is rounded, and the work is that of the gradient itself")
	}
}

// checkDensity returns an error if the weights of the run are written by steps of a device: most of them are the
// same after each step of a window, and of such weights there is no density to take the entropy of.
func (r *Run) checkDensity() error {
	stage, other := "", ""
	if cache := r.accumulates(); cache != "" {
		stage, other = "rule.cache "+cache, "rule.cache=none"
	} else if changesBySteps(r.Config.Rule.Optimizer) {
		stage, other = "rule.optimizer "+masks.Optimizers.Name(r.Config.Rule.Optimizer), "rule.optimizer=sgd"
	}
	if stage == "" {
		return nil
	}
	return schema.Under("free_energy", schema.Fieldf("window", "%d, and with %s weights change by whole steps, which have no density whose entropy could be estimated; set window 0, or %s",
		r.Config.Free.Window, stage, other))
}

// changesBySteps reports whether an optimizer moves weights by the steps of a device, or flips them.
func changesBySteps(spec masks.OptimizerSpec) bool {
	switch spec.(type) {
	case *rules.Bop, *rules.Manhattan, *pulsed.Pulsed:
		return true
	}
	return false
}
