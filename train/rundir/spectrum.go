package rundir

// Spectrum is what the weights W [V,H] of a Boltzmann machine have learned, mode by mode.
type Spectrum struct {
	// SingularValues are those of W, the largest first: the first ten, or all of at most 32.
	SingularValues []float64 `json:"singular_values"`
	// Stability is the largest singular value of D_v^½ W D_h^½, where D are the variances of
	// the units at the fields that the mean of the training inputs makes. Above 1 the state
	// in which all samples look like that mean is unstable, in mean field; so the first
	// transition is where it passes 1 (for balanced units that are 0 or 1, where the largest
	// singular value of W is 4). null where a unit is several numbers.
	Stability *float64 `json:"stability"`
}
