package train

import (
	"fmt"
	"math"

	"ergon/energy"
	"ergon/graph"
)

// Diverged is the error of a run whose numbers are no longer finite.
type Diverged struct {
	Step  int    `json:"step"`  // the step in which it was seen
	Layer string `json:"layer"` // the first layer affected
	What  string `json:"what"`  // "activity", "loss", "update" or "weights"
}

// Error implements error.
func (d *Diverged) Error() string {
	return fmt.Sprintf("diverged at step %d: the %s of %s is not finite; a smaller rule.optimizer.lr or a rule.clip may help", d.Step, d.What, d.Layer)
}

// diverged finds where a loss that is not finite comes from.
func (r *Run) diverged(p *graph.Program) error {
	layers := r.Model.Layers()
	for l, layer := range layers {
		if !finiteAll(layer.W) || !finiteAll(layer.B) {
			return &Diverged{r.Steps + 1, layer.Name, "weights"}
		}
		if !finiteAll(p.Postsynaptic(l)) {
			return &Diverged{r.Steps + 1, layer.Name, "activity"}
		}
	}
	return &Diverged{r.Steps + 1, layers[len(layers)-1].Name, "loss"}
}

// divergedOnDevice is diverged for a step of which the account is known.
func (r *Run) divergedOnDevice(account []energy.Step) error {
	if err := r.check(account); err != nil {
		return err
	}
	layers := r.Model.Layers()
	return &Diverged{r.Steps + 1, layers[len(layers)-1].Name, "loss"}
}

// check looks for numbers that are not finite in the account of a step, which
// a loss can hide: a clip, or a saturated output.
func (r *Run) check(account []energy.Step) error {
	for l, s := range account {
		if !finite(s.M1) || s.Cached != nil && !finite(s.Cached.M1Consolidated+s.Cached.TransientL1) {
			return &Diverged{r.Steps + 1, r.Model.Layers()[l].Name, "update"}
		}
		if !finite(s.Postsynaptic.L1) {
			return &Diverged{r.Steps + 1, r.Model.Layers()[l].Name, "activity"}
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func finiteAll(x []float32) bool {
	for _, v := range x {
		if !finite(float64(v)) {
			return false
		}
	}
	return true
}
