package rundir

import "ergon/energy"

// Metrics is one line of metrics.jsonl: the state of a run at an evaluation.
// Counts are sums since the start.
type Metrics struct {
	Step         int      `json:"step"`
	Samples      int      `json:"samples"`
	Epoch        float64  `json:"epoch"`
	Updates      int      `json:"updates"`    // steps in which a synapse changed
	TrainLoss    float64  `json:"train_loss"` // mean over the presentations since the last evaluation
	TestLoss     float64  `json:"test_loss"`
	TestAccuracy *float64 `json:"test_accuracy"` // null for real-valued targets
	*Validation           // nil: nothing is held out
	energy.Totals
	Minimum
	Paid
	Displacement2  *float64        `json:"displacement2"`             // |w - w_0|²; null where weights are not finite
	Work           *Work           `json:"work,omitempty"`            // missing on a GPU
	ScaleInvariant *ScaleInvariant `json:"scale_invariant,omitempty"` // of normalised networks
	Boltzmann      *Boltzmann      `json:"boltzmann,omitempty"`
	Wall           float64         `json:"wall_s"` // since the start, evaluations included
}

// Validation is the network's performance on the training examples that are held out.
type Validation struct {
	ValidationLoss     float64  `json:"validation_loss"`
	ValidationAccuracy *float64 `json:"validation_accuracy"` // null for real-valued targets
}

// GoalAccuracy returns the accuracy that goals and searches look at: on the examples held out
// for validation, or on the test set where there are none; nil for real-valued targets.
func (m *Metrics) GoalAccuracy() *float64 {
	if m.Validation != nil {
		return m.ValidationAccuracy
	}
	return m.TestAccuracy
}

// Minimum is the least that could have led to the present weights, and how
// many times that was spent.
type Minimum struct {
	M0Min          int64    `json:"m0_min"`
	M1Min          *float64 `json:"m1_min"`          // null where weights are not finite
	M0Inefficiency *float64 `json:"m0_inefficiency"` // null where nothing was learned
	M1Inefficiency *float64 `json:"m1_inefficiency"`
}

// StepLine is one line of steps.jsonl: what one step did, by itself.
type StepLine struct {
	Step    int     `json:"step"`
	Samples int     `json:"samples"` // presentations of this step
	Updates int     `json:"updates"` // 1 where a synapse changed, else 0
	Loss    float64 `json:"loss"`
	energy.Totals
}
