package rundir

// Rungs compare what a run dissipated with what thermodynamics asks for the way its
// weights went, and for what they learned. What is not known is null, with the reason.
type Rungs struct {
	Displacement2   *float64 `json:"displacement2"`                     // |w_n - w_0|², in units of the weights squared
	NoDisplacement2 string   `json:"displacement2_not_known,omitempty"` // why it is null
	// SpeedEfficiency is |w_n - w_0|²/(W Σ η_t), at most 1 but for the rounding of weights,
	// and 1 for a gradient that stays the same.
	SpeedEfficiency   *float64 `json:"speed_efficiency"`
	NoSpeedEfficiency string   `json:"speed_efficiency_not_known,omitempty"`
	// Information is the mutual information in nats of label and answer on the test set, at
	// the last evaluation.
	Information   *float64 `json:"information"`
	NoInformation string   `json:"information_not_known,omitempty"`
	// LearningEfficiency is D·I/(W/kT*): the information about the labels of D presentations
	// over the work in units of the threshold temperature, kt_threshold_batch of
	// energy.bounds.gradients_last.
	LearningEfficiency   *float64 `json:"learning_efficiency"`
	NoLearningEfficiency string   `json:"learning_efficiency_not_known,omitempty"`
}
