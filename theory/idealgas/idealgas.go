// Package idealgas is the theory called idealgas: scale-invariant weights that decay, as a gas under the
// pressure of the decay.
package idealgas

import (
	"context"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// IdealGas is gradient descent with isotropic noise, weight decay and a mask on D weights whose loss depends on
// their direction alone, U = 1 - x_D/r, r = |x|:
//
//	x ← x - η·M ⊙ g - ηλ·x,   g = (∇U + σξ)/r,   ξ ~ N(0,1) in each tangential direction,   M ~ Bernoulli(p).
//
// Noise drives x outwards, decay inwards: at a mean radius, which they choose, it is an ideal gas with the
// temperature T, the volume V = r²/2 and the pressure λ,
//
//	T = ησ²/2r²,   λV = p·(D-1)·T/2,   U = (D-1)·T/2,   S = (D-1)/2·ln(2πe T) + (D-1)·ln r.
//
// At a fixed rate η the entropy does not depend on λ; at a fixed effective rate η/r² it falls by
// (D-1)/2 with each factor e of λ. Both are Maxwell's relations of G = U - T·S + λV. A mask thins the noise and the
// descent alike, and so leaves U at a given T as it is, but not the decay: it is as if the pressure were λ/p.
type IdealGas struct {
	D        int     `key:"d" doc:"weights" in:"[3,10000]"`
	Rate     float64 `key:"eta" doc:"η, or the effective rate η/r² if that is held" in:"(0,0.5]"`
	Decay    float64 `key:"lambda" doc:"λ, weight decay" in:"(0,1]"`
	P        float64 `key:"p" doc:"probability that a weight may follow its gradient in a step; it always decays" in:"(0,1]"`
	Sigma    float64 `key:"sigma" doc:"σ, deviation of a component of the gradient at r = 1" in:"(0,10]"`
	Hold     string  `key:"hold" doc:"what stays as it is: the rate, or the effective rate η/r²" oneof:"rate|effective"`
	Grid     int     `key:"grid" doc:"values of η and of λ, about those given; 1: those alone. 2 or more give the slopes of S" in:"[1,100]"`
	Decades  float64 `key:"decades" doc:"of the grid, in η and in λ" in:"(0,4]"`
	Simulate int     `key:"simulate" doc:"walkers at each η and λ; 0: prediction alone" in:"[0,100000]"`
	Times    int     `key:"times" doc:"relaxation times r²/pη for which a walker is observed, after three of its radius" in:"[20,10000000]"`
	Seed     uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*IdealGas)(nil)

func init() {
	theory.Theories.Register("idealgas", schema.Doc{
		Summary: "weights that decay as an ideal gas: volume, pressure, temperature, with masks",
		Source:  "Sadrtdinov et al. 2025, arXiv 2511.07308, with masks added",
	}, func() theory.Theory {
		return &IdealGas{
			D: 50, Rate: 0.003, Decay: 0.003, P: 1, Sigma: 1, Hold: "rate",
			Grid: 1, Decades: 2, Simulate: 16, Times: 200,
		}
	})
}

// mostMoves is how often a walker may move a weight: some minutes.
const mostMoves = 2e10

// Validate refuses states that are no gas, and simulations that take too long.
func (g *IdealGas) Validate() error {
	for _, point := range g.grid() {
		s := g.state(point.rate, point.decay)
		effective := 2 * s.temperature / (g.Sigma * g.Sigma)
		switch steps := g.steps(point); {
		case effective > 0.5:
			return schema.Fieldf("eta", "the effective rate η/r² is %.3g at η = %.3g, λ = %.3g: a step is as long as x; give a smaller η or λ", effective, point.rate, point.decay)
		case g.Simulate > 0 && steps > theory.MaxSimulatedSteps:
			return schema.Fieldf("eta", "a walker at η = %.3g, λ = %.3g takes %.3g steps; give a larger η or λ, or simulate=0", point.rate, point.decay, steps)
		case g.Simulate > 0 && steps*float64(g.D) > mostMoves:
			return schema.Fieldf("d", "a walker at η = %.3g, λ = %.3g takes %.3g steps of %d weights; give fewer weights or times, a larger η or λ, or simulate=0", point.rate, point.decay, steps, g.D)
		}
	}
	return nil
}

// point is a place of the grid.
type point struct{ rate, decay float64 }

// grid returns the values of η and λ, λ the faster one.
func (g *IdealGas) grid() (points []point) {
	axis := make([]float64, g.Grid)
	for i := range axis {
		if g.Grid > 1 {
			axis[i] = g.Decades * (float64(i)/float64(g.Grid-1) - 0.5)
		}
	}
	for _, a := range axis {
		for _, b := range axis {
			points = append(points, point{g.Rate * math.Pow(10, a), g.Decay * math.Pow(10, b)})
		}
	}
	return points
}

// Predict implements Theory.
func (g *IdealGas) Predict(ctx context.Context) (*theory.Result, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	points := g.grid()
	w, err := g.walk(ctx, points)
	if err != nil {
		return nil, err
	}
	rows := make([][]theory.Quantity, len(points))
	for i, at := range points {
		rows[i] = g.row(at, w, i)
	}
	result := theory.Table(rows)
	if g.Grid == 1 {
		addMeasured(result, rows[0])
	} else {
		g.addSlopes(result, points, w)
	}
	result.Notes = []string{
		"temperature is measured as 2U/(D-1), energy per degree of freedom; pressure_volume is λV/T, p·(D-1)/2 by the equation of state",
		"the theory is that of small η/r² and T: what a step's finite size adds is of the relative order η/2r², and gradients of U lengthen x by a relative U/(D-1)",
	}
	if g.D > mostEntropyDimension {
		result.Notes = append(result.Notes, "S is not estimated: above ten dimensions it takes more iterates than there are")
	}
	return result, nil
}

// row compares a place of the grid.
func (g *IdealGas) row(at point, w *walks, i int) []theory.Quantity {
	s := g.state(at.rate, at.decay)
	row := []theory.Quantity{
		theory.Value("eta", at.rate),
		theory.Value("lambda", at.decay),
		{Name: "r", Predicted: s.r},
		{Name: "v", Predicted: s.volume},
		{Name: "u", Predicted: s.energy},
		{Name: "temperature", Predicted: s.temperature},
		{Name: "pressure_volume", Predicted: g.P * float64(g.D-1) / 2},
		{Name: "entropy", Predicted: s.entropy},
	}
	if w == nil {
		return row
	}
	n := float64(g.D - 1)
	temperatures := make([]float64, g.Simulate)
	for k, u := range w.energy[i] {
		temperatures[k] = 2 * u / n
	}
	pressures := make([]float64, g.Simulate)
	for k, v := range w.volume[i] {
		pressures[k] = at.decay * v
	}
	for q, estimate := range []theory.Estimate{
		theory.EstimateMean(w.radius[i]),
		theory.EstimateMean(w.volume[i]),
		theory.EstimateMean(w.energy[i]),
		theory.EstimateMean(temperatures),
		theory.EstimateRatio(pressures, w.bath[i]),
		theory.EstimateMean(w.entropy[i]),
	} {
		row[2+q].Simulations = theory.Simulated(estimate)
	}
	return row
}

// addMeasured adds the quantities of the one row to the scalars: what was measured under the quantity's
// name, and the prediction beside it.
func addMeasured(result *theory.Result, row []theory.Quantity) {
	for _, q := range row[2:] {
		result.Scalars[q.Name+"_exact"] = theory.Known(q.Predicted)
		result.Scalars[q.Name] = nil
		if len(q.Simulations) > 0 {
			result.Scalars[q.Name] = theory.Known(q.Simulations[0].Value)
			result.Scalars[q.Name+"_error"] = theory.Known(q.Simulations[0].StandardError)
		}
	}
}
