//go:build slow

package documents

import (
	"math"
	"testing"

	"ergon/theory"
)

// results computes a document that comes with the program.
func results(t *testing.T, name string) (all []map[string]*float64) {
	t.Helper()
	d, err := Load(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Computations {
		r, err := theory.Predict(t.Context(), c.Theory)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r.Scalars)
	}
	return all
}

// near fails unless a scalar is want within a tolerance and four of its standard errors.
func near(t *testing.T, scalars map[string]*float64, name string, want, tolerance float64) {
	t.Helper()
	if e := scalars[name+"_error"]; e != nil {
		tolerance += 4 * *e
	}
	t.Logf("%s = %.5g, want %.5g ± %.2g", name, theory.OrNaN(scalars[name]), want, tolerance)
	if got := theory.OrNaN(scalars[name]); !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.5g, want %.5g ± %.2g", name, got, want, tolerance)
	}
}

// The document of the sphere repeats what is published of its two rates, and T ∝ η. 544 is a single
// run, which scatters by 12.
func TestPublishedSphere(t *testing.T) {
	r := results(t, "papers/freeenergy2025-sphere")
	near(t, r[0], "excess", 9.030e-5, 0)
	near(t, r[0], "snr", 0.029, 5e-4)
	near(t, r[1], "excess", 2.697e-3, 0)
	near(t, r[1], "snr", 0.156, 5e-4)
	near(t, r[2], "collapse_steps", 15996, 80)
	near(t, r[3], "collapse_steps", 544, 24)
	near(t, r[2], "snr", 1/math.Sqrt(3), 0.0025)
	near(t, r[4], "exponent", 1, 0.05)
	near(t, r[4], "prefactor_linear", 0.03698, 0.0037)
}

// The document of the gas has the four published slopes within 0.03, and r and U with masks within 2 %.
func TestPublishedGas(t *testing.T) {
	r := results(t, "papers/idealgas2025")
	for _, slope := range []struct {
		of   int
		name string
		want float64
	}{{0, "ds_dlnlambda", -1}, {1, "ds_dlnlambda", 0}, {1, "ds_dlneta", 1}, {1, "maxwell", 1}} {
		got := theory.OrNaN(r[slope.of][slope.name])
		t.Logf("%s = %.4f ± %.4f", slope.name, got, theory.OrNaN(r[slope.of][slope.name+"_error"]))
		if !(math.Abs(got-slope.want) <= 0.03) {
			t.Errorf("%s = %.4f, want %g to 0.03", slope.name, got, slope.want)
		}
	}
	for _, masked := range r[2:] {
		for _, name := range []string{"r", "u"} {
			if got, want := theory.OrNaN(masked[name]), theory.OrNaN(masked[name+"_exact"]); !(math.Abs(got-want) <= 0.02*want) {
				t.Errorf("%s = %.5g, want %.5g to 2 %%", name, got, want)
			}
		}
	}
}
