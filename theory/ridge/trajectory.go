package ridge

import (
	"gonum.org/v1/gonum/floats"

	"ergon/theory"
)

// trajectory is how gradient descent proceeds, predicted or simulated. All slices are
// [steps+1]; counts are per synapse.
type trajectory struct {
	overlap, distance, norm []float64 // w·w*/d, |w-w*|²/d, |w|²/d
	training, test          []float64 // losses
	m0, m1                  []float64 // of the step from t: share that changes, mean |Δw|
	dissipation             []float64 // of the step from t
	displacement            []float64 // mean |w(t)-w(0)|
	grain                   float64   // of a simulation: 1/d, of which m0 is a multiple
	gaussianExcess          float64   // of a prediction: largest relative error of √(2/π·⟨G²⟩)
	sampling                float64   // of a prediction: largest relative error of ⟨|G|⟩
}

func newTrajectory(steps int) *trajectory {
	all := make([]float64, 9*(steps+1))
	next := func() (part []float64) {
		part, all = all[:steps+1:steps+1], all[steps+1:]
		return part
	}
	return &trajectory{
		overlap: next(), distance: next(), norm: next(), training: next(), test: next(),
		m0: next(), m1: next(), dissipation: next(), displacement: next(),
	}
}

// curves returns the columns of the table.
func (c *trajectory) curves() []theory.Curve {
	changes, change := sumsBefore(c.m0), sumsBefore(c.m1)
	inefficiency := make([]float64, len(change))
	floats.DivTo(inefficiency, change, c.displacement)
	inefficiency[0] = 1 // as after one step, whose path is straight
	return []theory.Curve{
		{Name: "m", Predicted: c.overlap},
		{Name: "e", Predicted: c.distance},
		{Name: "c", Predicted: c.norm},
		{Name: "train_loss", Predicted: c.training},
		{Name: "test_loss", Predicted: c.test},
		{Name: "m0", Predicted: c.m0, Grain: c.grain},
		{Name: "m1", Predicted: c.m1},
		{Name: "dissipation", Predicted: c.dissipation},
		{Name: "m0_total", Predicted: changes, Grain: c.grain},
		{Name: "m1_total", Predicted: change},
		{Name: "m1_min", Predicted: c.displacement},
		{Name: "inefficiency", Predicted: inefficiency},
	}
}

// withSimulations returns the curves together with those of simulations.
func (c *trajectory) withSimulations(simulations []*trajectory) []theory.Curve {
	curves := c.curves()
	for _, simulation := range simulations {
		for i, column := range simulation.curves() {
			curves[i].Simulated, curves[i].Grain = append(curves[i].Simulated, column.Predicted), column.Grain
		}
	}
	return curves
}

// sumsBefore returns for each step the sum over all steps before it.
func sumsBefore(steps []float64) []float64 {
	sums := make([]float64, len(steps))
	floats.CumSum(sums[1:], steps[:len(steps)-1])
	return sums
}
