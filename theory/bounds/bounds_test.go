package theory

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// within fails unless a scalar is known and want within a relative tolerance.
func within(t *testing.T, r *Result, scalar string, want, tolerance float64) {
	t.Helper()
	got := r.Scalars[scalar]
	if got == nil || !(math.Abs(*got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: %v, want %g", scalar, number(got), want)
	}
}

// The numbers of 784-100-10 and one epoch at 300 K, equation by equation.
func TestBounds(t *testing.T) {
	r := computed(t, "bounds", "n=79510", "d=60000", "temperature=300", "units=110", "p_active=0.5")
	within(t, r, "kt", 4.1419e-21, 1e-4)
	within(t, r, "landauer_bit", 2.8710e-21, 1e-4)
	within(t, r, "dynamic_inference", 110*2.8710e-21, 1e-4)                       // Eq. 5 at p = 1/2: kT ν ln 2
	within(t, r, "dynamic_inference_sparse", 4.1419e-21*55*(1+math.Log(2)), 1e-4) // its form for few active units
	within(t, r, "analog_training", 3.952e-11, 1e-4)                              // Eq. 16
	within(t, r, "digital_training", 1.3148e-9, 1e-4)                             // Eq. 17
	within(t, r, "ratio", 33.271, 1e-4)                                           // 48 ln 2
	if len(r.Scalars) != 7 {
		t.Errorf("%d scalars, want 7", len(r.Scalars))
	}
	cold := computed(t, "bounds", "temperature=3")
	within(t, cold, "digital_training", 1.3148e-11, 1e-4)
	within(t, cold, "ratio", 33.271, 1e-4)
}

// Table 1, J per token; the two cells of Landauer's limit cannot be had from
// their own definition.
func TestTable1(t *testing.T) {
	r := computed(t, "table1")
	within(t, r, "training_analog", 5.56e-9, 0.01)
	within(t, r, "training_now", 0.237, 0.01)
	within(t, r, "training_landauer", 1.02e-8, 0.01)
	within(t, r, "training_landauer_rounded", 1.53e-8, 0.01)
	within(t, r, "training_landauer_gpu_hours", 4.71e-8, 0.01)
	within(t, r, "inference_landauer", 5.99e-9, 0.01)
	within(t, r, "inference_dynamic", 1.0e-14, 0.01)
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

// summary is what a run directory holds that theories read.
const summary = `{
  "parameters": 100,
  "energy": {
    "joules_model": {"a": {"forward": 1, "backward": 2, "update": 3, "maintenance": null}, "b": {"forward": 1, "backward": null, "update": 3}},
    "joules_measured": {"joules": 50, "source": "rapl"},
    "bounds": {
      "temperature": 100, "erasure": 1e-18, "units": 10, "active_units": 4,
      "dynamic_inference": 5e-21, "dynamic_inference_sparse": 6e-21, "presentations": 1000, "gradients": {"r": 1.5}
    }
  }
}`

// directory makes a run directory with this summary.
func directory(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "summary.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The bounds of a run are those of its size, temperature and measured R.
func TestBoundsOfRun(t *testing.T) {
	r := computed(t, "bounds", "run="+directory(t, summary))
	const kT = 1.380649e-23 * 100
	within(t, r, "kt", kT, 1e-12)
	within(t, r, "dynamic_inference", 5e-21, 1e-12)
	within(t, r, "dynamic_inference_sparse", 6e-21, 1e-12)
	within(t, r, "analog_training", 2*100*1000*kT*1.5, 1e-12)
	within(t, r, "digital_training", 96*math.Ln2*100*1000*kT, 1e-12)
	if r.Params["r"] != 1.5 || r.Params["d"] != 1000.0 {
		t.Errorf("params %v", r.Params)
	}
	bare := computed(t, "bounds", "run="+directory(t, `{"parameters": 1, "energy": {"bounds": {"temperature": 1, "presentations": 1}}}`))
	if bare.Scalars["dynamic_inference"] != nil || len(bare.Notes) != 4 {
		t.Errorf("not measured: %v, notes %q", bare.Scalars, bare.Notes)
	}
}

func TestWrongRuns(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "has no summary.json",
		"{":                 "unexpected end",
		`{"parameters": 1}`: "holds no bounds",
		`{"parameters": 1, "energy": {"bounds": {}}}`: "holds no bounds",
	} {
		dir := t.TempDir()
		if text != "" {
			dir = directory(t, text)
		}
		theory, err := New("bounds", []string{"run=" + dir})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Predict(context.Background(), theory); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := New("bounds", []string{"run=x", "n=3"}); err == nil || !strings.Contains(err.Error(), "run: brings all other numbers") {
		t.Errorf("a run and a number beside it: %v", err)
	}
}

// The ladder of a run that learned from nothing can be drawn.
func TestLadderWithoutPresentations(t *testing.T) {
	theory, err := New("ladder", []string{"run=" + directory(t, strings.Replace(summary, `"presentations": 1000`, `"presentations": 0`, 1))})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Predict(context.Background(), theory)
	if err != nil {
		t.Fatal(err)
	}
	if err := Draw(theory, r, filepath.Join(t.TempDir(), "ladder.svg")); err != nil {
		t.Error(err)
	}
}

// A ladder has a rung for the meter, for each price table and for each bound;
// what is unknown has no joules, and the figure can be drawn.
func TestLadder(t *testing.T) {
	theory, err := New("ladder", []string{"run=" + directory(t, summary)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Predict(context.Background(), theory)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"training: measured, rapl": 50, "training: modelled, a": 6, "training: modelled, b": math.NaN(),
		"training: erasure of the weights written (Landauer)": 1e-18, "inference: quasi-static bound (Eq. 7)": 0,
	}
	for i, label := range r.Labels {
		if joules, ok := want[label]; ok {
			if got := r.Rows[i][0]; got != joules && !(math.IsNaN(got) && math.IsNaN(joules)) {
				t.Errorf("%s: %g J, want %g", label, got, joules)
			}
			delete(want, label)
		}
	}
	if len(want) > 0 {
		t.Errorf("rungs %q lack %v", r.Labels, want)
	}
	for name, magic := range map[string]string{"ladder.png": "\x89PNG", "ladder.svg": "<?xml"} {
		path := filepath.Join(t.TempDir(), name)
		if err := Draw(theory, r, path); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), magic) {
			t.Errorf("%s begins with %.8q, %v", name, text, err)
		}
	}
	if err := Draw(theory, r, "ladder.pdf"); err == nil {
		t.Error("a figure is written as pdf")
	}
	if err := Draw(&Table1{}, r, "table.png"); err == nil {
		t.Error("table1 has a figure")
	}
}
