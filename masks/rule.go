package masks

import "ergon/internal/schema"

// Rule is a learning rule. Its stages act in the order of the fields, except Synapse,
// which acts first, in the forward pass.
type Rule struct {
	Gate      Gate          `key:"gate" doc:"whether a presentation updates at all"`
	Error     Error         `key:"error" doc:"which back-propagated errors are kept"`
	Mask      []MaskSpec    `key:"mask" doc:"which synapses may change; several masks intersect"`
	Clip      Clip          `key:"clip" doc:"how far a synapse may change in a step, after mask and learning rate"`
	Optimizer OptimizerSpec `key:"optimizer" doc:"how gradients become updates"`
	Cache     Cache         `key:"cache" doc:"how transient changes are consolidated"`
	Project   Project       `key:"project" doc:"where scale-invariant weights, those of normalised layers, are put back to after each step" identity:"nonzero"`
	Synapse   Synapse       `key:"synapse" doc:"what a synapse transmits in the forward pass"`
}

// The stages of a rule and the kinds each accepts.
var (
	Gates      = schema.NewUnion[Gate]("kind", "gate")
	Errors     = schema.NewUnion[Error]("kind", "error")
	Masks      = schema.NewUnion[MaskSpec]("kind", "mask")
	Clips      = schema.NewUnion[Clip]("kind", "clip")
	Optimizers = schema.NewUnion[OptimizerSpec]("kind", "optimizer")
	Caches     = schema.NewUnion[Cache]("kind", "cache")
)

// RuleChecker is a spec of any stage that cannot be combined with every kind of the
// other stages.
type RuleChecker interface {
	// CheckRule returns an error if the spec does not fit the rule or the network. The
	// path of the error begins at the config's root: schema.Fieldf("rule.cache", …).
	CheckRule(r *Rule, net Network) error
}

// Limits checks all stages but the masks against the network, and returns the clip's
// limits.
func (r *Rule) Limits(net Network) (Limits, error) {
	if err := r.Gate.Check(net); err != nil {
		return Limits{}, schema.Under("rule.gate", err)
	}
	if err := r.Error.Check(net); err != nil {
		return Limits{}, schema.Under("rule.error", err)
	}
	limits, err := r.Clip.Limits(net)
	if err != nil {
		return limits, schema.Under("rule.clip", err)
	}
	return limits, r.check(net)
}

// check lets each stage check the others.
func (r *Rule) check(net Network) error {
	stages := []any{r.Gate, r.Error, r.Optimizer, r.Clip, r.Cache, r.Project, r.Synapse}
	for _, m := range r.Mask {
		stages = append(stages, m)
	}
	for _, stage := range stages {
		if c, ok := stage.(RuleChecker); ok {
			if err := c.CheckRule(r, net); err != nil {
				return schema.Under("", err)
			}
		}
	}
	return nil
}
