package rules

import (
	"ergon/internal/schema"
	"ergon/masks"
)

// onlyWeights refuses stochastic synapses with an optimizer that looks at weights: it would
// have to learn their σ as well.
func onlyWeights(r *masks.Rule, spec masks.OptimizerSpec) error {
	if _, ok := r.Synapse.(masks.Deterministic); ok {
		return nil
	}
	return schema.Fieldf("rule.synapse.kind", "learns by rule.optimizer, and %s is meant for weights; take deterministic", masks.Optimizers.Name(spec))
}

// onlyAtOnce refuses caches with an optimizer whose updates fit the weight of the step only.
func onlyAtOnce(r *masks.Rule, spec masks.OptimizerSpec) error {
	if _, ok := r.Cache.(masks.NoCache); ok {
		return nil
	}
	return schema.Fieldf("rule.cache", "changes weights later, or by other amounts, than rule.optimizer %s; set none", masks.Optimizers.Name(spec))
}
