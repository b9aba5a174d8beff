package ridge

import (
	"gonum.org/v1/gonum/floats"

	"ergon/theory"
)

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
func (c *ridgeCourse) columns() []theory.Curve {
	changes, change := before(c.changes), before(c.change)
	inefficiency := make([]float64, len(change))
	floats.DivTo(inefficiency, change, c.displacement)
	inefficiency[0] = 1 // as after one step, which is straight
	return []theory.Curve{
		{Name: "m", Predicted: c.overlap},
		{Name: "e", Predicted: c.distance},
		{Name: "c", Predicted: c.norm},
		{Name: "train_loss", Predicted: c.training},
		{Name: "test_loss", Predicted: c.test},
		{Name: "m0", Predicted: c.changes, Grain: c.grain},
		{Name: "m1", Predicted: c.change},
		{Name: "dissipation", Predicted: c.dissipation},
		{Name: "m0_total", Predicted: changes, Grain: c.grain},
		{Name: "m1_total", Predicted: change},
		{Name: "m1_min", Predicted: c.displacement},
		{Name: "inefficiency", Predicted: inefficiency},
	}
}

// beside returns the columns with those of simulations.
func (c *ridgeCourse) beside(simulations []*ridgeCourse) []theory.Curve {
	curves := c.columns()
	for _, simulation := range simulations {
		for i, column := range simulation.columns() {
			curves[i].Simulated, curves[i].Grain = append(curves[i].Simulated, column.Predicted), column.Grain
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
