package rundir

// Monitors are what an evaluation says of a Boltzmann machine, means over a set.
type Monitors struct {
	FreeEnergy float64 `json:"free_energy"` // F(v), nats; the log-likelihood is -F - ln Z
	// PseudoLikelihood is ln Π_i p(v_i | all others) in nats per example, estimated from one
	// unit of each; null unless visible units are binary.
	PseudoLikelihood *float64 `json:"pseudo_likelihood"`
	// Reconstruction is the mean square of v less its mean-field reconstruction, per unit.
	Reconstruction float64 `json:"reconstruction_error"`
}
