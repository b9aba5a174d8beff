package rundir

// SynapseReport describes stochastic synapses at the end of a run. What is not finite is
// null.
type SynapseReport struct {
	Rho         float64 `json:"rho"`
	Cost        float64 `json:"cost"`
	Homogeneous bool    `json:"homogeneous"`
	Deviations          // of weights and biases
	Steps       int     `json:"steps"` // over which gradients and rates are averaged
}

// Deviations describe the σ of some synapses.
type Deviations struct {
	SigmaMean       *float64 `json:"sigma_mean"`
	SigmaMedian     *float64 `json:"sigma_median"`
	ReliabilityCost *float64 `json:"reliability_cost"` // Σ σ^-ρ, without c
}

// SynapseLayer is an entry of synapses.json: the deviations of a layer's synapses, weights
// and biases, and how σ² of its weights depends on the quantities that it should depend on
// by theory.
type SynapseLayer struct {
	Name       string     `json:"name"`
	Deviations            // of weights and biases: costs add up to that of the network
	Fisher     Regression `json:"fisher"`   // on H = ⟨g²⟩, g = ∂loss/∂w of a batch
	Gradient   Regression `json:"gradient"` // on 1/⟨|g|⟩, as Adam's learning rate goes
	Rate       Regression `json:"rate"`     // on ⟨|x|⟩ of the presynaptic unit
}

// Regression is the least-squares line of log σ² on the logarithm of another
// quantity, over the synapses for which that is finite. It is null where there
// is none: too few synapses, or all alike.
type Regression struct {
	Slope       *float64 `json:"slope"`
	Correlation *float64 `json:"correlation"` // Pearson's r
	Synapses    int      `json:"synapses"`
}
