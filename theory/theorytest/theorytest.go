// Package theorytest holds what every theory is tested by: [Conform], which a
// theory's own tests call, and helpers.
package theorytest

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ergon/theory"
)

// New returns the theory called name with settings key=value, which must be right.
func New[T theory.Theory](t testing.TB, name string, settings ...string) T {
	t.Helper()
	made, err := theory.New(name, settings)
	if err != nil {
		t.Fatal(err)
	}
	return made.(T)
}

// Predict computes the theory called name with settings key=value, which must succeed.
func Predict(t testing.TB, name string, settings ...string) *theory.Result {
	t.Helper()
	return PredictionOf(t, New[theory.Theory](t, name, settings...))
}

// PredictionOf computes a theory, which must succeed.
func PredictionOf(t testing.TB, made theory.Theory) *theory.Result {
	t.Helper()
	r, err := theory.Predict(context.Background(), made)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Refused fails unless settings of the theory called name, with spaces between them,
// are refused with an error that has want in it.
func Refused(t testing.TB, name, settings, want string) {
	t.Helper()
	if _, err := theory.New(name, strings.Fields(settings)); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s %s: error %v, want %q in it", name, settings, err, want)
	}
}

// Near fails unless got is want to a relative precision.
func Near(t testing.TB, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision*max(math.Abs(want), 1e-300)) {
		t.Errorf("%s = %.15g, want %.15g to %.0e", what, got, want, precision)
	}
}

// NearAbsolute fails unless got is want to an absolute precision, such as that of the
// digits of which want is known.
func NearAbsolute(t testing.TB, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision) {
		t.Errorf("%s = %.8g, want %.8g to %.0e", what, got, want, precision)
	}
}

// NearScalar fails unless a scalar of r is known and want to a relative precision.
func NearScalar(t testing.TB, r *theory.Result, scalar string, want, precision float64) {
	t.Helper()
	if got := r.Scalars[scalar]; got == nil {
		t.Errorf("%s is unknown, want %g", scalar, want)
	} else {
		Near(t, scalar, *got, want, precision)
	}
}

// Text returns a result as it is printed, in which NaN equals NaN.
func Text(t testing.TB, r *theory.Result) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Summary is the summary.json of a run, with all that theories read in it.
const Summary = `{
  "parameters": 100,
  "speed_efficiency": 0.25,
  "information": 2,
  "energy": {
    "joules_model": {
      "a": {"forward": 1, "backward": 2, "update": 3, "maintenance": 0.5},
      "b": {"forward": 1, "backward": 2, "update": 3, "maintenance": null, "unpriced": {"maintenance": "leakage has no price"}},
      "c": {"forward": 1, "backward": null, "update": 3, "maintenance": 0},
      "d": {"forward": 1, "backward": 2, "update": 3, "maintenance": 4, "unit": "events"}
    },
    "layers": [{"parameters": 40, "positions": 25}, {"parameters": 60}],
    "joules_measured": {"joules": 50, "source": "rapl"},
    "work": {"dissipated": 30},
    "bounds": {
      "temperature": 100, "erasure": 1e-18, "units": 10, "active_units": 4,
      "dynamic_inference": 5e-21, "dynamic_inference_sparse": 6e-21, "presentations": 1000, "gradients": {"r": 1.5}, "gradients_last": {"kt_threshold_batch": 0.001}
    }
  }
}`

// RunDirectory makes a run directory with this summary.
func RunDirectory(t testing.TB, summary string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "summary.json"), []byte(summary), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
