package masks

import "ergon/internal/schema"

// Rule is a learning rule, stage by stage, in the order of their work; Synapse
// comes before them all, in the forward pass.
type Rule struct {
	Gate      Gate          `key:"gate" doc:"whether a presentation updates at all"`
	Error     Error         `key:"error" doc:"which back-propagated errors are kept"`
	Mask      []MaskSpec    `key:"mask" doc:"which synapses may change; several masks intersect"`
	Clip      Clip          `key:"clip" doc:"how far a synapse may change in a step, after mask and learning rate"`
	Optimizer OptimizerSpec `key:"optimizer" doc:"how gradients become updates"`
	Cache     Cache         `key:"cache" doc:"how transient changes are consolidated"`
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

// RuleChecker is a spec of any stage that does not go with every kind of the other stages.
type RuleChecker interface {
	// CheckRule reports a rule, or a network, that the spec has no place in. The
	// path of the error begins at the config's root: schema.Fieldf("rule.cache", …).
	CheckRule(r *Rule, net Network) error
}

// Limits checks the rule against the network, all but its masks, and returns the clip's limits.
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

// check asks each stage whether it goes with the others.
func (r *Rule) check(net Network) error {
	stages := []any{r.Gate, r.Error, r.Optimizer, r.Clip, r.Cache, r.Synapse}
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
