package train

import (
	"ergon/configs"
	"ergon/energy"
	"ergon/masks/rules"
)

// Shape identifies what runs must have in common to be trained Together: data,
// model, batch and what decides when they are looked at. Seeds and rules differ.
func Shape(c *configs.Config) string {
	common := *c
	common.Name, common.Seed = "", 0
	common.Rule, common.Energy, common.Out = rules.Default(), energy.Spec{}, configs.Out{}
	common.Train = configs.Train{Batch: c.Train.Batch, Sampling: "shuffle", Epochs: 1, EvalEvery: c.Train.EvalEvery, LogEvery: c.Train.LogEvery}
	hash, err := common.Hash()
	if err != nil {
		return "" // as it would be for every other: Hash fails where a spec cannot be written
	}
	return hash
}
