package theory

import "gonum.org/v1/gonum/floats"

// ridgeCourse is a course of gradient descent, predicted or simulated. All slices
// are [steps+1]; counts are per synapse.
type ridgeCourse struct {
	overlap, distance, norm []float64 // w·w*/d, |w-w*|²/d, |w|²/d
	training, test          []float64 // losses
	changes, change         []float64 // of the step from t: part that changes, mean |Δw|
	dissipation             []float64 // of the step from t
	displacement            []float64 // mean |w(t)-w(0)|
	grain                   float64   // of a simulation: 1/d, of which changes are multiples
	gaussianExcess          float64   // of a prediction: largest relative error of √(2/π·⟨G²⟩)
	sampling                float64   // of a prediction: largest relative error of ⟨|G|⟩
}

func newRidgeCourse(steps int) *ridgeCourse {
	all := make([]float64, 9*(steps+1))
	next := func() (part []float64) {
		part, all = all[:steps+1:steps+1], all[steps+1:]
		return part
	}
	return &ridgeCourse{
		overlap: next(), distance: next(), norm: next(), training: next(), test: next(),
		changes: next(), change: next(), dissipation: next(), displacement: next(),
	}
}

// columns returns the course as the table has it.
func (c *ridgeCourse) columns() []curve {
	changes, change := before(c.changes), before(c.change)
	inefficiency := make([]float64, len(change))
	floats.DivTo(inefficiency, change, c.displacement)
	inefficiency[0] = 1 // as after one step, which is straight
	return []curve{
		{name: "m", predicted: c.overlap},
		{name: "e", predicted: c.distance},
		{name: "c", predicted: c.norm},
		{name: "train_loss", predicted: c.training},
		{name: "test_loss", predicted: c.test},
		{name: "m0", predicted: c.changes, grain: c.grain},
		{name: "m1", predicted: c.change},
		{name: "dissipation", predicted: c.dissipation},
		{name: "m0_total", predicted: changes, grain: c.grain},
		{name: "m1_total", predicted: change},
		{name: "m1_min", predicted: c.displacement},
		{name: "inefficiency", predicted: inefficiency},
	}
}

// beside returns the columns with those of simulations.
func (c *ridgeCourse) beside(simulations []*ridgeCourse) []curve {
	curves := c.columns()
	for _, simulation := range simulations {
		for i, column := range simulation.columns() {
			curves[i].simulated, curves[i].grain = append(curves[i].simulated, column.predicted), column.grain
		}
	}
	return curves
}

// before returns the sums over all steps before each.
func before(steps []float64) []float64 {
	sums := make([]float64, len(steps))
	floats.CumSum(sums[1:], steps[:len(steps)-1])
	return sums
}
