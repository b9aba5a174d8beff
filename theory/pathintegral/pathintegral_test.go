package pathintegral

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/cumulants"
	"ergon/theory/theorytest"
)

// smallRun writes the directory of a finished run of the small network of
// testdata with another rule.
func smallRun(t *testing.T, rule string) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/pathintegral/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const masks = "mask: [{kind: bernoulli, p: 0.3}]"
	if !strings.Contains(string(text), masks) {
		t.Fatalf("the config has no %q", masks)
	}
	directory := t.TempDir()
	for name, content := range map[string]string{
		"config.yaml": strings.Replace(string(text), masks, rule, 1), "summary.json": `{"steps": 60}`,
	} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

// The rules that the theory is tried on: their masks, and p of the first layer.
var averaged = map[string]float64{
	"mask: [{kind: bernoulli, p: 0.3}]":                                        0.3,
	"mask: [{kind: neurons, p: 0.3}]":                                          0.3,
	"mask: [{kind: bernoulli, p: 0.3}]\n  clip: {kind: value, bound: 0.003}":   0.3,
	"mask: [{kind: subnet, k: [8], biases: false}, {kind: bernoulli, p: 0.5}]": 0.5 * (12*8 + 16.) / (13 * 16),
}

// The one step is exact, and longer windows are with the response to noise.
func TestPathIntegral(t *testing.T) {
	for rule, p := range averaged {
		run := "run=" + smallRun(t, rule)
		r := theorytest.Predict(t, "pathintegral", run, "at=[0,60]", "window=[1,10]", "simulate=200", "tangents=50")
		if chance := *r.Scalars["p_value_next"]; chance < 0.01 {
			t.Errorf("%s: p_value_next %.3g\n%s", rule, chance, theorytest.Text(t, r))
		}
		theorytest.Near(t, rule+": p", r.Rows[0][slices.Index(r.Columns, "p")], p, 1e-12)
		r = theorytest.Predict(t, "pathintegral", run, "at=[0,60]", "window=[1]", "simulate=200", "tangents=0")
		if chance := *r.Scalars["p_value"]; chance < 0.01 {
			t.Errorf("%s: p_value %.3g of one step\n%s", rule, chance, theorytest.Text(t, r))
		}
	}
}

// A prediction with a p that is 10 % off is found out.
func TestPathIntegralCanFail(t *testing.T) {
	for rule := range averaged {
		p := &PathIntegral{Run: smallRun(t, rule), At: []int{0, 60}, Windows: []int{1, 10}, Simulate: 400}
		run, err := cumulants.Open(p.Run)
		if err != nil {
			t.Fatal(err)
		}
		defer run.Close()
		for _, fractions := range run.Law.Fractions {
			for i := range fractions {
				fractions[i] *= 1.1
			}
		}
		measured, err := p.measure(context.Background(), run)
		if err != nil {
			t.Fatal(err)
		}
		if chance := *p.result(run, measured).Scalars["p_value"]; chance > 1e-4 {
			t.Errorf("%s: p_value %.3g of a p that is 10 %% off", rule, chance)
		}
	}
}

// Without chance there is nothing to test, and what stands there is equal.
func TestPathIntegralOfSubnet(t *testing.T) {
	run := "run=" + smallRun(t, "mask: [{kind: subnet, k: [8]}]")
	r := theorytest.Predict(t, "pathintegral", run, "at=[30]", "window=[1,20]", "simulate=3", "tangents=2")
	for _, row := range r.Rows {
		drift := row[slices.Index(r.Columns, "drift")]
		theorytest.Near(t, "drift", row[slices.Index(r.Columns, "drift_simulated")], drift, 1e-4*drift)
		theorytest.Near(t, "noise", row[slices.Index(r.Columns, "noise_simulated")], 0, 0)
		if z := row[slices.Index(r.Columns, "noise_simulated_z")]; !math.IsNaN(z) {
			t.Errorf("z %v of nothing random", z)
		}
	}
	if r.Scalars["p_value"] != nil || r.Scalars["p_value_next"] != nil {
		t.Errorf("scalars %v, want no p_value", r.Scalars)
	}
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "replicas are the same and have no z: step 30, 1 steps, layer 1") {
		t.Errorf("notes %s", notes)
	}
}

// Rows in which the orders differ by more than can be measured are named.
func TestPathIntegralBeyondLeadingOrder(t *testing.T) {
	r := theorytest.Predict(t, "pathintegral", "run=../testdata/pathintegral", "at=[60]", "window=[1,20]", "simulate=400", "tangents=50")
	notes := strings.Join(r.Notes, "\n")
	if !strings.Contains(notes, "whose noise is off by more than half a standard error of what was measured: step 60, 20 steps, layer") {
		t.Errorf("notes name no row of 20 steps:\n%s", notes)
	}
	if strings.Contains(notes, "measured: step 60, 1 steps") {
		t.Errorf("notes name a row of one step, of which leading order is exact:\n%s", notes)
	}
	if chance := *r.Scalars["p_value"]; chance > 1e-3 {
		t.Errorf("p_value %.3g of leading order", chance)
	}
}

func TestPathIntegralFigure(t *testing.T) {
	const run = "run=../testdata/pathintegral"
	made, err := theory.New("pathintegral", []string{run})
	if err != nil {
		t.Fatal(err)
	}
	for _, settings := range [][]string{{"simulate=3"}, {"simulate=0"}, {"simulate=0", "tangents=0"}} {
		r := theorytest.Predict(t, "pathintegral", append(settings, run, "at=[0,30]", "window=[1,10]")...)
		if err := theory.Draw(made, r, filepath.Join(t.TempDir(), "figure.png")); err != nil {
			t.Errorf("%v: %v", settings, err)
		}
	}
}

func TestPathIntegralThatCannotBe(t *testing.T) {
	for settings, want := range map[string]string{
		"":                                     "run: is empty",
		"run=x at=[]":                          "at: no step of the run",
		"run=x window=[]":                      "window: no number of steps",
		"run=x simulate=2":                     "simulate: 2 replicas do not tell the error of a variance",
		"run=x tangents=1":                     "tangents: 1 draw does not tell its own error",
		"run=../testdata":                      "../testdata has no summary.json",
		"run=../testdata/pathintegral":         "at: 2000: the run in ../testdata/pathintegral made 60 steps",
		"run=../testdata/pathintegral at=[61]": "at: 61: the run in ../testdata/pathintegral made 60 steps",
	} {
		made, err := theory.New("pathintegral", strings.Fields(settings))
		if err == nil {
			_, err = made.Predict(context.Background())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", settings, err, want)
		}
	}
	run := smallRun(t, "mask: [{kind: competitive, p: 0.1}]")
	_, err := (&PathIntegral{Run: run, At: []int{0}, Windows: []int{1}}).Predict(context.Background())
	if err == nil || !strings.Contains(err.Error(), "rule.mask[0].kind: competitive: which synapses it keeps depends on what they are about to do") {
		t.Errorf("error %v", err)
	}
}

// A run of which no evaluation is known was replayed unchecked, and that is said.
func TestPathIntegralUnchecked(t *testing.T) {
	r := theorytest.Predict(t, "pathintegral", "run=../testdata/pathintegral", "at=[30]", "window=[1]", "simulate=0", "tangents=0")
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "was not checked") || strings.Contains(notes, "0 evaluations") {
		t.Errorf("notes %q", notes)
	}
}

func TestPathIntegralConforms(t *testing.T) {
	theorytest.Conform(t, "pathintegral", "run=../testdata/pathintegral", "at=[0,30]", "window=[1,10]", "simulate=8", "tangents=2")
}
