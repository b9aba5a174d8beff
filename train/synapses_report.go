package train

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"ergon/graph"
)

// SynapseReport is what became of stochastic synapses. What is not finite is null.
type SynapseReport struct {
	Rho         float64 `json:"rho"`
	Cost        float64 `json:"cost"`
	Homogeneous bool    `json:"homogeneous"`
	Deviations          // of weights and biases
	Steps       int     `json:"steps"` // over which gradients and rates are averaged
}

// Deviations sums up the σ of some synapses.
type Deviations struct {
	SigmaMean       *float64 `json:"sigma_mean"`
	SigmaMedian     *float64 `json:"sigma_median"`
	ReliabilityCost *float64 `json:"reliability_cost"` // Σ σ^-ρ, without c
}

// SynapseLayer is a line of synapses.json, on the weights of one layer: how σ²
// goes with what theory says that it depends on.
type SynapseLayer struct {
	Name string `json:"name"`
	Deviations
	Fisher   Regression `json:"fisher"`   // on H = ⟨g²⟩, g = ∂loss/∂w of a batch
	Gradient Regression `json:"gradient"` // on 1/⟨|g|⟩, as Adam's learning rate goes
	Rate     Regression `json:"rate"`     // on ⟨|x|⟩ of the presynaptic unit
}

// Regression is the least-squares line of log σ² on the logarithm of another
// quantity, over the synapses for which that is finite. It is null where there
// is none: too few synapses, or all alike.
type Regression struct {
	Slope       *float64 `json:"slope"`
	Correlation *float64 `json:"correlation"` // Pearson's r
	Synapses    int      `json:"synapses"`
}

// report sums up all synapses; sigma is σ array by array.
func (s *synapses) report(sigma [][]float32) *SynapseReport {
	return &SynapseReport{
		Rho: s.spec.Rho, Cost: s.spec.Cost, Homogeneous: s.spec.Homogeneous,
		Deviations: s.describe(slices.Concat(sigma...)), Steps: s.steps,
	}
}

// describe sums up some synapses.
func (s *synapses) describe(sigma []float32) Deviations {
	sorted, cost := widen(sigma), 0.0
	slices.Sort(sorted)
	for _, x := range sorted {
		cost += math.Pow(x, -s.spec.Rho)
	}
	return Deviations{known(stat.Mean(sorted, nil)), known(sorted[len(sorted)/2]), known(cost)}
}

// known returns nil for what is not finite, which JSON cannot write.
func known(x float64) *float64 {
	if !finite(x) {
		return nil
	}
	return &x
}

// layers describes the weights of each layer.
func (s *synapses) layers(m graph.Model, sigma [][]float32) (lines []SynapseLayer) {
	fisher, gradient, rate := s.means()
	a := 0
	for l, layer := range m.Layers() {
		lines = append(lines, SynapseLayer{
			Name: layer.Name, Deviations: s.describe(sigma[a]),
			Fisher:   s.regress(sigma[a], func(i int) float64 { return fisher[a][i] }),
			Gradient: s.regress(sigma[a], func(i int) float64 { return 1 / gradient[a][i] }),
			Rate:     s.regress(sigma[a], func(i int) float64 { return rate[l][i/layer.Out] }),
		})
		if a++; layer.B != nil {
			a++
		}
	}
	return lines
}

// regress fits log σ² to the logarithm of a quantity of each synapse.
func (s *synapses) regress(sigma []float32, quantity func(int) float64) (r Regression) {
	var x, y []float64
	for i, deviation := range sigma {
		logarithm, variance := math.Log(quantity(i)), 2*math.Log(float64(deviation))
		if finite(logarithm) && finite(variance) {
			x, y = append(x, logarithm), append(y, variance)
		}
	}
	if r.Synapses = len(x); s.spec.Homogeneous || len(x) < 2 {
		return r
	}
	_, slope := stat.LinearRegression(x, y, nil, false)
	r.Slope, r.Correlation = known(slope), known(stat.Correlation(x, y, nil))
	return r
}
