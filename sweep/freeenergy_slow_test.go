//go:build slow

package sweep

import (
	"math"
	"strings"
	"testing"
)

// linear is a linear network with noisy targets. Its inputs are as strong in all directions, and its weights
// diffuse as weights in a bath do.
const linear = `# a linear network
base: mixture
set:
  data: {name: teacher, train: 4000, test: 50, inputs: 10, noise: 1}
  model: {kind: mlp, hidden: [], loss: mse, output: linear}
  rule.mask: full
  train.batch: 40
  train.sampling: replacement
  train.eval_every: 100000
  engine.blas: gonum
  free_energy: {window: 4000, neighbours: 50, gradients: 2000}
rules: [{label: full}]
grid: {lr: [0.1, 0.14, 0.2, 0.28, 0.4]}
seeds: 3
budget: 400000
free_energy: {smooth: 0, slack: 0}
figures: false
`

// U and S that runs measure give the temperature of the noise that they measure, if windows hold many relaxation
// times 1/η. The variance C of a weight is stationary where 2ηC - η²C = η²·tr Σ/d, so that T = C is kT*/(1 - η/2).
// What iterates of shorter windows still know of each other makes S too small at low rates, and T with it.
func TestTemperatureOfALinearNetwork(t *testing.T) {
	few := strings.NewReplacer("[0.1, 0.14, 0.2, 0.28, 0.4]", "[0.02, 0.03, 0.045, 0.067, 0.1]", "batch: 40", "batch: 4", "budget: 400000", "budget: 40000").Replace(linear)
	for _, c := range []struct {
		name, text string
		low, high  float64
	}{
		{"400 to 1600 relaxation times", linear, 0.95, 1.05},
		{"80 to 400", few, 0.5, 0.95},
		{"10 to 50", strings.Replace(few, "{window: 4000, neighbours: 50,", "{window: 500, neighbours: 5,", 1), 0.25, 0.75},
	} {
		b := parse(t, c.text)
		curve := b.NewReport(ran(t, planned(t, b), t.TempDir())).FreeEnergy.Curves[0]
		if curve.Ratio == nil || curve.Ratio.Rates.N != 3 {
			t.Fatalf("%s: %+v", c.name, curve)
		}
		got := curve.Ratio.Rates.Mean
		for _, row := range curve.Rows[1:4] { // the rates that have a temperature
			got *= math.Pow(1-row.LR/2, 1.0/3)
		}
		t.Logf("windows of %s: T/T exact %.3f", c.name, got)
		if got < c.low || got > c.high {
			t.Errorf("want %g to %g", c.low, c.high)
		}
	}
}
