package rundir

// FreeEnergy is what a run measured of the energy U and the entropy S of its weights, in
// windows of its steps: what F = U - T·S is made of (Sadrtdinov et al. 2025,
// arXiv 2505.23489).
type FreeEnergy struct {
	Dimension  int                `json:"dimension"`  // d of what the learned weights move on: one less for each norm that is held
	Neighbours int                `json:"neighbours"` // k of the graph of Costa and Hero
	Windows    []FreeEnergyWindow `json:"windows"`    // in their order; of a run that made all its steps the last one ends with it
}

// FreeEnergyWindow is one of the windows. What is not known is null.
type FreeEnergyWindow struct {
	Step          int      `json:"step"`             // the last one of the window
	Steps         int      `json:"steps"`            // of the window
	Weights       int      `json:"weights"`          // N, of them, evenly spaced
	Rate          *float64 `json:"lr"`               // η at its end; null for optimizers whose step is not η times a gradient
	EffectiveRate *float64 `json:"effective_lr"`     // η/|w|² of the scale-invariant weights; null where there are none
	Energy        float64  `json:"u"`                // U, mean training loss of the window's batches, each before its update
	EnergyError   *float64 `json:"u_standard_error"` // by ten blocks; null of fewer than 20 steps
	Entropy       *float64 `json:"entropy"`          // S in nats by Costa and Hero, up to a constant of d and k; null: weights did not move
	EntropyKL     *float64 `json:"entropy_kl"`       // S in nats by Kozachenko and Leonenko with one neighbour; null: some weights were twice at one place
	// Of minibatch gradients at the last weights of the window, of what is learned. Null where none were asked
	// for, and of stochastic synapses, which do not transmit their weights:
	Signal2   *float64 `json:"signal2"`      // |ḡ|², without the noise's part of it; may be below 0 by chance
	Noise2    *float64 `json:"noise2"`       // ⟨|g - ḡ|²⟩ = tr Σ of a batch
	SNR       *float64 `json:"snr"`          // √(signal2/noise2), 0 where signal2 is not above 0
	Threshold *float64 `json:"kt_threshold"` // kT* = η·tr Σ/(2d), in units of the loss
}
