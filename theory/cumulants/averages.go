package cumulants

import (
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
)

// averages reports what of a rule, masks aside, keeps the average over a mask
// from factoring into steps.
func averages(rule masks.Rule) error {
	refused := func(stage, kind, why string) error {
		return schema.Under("rule."+stage, schema.Fieldf("kind", "%s: %s; theory averages over masks that know nothing of the updates", kind, why))
	}
	if !rule.Gate.Always() {
		return refused("gate", masks.Gates.Name(rule.Gate), "whether a step updates depends on the masks before it")
	}
	if _, ok := rule.Clip.(*rules.ClipNorm); ok {
		return refused("clip", "norm", "how far a synapse changes depends on the masks of all others")
	}
	if _, ok := rule.Cache.(masks.NoCache); !ok {
		return refused("cache", masks.Caches.Name(rule.Cache), "what is transmitted depends on when it was last consolidated")
	}
	if _, ok := rule.Synapse.(masks.Deterministic); !ok {
		return refused("synapse", masks.SynapseKinds.Name(rule.Synapse), "gradients have a noise of their own")
	}
	sgd, ok := rule.Optimizer.(*rules.SGD)
	switch {
	case !ok:
		return refused("optimizer", masks.Optimizers.Name(rule.Optimizer), "an update is more than the masked gradient of its step; it takes sgd")
	case sgd.Half > 0:
		return schema.Under("rule.optimizer", schema.Fieldf("half", "%g: the rate falls from step to step; theory knows a constant one, half=0", sgd.Half))
	case sgd.HalveEvery > 0:
		return schema.Under("rule.optimizer", schema.Fieldf("halve_every", "%d: the rate falls from step to step; theory knows a constant one, halve_every=0", sgd.HalveEvery))
	case sgd.Schedule != nil && sgd.Schedule.New() != nil:
		return schema.Under("rule.optimizer", schema.Fieldf("schedule", "%s: the rate follows the loss; theory knows a constant one, schedule=none", masks.Schedules.Name(sgd.Schedule)))
	case sgd.UsesInputPower():
		return schema.Under("rule.optimizer", schema.Fieldf("rate", "%s: theory knows no training set to measure inputs on; give the rate itself, and absolute", sgd.Rate))
	case sgd.LearningRate == 0:
		return schema.Under("rule.optimizer", schema.Fieldf("lr", "0: nothing moves, and there is nothing to measure"))
	}
	return nil
}
