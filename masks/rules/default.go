package rules

import (
	"ergon/masks"
)

// Default is plain gradient descent: no gate, every error, every synapse, no clip.
func Default() masks.Rule {
	return masks.Rule{
		Gate: masks.NoGate{}, Error: masks.FullError{}, Mask: []masks.MaskSpec{&Full{}},
		Clip: masks.NoClip{}, Optimizer: &SGD{LearningRate: 0.1}, Cache: masks.NoCache{},
		Synapse: masks.Deterministic{},
	}
}
