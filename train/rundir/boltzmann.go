package rundir

// Boltzmann is what an evaluation says of a Boltzmann machine, means over a set.
type Boltzmann struct {
	FreeEnergy float64 `json:"free_energy"` // F(v), nats; the log-likelihood is -F - ln Z
	// PseudoLikelihood is ln Π_i p(v_i | all others) in nats per example, estimated from one
	// unit of each; null unless visible units are binary.
	PseudoLikelihood *float64 `json:"pseudo_likelihood"`
	// Reconstruction is the mean square of v less its mean-field reconstruction, per unit.
	Reconstruction float64 `json:"reconstruction_error"`
	// Likelihood is by the config's method; nil where it is for the end of the run only.
	Likelihood *Likelihood `json:"likelihood,omitempty"`
	// Jarzynski and Trajectory are what chains beside tell of ln Z (likelihood.witnesses): by the
	// work of all updates, whose ⟨e^-w⟩ is unbiased but carried by few chains in the end; and update by
	// update, as if each state of the chains were a sample.
	Jarzynski  *Likelihood `json:"jarzynski,omitempty"`
	Trajectory *Likelihood `json:"trajectory,omitempty"`
	// Work is the mean work on the chains that learning sees, ⟨w⟩ in kT; null without such.
	Work *float64 `json:"work,omitempty"`
	// WitnessWork is the same on chains that learning does not see; null without such.
	WitnessWork *float64 `json:"work_on_witnesses,omitempty"`
	*Spectrum
}

// Likelihood is the log-likelihood of a Boltzmann machine, in nats per example.
type Likelihood struct {
	Train  *float64 `json:"train,omitempty"`
	Test   float64  `json:"test"`
	LnZ    float64  `json:"ln_z"`
	Method string   `json:"method"` // exact, ais, jarzynski or, at evaluations, trajectory
	// Lo and Hi are the log-likelihood of the test set three standard errors of ln Z away;
	// equal where ln Z is exact.
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
	// Effective is how many chains carry an estimate, as of Carried.
	Effective *float64 `json:"effective_chains,omitempty"`
	Chains    int      `json:"chains,omitempty"`
	// LnZReverse is ln Z from chains that are annealed back from the persistent ones. It is an
	// upper bound on average if these are samples of the machine, where ais is a lower one.
	LnZReverse *float64 `json:"ln_z_reverse,omitempty"`
}

// Carried says whether a likelihood is exact or a tenth of the chains or more carry it. If fewer do, it
// is not to be trusted, nor is its error.
func (l *Likelihood) Carried() bool {
	return l.Effective == nil || *l.Effective >= float64(l.Chains)/10
}

// ChainWork is the work of all updates on chains, in units of kT per chain.
type ChainWork struct {
	Mean       float64  `json:"mean"`                       // ⟨w⟩, w = Σ F_{t+1}(v_t) - F_t(v_t)
	DeltaF     *float64 `json:"delta_f"`                    // -ln Z_T/Z_0; null where nothing tells it
	By         string   `json:"delta_f_by,omitempty"`       // how that is known: exact, ais or jarzynski
	Error      *float64 `json:"delta_f_error"`              // its standard error
	Dissipated *float64 `json:"dissipated"`                 // ⟨w⟩ - ΔF
	Updates    int      `json:"updates"`                    // that did work
	Effective  *float64 `json:"effective_chains,omitempty"` // that carry ⟨e^-w⟩, where that tells ΔF
	// Witnesses is the work on chains that learning does not see.
	Witnesses *ChainWork `json:"witnesses,omitempty"`
}

// Free enters ΔF with its standard error, known by a method, and what is dissipated then.
func (w *ChainWork) Free(deltaF, standardError float64, by string) {
	dissipated := w.Mean - deltaF
	w.DeltaF, w.Error, w.Dissipated, w.By = &deltaF, &standardError, &dissipated, by
}

// Adversarial is the adversarial accuracy of samples (Yale et al. 2020): the shares of
// examples and of samples whose nearest other is of their own kind. ½ is perfect.
type Adversarial struct {
	Truth         float64 `json:"truth"`
	Synthetic     float64 `json:"synthetic"`
	StandardError float64 `json:"standard_error"`
	Examples      int     `json:"examples"` // and as many samples
}

// LikelihoodCrossing is the first evaluation at or above a goal of log-likelihood.
type LikelihoodCrossing struct {
	Goal       float64  `json:"goal"`
	Likelihood float64  `json:"likelihood"` // of the test set, measured there
	Samples    int      `json:"samples"`
	Steps      int      `json:"steps"`
	Updates    int      `json:"updates"`
	M0         int64    `json:"m0"`
	M1         float64  `json:"m1"`
	M0Min      int64    `json:"m0_min"`
	M1Min      *float64 `json:"m1_min"`
	Sampled    int64    `json:"sampled_active_units"` // of both layers, in Gibbs sampling
	MACs       int64    `json:"macs_effective"`       // of both passes and of sampling
	Work       *float64 `json:"work,omitempty"`       // on the chains, ⟨w⟩
}
