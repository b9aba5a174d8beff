package concentration

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// plainRun writes the directory of a finished run of the small network of testdata under the
// plain rule.
func plainRun(t *testing.T, with string) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/pathintegral/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := strings.Replace(string(text), "mask: [{kind: bernoulli, p: 0.3}]", with, 1)
	return folder(t, map[string]string{
		"config.yaml":  strings.Replace(config, "batch: 4", "batch: 1", 1),
		"summary.json": `{"steps": 60, "crossings": [{"accuracy": 0.9, "steps": 40, "samples": 40}]}`,
	})
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	directory := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

// A benchmark of two rules, of which one is no rule of the run, and the baseline.
const benchJSON = `{"baseline": "plain", "goals": [0.8, 0.9], "benchmark": {"rules": {
  "plain": [], "top": ["rule.mask={kind: competitive, p: 0.1}"], "wide": ["model.hidden=[9]"], "fast": ["rule.optimizer.lr=1"]}},
 "rows": [
  {"label": "plain", "goal": 0.9, "m0_saving": {"mean": 1, "lo": null, "hi": null}},
  {"label": "top", "goal": 0.8, "m0_saving": {"mean": 99, "lo": 98, "hi": 100}},
  {"label": "top", "goal": 0.9, "presentations_saving": {"mean": 0.5, "lo": 0.4, "hi": 0.8}, "m0_saving": {"mean": 5, "lo": 4, "hi": 6}, "m1_saving": {"mean": 2, "lo": null, "hi": null}},
  {"label": "wide", "goal": 0.9}, {"label": "fast", "goal": 0.9}]}`

func TestConform(t *testing.T) {
	run := plainRun(t, "mask: full")
	theorytest.Conform(t, "concentration", "run="+run, "parts=2", "samples=8")
	theorytest.Conform(t, "concentration", "run="+run, "parts=1", "samples=4", "goal=0.9", "bench="+folder(t, map[string]string{"bench.json": benchJSON}))
}

// cell returns a number of the table.
func cell(t *testing.T, r *theory.Result, label, column string) float64 {
	t.Helper()
	row, at := slices.Index(r.Labels, label), slices.Index(r.Columns, column)
	if row < 0 || at < 0 {
		t.Fatalf("no %s of %q in %v of %v", column, label, r.Columns, r.Labels)
	}
	return r.Rows[row][at]
}

// The listed rules have a row each; smaller shares save more of M0 and keep less of the descent.
func TestRows(t *testing.T) {
	r := theorytest.Predict(t, "concentration", "run="+plainRun(t, "mask: full"), "parts=3", "samples=20", "p=[0.5,0.1]")
	theorytest.NearScalar(t, r, "steps", 60, 0)
	half, tenth := "competitive p=0.5", "competitive p=0.1"
	if !(cell(t, r, half, "a") > cell(t, r, tenth, "a")) || !(cell(t, r, half, "m0_saving") < cell(t, r, tenth, "m0_saving")) {
		t.Errorf("half of the synapses and a tenth:\n%s", theorytest.Text(t, r))
	}
	for _, label := range []string{tenth + " per neuron", half + " network", "lazy", "fixed synapses p=0.3", "mixed precision epsilon=0.02"} {
		if p := cell(t, r, label, "p"); !(p >= 0 && p <= 1) {
			t.Errorf("%s: p = %g", label, p)
		}
	}
	theorytest.Near(t, "a/p", cell(t, r, tenth, "a")/cell(t, r, tenth, "p"), cell(t, r, tenth, "m0_saving"), 1e-12)
}

// Measured savings stand beside predicted ones of the same rule at the same goal.
func TestBench(t *testing.T) {
	run, bench := "run="+plainRun(t, "mask: full"), "bench="+folder(t, map[string]string{"bench.json": benchJSON})
	r := theorytest.Predict(t, "concentration", run, bench, "goal=0.9", "parts=1", "samples=4")
	theorytest.NearScalar(t, r, "steps", 40, 0)
	for column, want := range map[string]float64{"m0_saving_measured": 5, "m0_saving_lo": 4, "m0_saving_hi": 6, "time_measured": 2, "time_lo": 1.25, "time_hi": 2.5, "m1_saving_measured": 2} {
		theorytest.Near(t, column, cell(t, r, "top", column), want, 1e-12)
	}
	if notes := strings.Join(r.Notes, "\n"); len(r.Rows) != 1 || !strings.Contains(notes, "left out: wide: ") || !strings.Contains(notes, "left out: fast: ") {
		t.Errorf("%d rows, notes %s", len(r.Rows), notes)
	}
	r = theorytest.Predict(t, "concentration", run, bench, "goal=0.9", "parts=1", "samples=4", `select=["mask={kind: competitive, p: [0.1]}", "mask={kind: competitive, p: 0.2}"]`)
	theorytest.Near(t, "measured", cell(t, r, "mask={kind: competitive, p: [0.1]}", "m0_saving_measured"), 5, 0)
	if got := cell(t, r, "mask={kind: competitive, p: 0.2}", "m0_saving_measured"); got == got {
		t.Errorf("a rule that was not measured saves %g", got)
	}
}

// Mistakes are errors that say what, where and what to do.
func TestMistakes(t *testing.T) {
	run := plainRun(t, "mask: full")
	for _, c := range []struct{ settings, want string }{
		{"run=" + run + "/nowhere", "has no summary.json"},
		{"run=" + plainRun(t, "mask: {kind: bernoulli, p: 0.5}"), "rule.mask: is not that of the plain rule"},
		{"run=" + run + " goal=0.7", "did not reach 0.7, or train.goals does not have it; it reached [0.9]"},
		{"run=" + run + " parts=100", "100 of a course of 60 steps"},
		{"run=" + run + " samples=61", "more than half of 120 examples"},
		{"run=" + run + " examples=121", "121 of a training set of 120"},
		{"run=" + run + ` select=["mask=competitve"]`, "competitive"},
		{"run=" + run + ` select=["optimizer=adam"]`, "rule.optimizer: is not the run's"},
		{"run=" + run + " bench=" + t.TempDir(), "has no bench.json"},
		{"run=" + run + " bench=" + folder(t, map[string]string{"bench.json": benchJSON}), "has the goals [0.8 0.9]"},
		{"run=" + run + " bench=" + folder(t, map[string]string{"bench.json": `{"goals": [0.9]}`}), "does not say what its rules are"},
	} {
		_, err := theory.Predict(context.Background(), theorytest.New[theory.Theory](t, "concentration", strings.Fields(c.settings)...))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.settings, err, c.want)
		}
	}
	theorytest.Refused(t, "concentration", "goal=0.9", "ergon theory concentration RUN")
	theorytest.Refused(t, "concentration", "run=x samples=1", "samples")
}
