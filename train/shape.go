package train

import (
	"ergon/configs"
	"ergon/energy"
	"ergon/masks/rules"
)

// Shape returns a hash of what runs must have in common to be trained Together: data,
// model, engine, batch, the limit of presentations, which may make a batch shorter, and the
// intervals of evaluations and logged steps. Seeds and rules may differ.
func Shape(c *configs.Config) string {
	common := *c
	common.Name, common.Seed = "", 0
	common.Rule, common.Energy, common.Out = rules.Default(), energy.Spec{}, configs.Out{}
	common.Train = configs.Train{
		Batch: c.Train.Batch, Sampling: "shuffle", Epochs: 1, MaxPresentations: c.Train.MaxPresentations,
		EvalEvery: c.Train.EvalEvery, EvalPresentations: c.Train.EvalPresentations, LogEvery: c.Train.LogEvery,
	}
	hash, err := common.Hash()
	if err != nil {
		return "" // Hash fails where a spec cannot be written, and so for all configs of this shape
	}
	return hash
}
