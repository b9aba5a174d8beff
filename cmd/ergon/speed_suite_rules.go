package main

import "slices"

// ruleBatches are the batches at which the suite times each kind of each stage of a rule.
var ruleBatches = []int{1, 128}

// plainKinds are the kinds that the plain rows of the suite have.
var plainKinds = []string{
	"rule.gate=none", "rule.error=full", "rule.mask=full", "rule.clip=value", "rule.optimizer=sgd", "rule.cache=none",
	"rule.optimizer.schedule=none", "rule.synapse=deterministic",
}

// atWork are settings of kinds that do nothing at their defaults.
var atWork = map[string]string{
	"rule.optimizer=langevin": "rule.optimizer={kind: langevin, temperature: 1e-7}",
}

// ruleRows are the steps of networks of given hidden units with each kind of each stage
// at its defaults, or at others if these do nothing, and without a clip, which not all kinds bear.
func ruleRows(hidden int) (rows []speedOptions) {
	for _, stage := range stages() {
		for _, kind := range stage.Kinds {
			setting := stage.Key + "=" + kind.Name
			if slices.Contains(plainKinds, setting) {
				continue
			}
			if at, ok := atWork[setting]; ok {
				setting = at
			}
			for _, batch := range ruleBatches {
				rows = append(rows, speedOptions{batch: batch, hidden: []int{hidden}, rule: "dense", settings: []string{"rule.clip=none", setting}})
			}
		}
	}
	return rows
}
