package descent

import (
	"fmt"
	"slices"

	"ergon/configs"
	"ergon/graph"
	"ergon/graph/boltzmann"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
)

// checkConfig refuses what has no gradients that a plain rule descends, or, unless any is set,
// another rule than the plain one.
func checkConfig(c *configs.Config, any bool) error {
	if c.Engine.OnGPU() {
		return schema.Under("engine", schema.Fieldf("device", "%s: the replay is made by the host, and differs by rounding; give the run engine.device=cpu", c.Engine.Device))
	}
	sgd, ok := c.Rule.Optimizer.(*rules.SGD)
	switch {
	case !ok:
		return schema.Under("rule.optimizer", schema.Fieldf("kind", "%s: an update is more than a rate times the gradient of its step; the law takes sgd", masks.Optimizers.Name(c.Rule.Optimizer)))
	case sgd.Half > 0:
		return schema.Under("rule.optimizer", schema.Fieldf("half", "%g: the rate falls with the steps, and a slower rule meets other rates; the law takes a constant one, half=0", sgd.Half))
	case sgd.HalveEvery > 0:
		return schema.Under("rule.optimizer", schema.Fieldf("halve_every", "%d: the rate falls with the steps, and a slower rule meets other rates; the law takes a constant one, halve_every=0", sgd.HalveEvery))
	case sgd.Schedule != nil && sgd.Schedule.New() != nil:
		return schema.Under("rule.optimizer", schema.Fieldf("schedule", "%s: the rate follows the loss, and a slower rule meets other rates; the law takes a constant one, schedule=none", masks.Schedules.Name(sgd.Schedule)))
	case sgd.LearningRate == 0:
		return schema.Under("rule.optimizer", schema.Fieldf("lr", "0: nothing moves, and nothing descends"))
	}
	if _, ok := c.Rule.Synapse.(masks.Deterministic); !ok {
		return schema.Under("rule.synapse", schema.Fieldf("kind", "%s: gradients have a noise of their own", masks.SynapseKinds.Name(c.Rule.Synapse)))
	}
	if stage := otherStage(&c.Rule); stage != "" && !any {
		return schema.Fieldf(stage, "is not that of the plain rule, and the law reads what rules would do in a plain run; train one without it, or measure along this run's course by course=any")
	}
	return nil
}

// otherStage returns the path of the first stage that does something in a rule; "" if the rule is
// plain gradient descent.
func otherStage(r *masks.Rule) string {
	full := func(m masks.MaskSpec) bool { _, ok := m.(*rules.Full); return ok }
	_, clipped := r.Clip.(masks.NoClip)
	_, uncached := r.Cache.(masks.NoCache)
	switch {
	case !r.Gate.Always():
		return "rule.gate"
	case !r.Error.KeepsAll():
		return "rule.error"
	case slices.ContainsFunc(r.Mask, func(m masks.MaskSpec) bool { return !full(m) }):
		return "rule.mask"
	case !clipped:
		return "rule.clip"
	case !uncached:
		return "rule.cache"
	}
	return ""
}

// plainOf returns a rule without all stages but the optimizer.
func plainOf(r masks.Rule) masks.Rule {
	plain := rules.Default()
	plain.Optimizer = r.Optimizer
	return plain
}

// checkModel refuses models whose presentations have no gradient of their own, or whose gradient
// is not that of the loss of their answers.
func checkModel(m graph.Model) error {
	if _, ok := m.(*boltzmann.Model); ok {
		return schema.Fieldf("model.kind", "is a Boltzmann machine: its gradient compares presentations with samples, and no presentation has one of its own; take mlp or convnet")
	}
	if _, ok := m.(graph.Clamped); ok {
		return schema.Fieldf("model.kind", "is a quasi-static network, which learns in another state than it answers in: its update is no gradient of a loss; take mlp or convnet")
	}
	if slices.ContainsFunc(m.Layers(), (*graph.Layer).ScaleInvariant) {
		return schema.Fieldf("model.normalization", "normalises by the batch: no presentation has a gradient of its own; take a model without")
	}
	return nil
}

// checkRule refuses what cannot be compared with the plain rule step by step.
func (r *Run) checkRule(rule *masks.Rule) error {
	if schemaText(rule.Optimizer) != schemaText(r.plain.Optimizer) {
		return schema.Fieldf("rule.optimizer", "is not the run's: the law compares what is selected of one and the same update")
	}
	if _, ok := rule.Synapse.(masks.Deterministic); !ok {
		return schema.Under("rule.synapse", schema.Fieldf("kind", "%s: gradients have a noise of their own", masks.SynapseKinds.Name(rule.Synapse)))
	}
	if rule.NewReserve() != nil {
		return schema.Fieldf("rule", "pays for its updates from a reserve: which are made depends on what was made before")
	}
	if rule.Project != nil && rule.Project.Target() != nil {
		return schema.Fieldf("rule.project", "moves weights beside the update")
	}
	return nil
}

// schemaText is a spec as it is written in a config.
func schemaText(spec any) string {
	text, err := schema.Encode(spec, false)
	return fmt.Sprintf("%T %s %v", spec, text, err)
}
