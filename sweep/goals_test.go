package sweep

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/train/rundir"
)

// validated is small with a part of the training examples held out.
func validated(t *testing.T) string {
	t.Helper()
	return replaced(t, "train: 400, test: 200", "train: 400, validation: 100, test: 200")
}

// Where examples are held out, the goals are of them; each number that is reported can be
// found in the runs' own metrics.
func TestGoalsOnValidation(t *testing.T) {
	// Slowly, and looked at after every step: the sets then reach goals at different times.
	b, out := parse(t, strings.Replace(validated(t), "goals: [0.6, 0.7]", "goals: [0.8, 0.83]", 1)), t.TempDir()
	outcomes := ran(t, planned(t, b, "train.eval_every=1", "lr=0.02"), out)
	report := b.NewReport(outcomes)
	if err := report.Write(out); err != nil {
		t.Fatal(err)
	}
	if report.GoalsOn != "validation" {
		t.Errorf("goals on %s, want validation", report.GoalsOn)
	}
	differ := false
	for _, row := range report.Rows {
		var samples, test, held float64
		for i := range outcomes {
			if outcomes[i].Label != row.Label {
				continue
			}
			metrics, err := readMetrics(outcomes[i].Directory, accuracyOf)
			if err != nil {
				t.Fatal(err)
			}
			first := slices.IndexFunc(metrics, func(m rundir.Metrics) bool { return *m.ValidationAccuracy >= row.Goal })
			m := metrics[first]
			differ = differ || first != slices.IndexFunc(metrics, func(m rundir.Metrics) bool { return *m.TestAccuracy >= row.Goal })
			samples, test, held = samples+float64(m.Samples)/3, test+*m.TestAccuracy/3, held+*m.ValidationAccuracy/3
		}
		if got := []float64{row.Presentations.Mean, row.TestAccuracy.Mean, row.ValidationAccuracy.Mean}; !cmp.Equal(got, []float64{samples, test, held}, near) {
			t.Errorf("%s to %g: presentations, test and validation accuracy %v; the runs have %v, %v, %v", row.Label, row.Goal, got, samples, test, held)
		}
	}
	if !differ {
		t.Fatal("the test set reaches all goals at the same time: the test does not test what it should")
	}
	checkTexts(t, report, out)
}

// No accuracy, nor the end of its interval, is above 100 %.
func TestPercentOfFewSeeds(t *testing.T) {
	row := newRow("r", 0.9, []Outcome{crossed(0, 0.99), crossed(1, 0.93)})
	if text := row.testPercent(); !strings.HasSuffix(text, "–100)") || !strings.HasPrefix(text, "96 (") {
		t.Errorf("%s, want 96 with an interval that ends at 100", text)
	}
}

// crossed is the outcome of a run that reached 90 % with this test accuracy.
func crossed(seed uint64, accuracy float64) Outcome {
	s := &rundir.Summary{Status: rundir.StatusReachedGoal, Crossings: []rundir.Crossing{{Accuracy: 0.9, TestAccuracy: accuracy}}}
	return Outcome{Cell: Cell{Seed: seed}, Summary: s}
}

var near = cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })

// checkTexts checks what is printed and written of a report with goals on validation.
func checkTexts(t *testing.T, report *Report, out string) {
	t.Helper()
	row := report.Rows[0]
	for name, wants := range map[string][]string{
		"bench.md": {
			"## To 80 % validation accuracy\n", "| rule | reached | test, % ",
			fmt.Sprintf("| full | 3/3     | %s ", row.testPercent()), "training examples held out",
		},
		"bench.csv":                          {",accumulator_bits,validation_accuracy\n"},
		"bench.json":                         {`"goals_on": "validation"`, `"validation_accuracy": {`, `"best_validation_accuracy": 0.`},
		"figures/accuracy-presentations.svg": {">validation accuracy, %<"},
		"figures/front-m0.svg":               {">validation accuracy reached, %<"},
		"figures/inefficiency.svg":           {">validation accuracy reached, %<"},
	} {
		text, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: no %q in\n%.2000s", name, want, text)
			}
		}
	}
	if want := fmt.Sprintf("%.3g", 100*row.TestAccuracy.Mean); !strings.HasPrefix(row.testPercent(), want) {
		t.Errorf("test accuracy %s, want %s", row.testPercent(), want)
	}
}

// Learning curves are of the accuracy that goals are of.
func TestCurvesOfTheSetOfGoals(t *testing.T) {
	test, held := 0.9, 0.8
	run := []rundir.Metrics{{TestAccuracy: &test, Validation: &rundir.Validation{ValidationAccuracy: &held}}}
	cost := func(rundir.Metrics) float64 { return 1 }
	c := curve{runs: [][]rundir.Metrics{run}}
	if got := append(points(run, cost, accuracyOf), c.mean(cost, accuracyOf)...); !slices.Equal(got, []point{{1, held}, {1, held}}) {
		t.Errorf("points %v, want the validation accuracy", got)
	}
}

// Where nothing is held out, no table has a word of it.
func TestGoalsOnTest(t *testing.T) {
	b, out := parse(t, small+"figures: false\n"), t.TempDir()
	report := b.NewReport(ran(t, planned(t, b), out))
	if err := report.Write(out); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bench.md", "bench.csv", "bench.json"} {
		text, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(name)))
		if err != nil || strings.Contains(string(text), "validation") {
			t.Errorf("%s (error %v) speaks of validation:\n%.2000s", name, err, text)
		}
	}
	text, err := json.Marshal(report)
	if err != nil || !strings.Contains(string(text), `"goals_on":"test"`) {
		t.Errorf("bench.json does not say that goals are on the test set: %v", err)
	}
}

// A run that missed its goals tells the best accuracy of those that the goals are of.
func TestBestOfTheSetOfGoals(t *testing.T) {
	b := parse(t, strings.Replace(validated(t), "goals: [0.6, 0.7]", "goals: 1", 1))
	outcomes := ran(t, planned(t, b), t.TempDir())
	row, best, test := b.NewReport(outcomes).Rows[0], 0.0, 0.0
	for i := range outcomes {
		if s := outcomes[i].Summary; outcomes[i].Label == row.Label {
			best, test = best+*s.BestValidationAccuracy/3, test+*s.BestTestAccuracy/3
		}
	}
	if want := fmt.Sprintf("0/3, best %.4g %%", 100*best); row.reached() != want || best == test {
		t.Errorf("%s, want %s", row.reached(), want)
	}
	if row.ValidatedRow == nil || row.ValidationAccuracy != nil {
		t.Errorf("validated %+v, want one without an accuracy at the goal", row.ValidatedRow)
	}
}

// A search chooses by accuracies on the examples held out.
func TestSearchOnValidation(t *testing.T) {
	b, out := parse(t, strings.Replace(tuned, "train: 400, test: 200", "train: 400, validation: 100, test: 200", 1)), t.TempDir()
	tuning := searched(t, b, out)
	var text strings.Builder
	if err := tuning.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## Rung: 60 % validation accuracy, 9 candidates\n", "| test, % "} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
	for _, rung := range tuning.Rungs {
		for _, e := range rung.Entries {
			if e.Price != nil && e.Row.ValidationAccuracy.Mean < rung.Goal {
				t.Errorf("%s has a price at %g, and a validation accuracy of %v", e.Label, rung.Goal, e.Row.ValidationAccuracy.Mean)
			}
		}
	}
	if tuning.GoalsOn != "validation" {
		t.Errorf("rungs on %s, want validation", tuning.GoalsOn)
	}
	for _, c := range planned(t, b.Verdict(tuning)) {
		if c.Config.GoalsOn() != "validation" {
			t.Errorf("the verdict on %s is on the %s set", c.Label, c.Config.GoalsOn())
		}
	}
}

// Rules whose goals are of different sets cannot be compared, however they came by them.
func TestGoalsOnDifferentSets(t *testing.T) {
	for _, c := range []struct {
		name, text, where string
		overrides         []string
	}{
		{"a rule", replaced(t, "{rule.mask: full}", "{rule.mask: full, data.validation: 50}"), "test.yaml:10: ", nil},
		{"the other rule", replaced(t, "{rule.mask: {kind: bernoulli, p: 0.5}}", "{data.validation: 50}"), "test.yaml:11: ", nil},
		{"a grid", replaced(t, "seeds: 3", "grid: {data.validation: [0, 50]}"), "test.yaml:12: ", nil},
		{"the whole of data", replaced(t, "{rule.mask: full}", "{data: {name: mixture, validation: 5}}"), "test.yaml:10: ", nil},
		{"a rule that holds out nothing", replaced(t, "{rule.mask: full}", "{data.validation: 0}"), "test.yaml:10: ", []string{"data.validation=50"}},
	} {
		settings, err := Overrides(c.overrides)
		if err != nil {
			t.Fatal(err)
		}
		_, err = parse(t, c.text).Cells(settings)
		if err == nil || !strings.HasPrefix(err.Error(), c.where+"data.validation: the goals of ") {
			t.Errorf("%s: error %v, want one at %s", c.name, err, c.where)
		}
	}
	if cells := planned(t, parse(t, small), "data.validation=50"); cells[0].Config.GoalsOn() != "validation" {
		t.Error("a setting for all rules is not taken")
	}
	planned(t, parse(t, replaced(t, "seeds: 3", "grid: {data.validation: [20, 50]}")))
}
