package theory

import "gonum.org/v1/gonum/floats"

// row compares one temperature. base holds the courses without thermal noise.
func (l *Langevin) row(ratio float64, c, base *langevinMeans) []quantity {
	e := l.Stationary(ratio)
	mean, noise := l.gradient(e)
	row := []quantity{
		given("ratio", ratio),
		given("temperature", ratio*l.Threshold()),
		{name: "e_inf", predicted: e},
		{name: "e_inf_ratio", predicted: 1 + ratio},
		{name: "work", predicted: l.Work(e)},
		{name: "r", predicted: 1 + mean/noise},
		{name: "bound", predicted: 1},
	}
	if c == nil {
		return row
	}
	for i, estimate := range []measured{
		meanOf(c.distance),
		ratioOf(c.distance, base.distance),
		meanOf(c.work),
		ratioOf(c.norm, c.noise),
		ratioOf(c.work, l.bound(c)),
	} {
		row[2+i].simulations = []simulation{{"simulated", estimate}}
	}
	return row
}

// bound returns 2N·p·kT_g·(1 + B/B_simple) = p·η·(tr Σ/B + |ḡ|²) of the probes of
// each course.
func (l *Langevin) bound(c *langevinMeans) []float64 {
	bound := make([]float64, len(c.noise))
	floats.AddScaled(bound, l.P*l.LearningRate/float64(l.Batch), c.noise)
	floats.AddScaled(bound, l.P*l.LearningRate, c.mean)
	return bound
}
