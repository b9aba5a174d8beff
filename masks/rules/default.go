// Package rules has the built-in kinds of every stage of a learning rule, one in a file,
// definition only. Kinds that need more files have their own packages below this one.
package rules

import (
	"ergon/masks"

	// These kinds register themselves.
	_ "ergon/masks/rules/accumulate" // kinds of caches
	_ "ergon/masks/rules/caching"
	_ "ergon/masks/rules/competitive"
	_ "ergon/masks/rules/pulsed" // an optimizer
	_ "ergon/masks/rules/stochastic"
)

// Default is plain gradient descent: no gate, every error, every synapse, no clip.
func Default() masks.Rule {
	return masks.Rule{
		Gate: masks.NoGate{}, Error: masks.FullError{}, Mask: []masks.MaskSpec{&Full{}},
		Clip: masks.NoClip{}, Optimizer: &SGD{LearningRate: 0.1, Rate: "absolute", Schedule: masks.NoSchedule{}}, Cache: masks.NoCache{},
		Project: masks.NoProject{}, Synapse: masks.Deterministic{},
	}
}
