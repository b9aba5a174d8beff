package masks

// Default is plain gradient descent: no gate, every error, every synapse, no clip.
func Default() Rule {
	return Rule{
		Gate: NoGate{}, Error: FullError{}, Mask: []MaskSpec{&Full{}},
		Clip: NoClip{}, Optimizer: &SGD{LearningRate: 0.1}, Cache: NoCache{},
		Synapse: Deterministic{},
	}
}
