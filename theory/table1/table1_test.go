package table1

import (
	"strings"
	"testing"

	"ergon/theory/theorytest"
)

// Table 1, J per token; the two cells of Landauer's limit cannot be had from
// their own definition.
func TestTable1(t *testing.T) {
	r := theorytest.Predict(t, "table1")
	theorytest.NearScalar(t, r, "training_analog", 5.56e-9, 0.01)
	theorytest.NearScalar(t, r, "training_now", 0.237, 0.01)
	theorytest.NearScalar(t, r, "training_landauer", 1.02e-8, 0.01)
	theorytest.NearScalar(t, r, "training_landauer_rounded", 1.53e-8, 0.01)
	theorytest.NearScalar(t, r, "training_landauer_gpu_hours", 4.71e-8, 0.01)
	theorytest.NearScalar(t, r, "inference_landauer", 5.99e-9, 0.01)
	theorytest.NearScalar(t, r, "inference_dynamic", 1.0e-14, 0.01)
	for i, label := range r.Labels {
		want := 1.0
		switch {
		case strings.Contains(label, "now, as quoted"):
			continue
		case strings.Contains(label, "Landauer") && !strings.Contains(label, "GPU-hours at the sparse peak"):
			want = 0
		}
		if got := r.Rows[i][3]; got != want {
			t.Errorf("%s: reproduced is %g, want %g", label, got, want)
		}
	}
}

func TestTable1Conforms(t *testing.T) {
	theorytest.Conform(t, "table1")
}
