package rundir

// Bounds are the least energies in J that physics allows for what a run did, at
// the temperature energy.temperature (package energy/bounds has the equations).
// What was not measured is null.
type Bounds struct {
	Temperature float64 `json:"temperature"`  // K
	Thermal     float64 `json:"kt"`           // J
	Landauer    float64 `json:"landauer_bit"` // J

	ErasedBits int64   `json:"erased_bits"` // bits of the weights written, 32 a write; what changes beside them is not in it
	Erasure    float64 `json:"erasure"`     // Landauer's cost of these

	// One inference, at the activity of the last evaluation's test set.
	Units           int      `json:"units"`                    // hidden and output units
	ActiveUnits     *float64 `json:"active_units"`             // mean over inferences
	Dynamic         *float64 `json:"dynamic_inference"`        // Eq. 5, exact for each unit
	DynamicSparse   *float64 `json:"dynamic_inference_sparse"` // Eq. 5 for few active units
	QuasiStatic     float64  `json:"quasi_static_inference"`   // Eq. 7: none
	DigitalOnce     float64  `json:"digital_inference"`        // 2 N · 16 kT ln 2; N counts the weights of a convolution at each position
	Presentations   int64    `json:"presentations"`            // D: learned from
	AnalogTraining  *float64 `json:"analog_training"`          // Eq. 16 with the measured R
	AnalogInfimum   float64  `json:"analog_training_infimum"`  // Eq. 16 with R = 1
	AnalogBatched   *float64 `json:"analog_training_batched"`  // the batch of each open step at once
	DigitalTraining float64  `json:"digital_training"`         // Eq. 17, with the same N
	Ratio           *float64 `json:"ratio"`                    // digital over analog training

	Gradients     *GradientNoise `json:"gradients"`      // over the whole run
	GradientsLast *GradientNoise `json:"gradients_last"` // between the last two evaluations
}

// GradientNoise are the estimated moments of the gradients of single presentations.
type GradientNoise struct {
	Presentations int      `json:"presentations"`      // that were sampled
	MeanSquare    float64  `json:"mean_square"`        // ⟨|g|²⟩
	TraceVariance float64  `json:"trace_variance"`     // tr Σ
	Ratio         float64  `json:"r"`                  // ⟨|g|²⟩/tr Σ
	NoiseScale    *float64 `json:"b_simple"`           // tr Σ/|⟨g⟩|²; null where noise hides ⟨g⟩
	Threshold     *float64 `json:"kt_threshold"`       // kT* = η tr Σ/(2N), in units of the loss; null unless the optimizer is sgd or langevin
	ThresholdStep *float64 `json:"kt_threshold_batch"` // η tr Σ/(2NB): that of the steps as they were made
}
