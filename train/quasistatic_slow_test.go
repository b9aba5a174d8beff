//go:build slow

package train

import (
	"math"
	"testing"
)

// The preset learns MNIST to 95 %, and ends within half a point of the same
// network, from the same weights and order, by backpropagation of MSE.
func TestPresetQuasiStatic(t *testing.T) {
	t.Parallel()
	for _, seed := range []string{"seed=0", "seed=1", "seed=2"} {
		elastic, _ := record(t, preset(t, "quasistatic", seed))
		plain, _ := record(t, preset(t, "quasistatic", seed, "model={kind: mlp, hidden: [100], activation: relu, init: he, loss: mse}"))
		a, b := *elastic.TestAccuracy, *plain.TestAccuracy
		t.Logf("%s: %.2f %% in %.1f s, %.2f iterations a presentation; backpropagation %.2f %% in %.1f s",
			seed, 100*a, elastic.Wall, elastic.Relaxation.Iterations, 100*b, plain.Wall)
		if a < 0.95 || math.Abs(a-b) > 0.005 {
			t.Errorf("%s: %v, and %v by backpropagation: want at least 0.95, within 0.005 of each other", seed, a, b)
		}
		if elastic.Relaxation.Stuck > 0 || elastic.Relaxation.Residual > 1e-5 {
			t.Errorf("%s: %+v, want every presentation at rest", seed, *elastic.Relaxation)
		}
	}
}
