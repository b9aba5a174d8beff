package train

import (
	"math"

	"ergon/internal/finite"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// invariant looks on at the weights whose scale the loss does not depend on.
type invariant struct {
	weights [][]float32      // of the layers that are normalised, the model's own
	rule    *rundir.RuleOnly // nil: the rule projects nothing
}

var _ state.Stateful = (*invariant)(nil)

// newInvariant returns nil for a model without such weights.
func newInvariant(r *Run) *invariant {
	var v invariant
	for _, l := range r.Model.Layers() {
		if l.ScaleInvariant() {
			v.weights = append(v.weights, l.W)
		}
	}
	if v.weights == nil {
		return nil
	}
	if r.updater.RuleChanges() != nil {
		v.rule = new(rundir.RuleOnly)
	}
	return &v
}

// observe adds what the rule's update changed in a step.
func (v *invariant) observe(r *Run) {
	if v == nil || v.rule == nil {
		return
	}
	for _, c := range r.updater.RuleChanges() {
		v.rule.M0 += c.M0
		v.rule.M1 += c.M1
	}
}

// report returns how the weights stand; nil where there are none.
func (v *invariant) report(r *Run) *rundir.ScaleInvariant {
	if v == nil {
		return nil
	}
	s, square := new(rundir.ScaleInvariant), 0.0
	for _, w := range v.weights {
		s.Synapses += len(w)
		for _, x := range w {
			square += float64(x) * float64(x)
		}
	}
	s.Norm = math.Sqrt(square)
	if rate, ok := r.learningRate(); ok {
		s.EffectiveRate = finite.OrNil(rate / square)
	}
	if v.rule != nil {
		rule := *v.rule
		s.Rule = &rule
	}
	return s
}

// State implements state.Stateful.
func (v *invariant) State(visitor state.Visitor) {
	if v == nil || v.rule == nil {
		return
	}
	visitor.JSON("rule_m0", &v.rule.M0)
	state.Float64(visitor, "rule_m1", &v.rule.M1)
}
