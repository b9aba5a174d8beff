//go:build slow

package idealgas

import (
	"testing"

	"ergon/theory/theorytest"
)

// The published grid, two decades of η and of λ about 0.01 in three dimensions, at 5 × 5 places: the slopes of S
// to 0.03. Published, for one run each: effective rate held, ∂S/∂ln λ = -0.9989(52); rate held, ∂S/∂ln λ =
// 0.0131(71), ∂S/∂ln η = 1.0139(90), their difference 1.0008.
func TestPublishedSlopes(t *testing.T) {
	for hold, want := range map[string]map[string]float64{
		"effective": {"ds_dlnlambda": -1},
		"rate":      {"ds_dlnlambda": 0, "ds_dlneta": 1, "maxwell": 1},
	} {
		r := theorytest.Predict(t, "idealgas", "d=3", "eta=0.01", "lambda=0.01", "grid=5", "hold="+hold, "simulate=16", "times=600")
		for q, value := range want {
			t.Logf("%s held: %s = %.4f ± %.4f", hold, q, *r.Scalars[q], *r.Scalars[q+"_error"])
			theorytest.NearAbsolute(t, q, *r.Scalars[q], value, 0.03)
		}
	}
}
