package measure

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"ergon/graph"
	"ergon/internal/finite"
	"ergon/train/rundir"
)

// Report describes all synapses together; sigma is σ, array by array.
func (s *Synapses) Report(sigma [][]float32) *rundir.SynapseReport {
	return &rundir.SynapseReport{
		Rho: s.spec.Rho, Cost: s.spec.Cost, Homogeneous: s.spec.Homogeneous,
		Deviations: s.describe(slices.Concat(sigma...)), Steps: s.steps,
	}
}

// describe describes some synapses by their σ.
func (s *Synapses) describe(sigma []float32) rundir.Deviations {
	sorted, cost := make([]float64, len(sigma)), 0.0
	for i, x := range sigma {
		sorted[i] = float64(x)
	}
	slices.Sort(sorted)
	for _, x := range sorted {
		cost += math.Pow(x, -s.spec.Rho)
	}
	return rundir.Deviations{
		SigmaMean:       finite.OrNil(stat.Mean(sorted, nil)),
		SigmaMedian:     finite.OrNil((sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2),
		ReliabilityCost: finite.OrNil(cost),
	}
}

// Layers describes the synapses of each layer of m, and fits its weights; sigma is σ,
// array by array.
func (s *Synapses) Layers(m graph.Model, sigma [][]float32) (lines []rundir.SynapseLayer) {
	fisher, gradient, rate := s.Means()
	a := 0
	for l, layer := range m.Layers() {
		all := sigma[a]
		if layer.B != nil {
			all = slices.Concat(all, sigma[a+1])
		}
		lines = append(lines, rundir.SynapseLayer{
			Name: layer.Name, Deviations: s.describe(all),
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
func (s *Synapses) regress(sigma []float32, quantity func(int) float64) (r rundir.Regression) {
	var x, y []float64
	for i, deviation := range sigma {
		logarithm, variance := math.Log(quantity(i)), 2*math.Log(float64(deviation))
		if finite.Is(logarithm) && finite.Is(variance) {
			x, y = append(x, logarithm), append(y, variance)
		}
	}
	if r.Synapses = len(x); s.spec.Homogeneous || len(x) < 2 {
		return r
	}
	_, slope := stat.LinearRegression(x, y, nil, false)
	r.Slope, r.Correlation = finite.OrNil(slope), finite.OrNil(stat.Correlation(x, y, nil))
	return r
}
