package rundir

// ScaleInvariant says where a run stands with the weights whose scale the loss does not
// depend on, those of normalised layers.
type ScaleInvariant struct {
	Synapses      int       `json:"synapses"`
	Norm          float64   `json:"norm"`         // |w|, all of them as one vector
	EffectiveRate *float64  `json:"effective_lr"` // η/|w|²; null for optimizers whose step is not η times a gradient
	Rule          *RuleOnly `json:"rule,omitempty"`
}

// RuleOnly is what the rule's updates changed, all layers, without the projections that
// followed. M0 and M1 elsewhere are of both together.
type RuleOnly struct {
	M0 int64   `json:"m0"`
	M1 float64 `json:"m1"`
}
