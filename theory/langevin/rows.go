package langevin

import (
	"gonum.org/v1/gonum/floats"

	"ergon/theory"
)

// row compares one temperature. base are the means without thermal noise.
func (l *Langevin) row(ratio float64, c, base *means) []theory.Quantity {
	e := l.Stationary(ratio)
	mean, noise := l.gradient(e)
	row := []theory.Quantity{
		theory.Value("ratio", ratio),
		theory.Value("temperature", ratio*l.Threshold()),
		{Name: "e_inf", Predicted: e},
		{Name: "e_inf_ratio", Predicted: 1 + ratio},
		{Name: "work", Predicted: l.Work(e)},
		{Name: "r", Predicted: 1 + mean/noise},
		{Name: "bound", Predicted: 1},
	}
	if c == nil {
		return row
	}
	for i, estimate := range []theory.Estimate{
		theory.EstimateMean(c.distance),
		theory.EstimateRatio(c.distance, base.distance),
		theory.EstimateMean(c.work),
		theory.EstimateRatio(c.norm, c.noise),
		theory.EstimateRatio(c.work, l.bound(c)),
	} {
		row[2+i].Simulations = theory.Simulated(estimate)
	}
	return row
}

// bound returns 2N·p·kT_g·(1 + B/B_simple) = p·η·(tr Σ/B + |ḡ|²) of the probes of
// each student.
func (l *Langevin) bound(c *means) []float64 {
	bound := make([]float64, len(c.noise))
	floats.AddScaled(bound, l.P*l.LearningRate/float64(l.Batch), c.noise)
	floats.AddScaled(bound, l.P*l.LearningRate, c.mean)
	return bound
}
