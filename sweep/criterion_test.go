package sweep

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/configs"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// spent is a crossing of a goal of 0.8 after so many presentations; M0 is ten times, M1 a tenth
// of them.
func spent(presentations int) rundir.Crossing {
	m1, mean := float64(presentations)/10, 0.8125
	return rundir.Crossing{
		Accuracy: 0.8, TestAccuracy: 0.75, SustainedAccuracy: &mean, Samples: presentations, M0: int64(10 * presentations), M1: m1,
		Paid: rundir.Paid{M0Paid: int64(10 * presentations), M1Paid: &m1},
	}
}

// heldOn is a run that reached 0.8 first, and by the mean of four, after so many presentations;
// 0: it did not. Its best mean was 0.9.
func heldOn(label string, seed uint64, first, mean int) Outcome {
	best := 0.9
	s := &rundir.Summary{Status: rundir.StatusBudgetSpent, Sustained: &rundir.Sustained{Evaluations: 4, BestSustainedAccuracy: &best}}
	if first > 0 {
		s.FirstCrossings = append(s.FirstCrossings, spent(first))
	}
	if mean > 0 {
		s.Crossings = append(s.Crossings, spent(mean))
	}
	c := configs.Default()
	c.Train.Crossing, c.Train.Sustain = "sustained", 4
	return Outcome{Cell: Cell{Label: label, Seed: seed, Hash: label, Config: &c}, Summary: s}
}

// unsteady is a benchmark of three rules: the first crossings of one are within the intervals
// of its sustained ones, those of the others are not, and one does not hold on with one seed.
func unsteady(t *testing.T) *Report {
	t.Helper()
	b := parse(t, "base: mixture\nrules: [{label: steady}, {label: shaky}, {label: lost}]\nseeds: 2\ngoals: 0.8\n")
	return b.NewReport([]Outcome{
		heldOn("steady", 0, 90, 100), heldOn("shaky", 0, 20, 200), heldOn("lost", 0, 40, 80),
		heldOn("steady", 1, 110, 120), heldOn("shaky", 1, 22, 202), heldOn("lost", 1, 40, 0),
	})
}

// Rows are of sustained crossings, and have a row of the first beside.
func TestRowsOfBothCrossings(t *testing.T) {
	report := unsteady(t)
	if report.Crossing != "sustained" || report.Sustain != 4 {
		t.Errorf("crossings %s over %d", report.Crossing, report.Sustain)
	}
	for i, want := range []struct {
		first, sustained []float64
		saving, firstly  *estimate.Estimate // of presentations
		differs          bool
	}{
		{[]float64{90, 110}, []float64{100, 120}, estimate.Mean([]float64{1, 1}), estimate.Mean([]float64{1, 1}), false},
		{[]float64{20, 22}, []float64{200, 202}, estimate.Ratio([]float64{100, 120}, []float64{200, 202}), estimate.Ratio([]float64{90, 110}, []float64{20, 22}), true},
		{[]float64{40, 40}, []float64{80}, estimate.Ratio([]float64{100}, []float64{80}), estimate.Ratio([]float64{90, 110}, []float64{40, 40}), true},
	} {
		row := report.Rows[i]
		for name, pair := range map[string][2]*estimate.Estimate{
			"presentations":       {estimate.Mean(want.sustained), row.Presentations},
			"first presentations": {estimate.Mean(want.first), row.First.Presentations},
			"saving":              {want.saving, row.PresentationsSaving},
			"first saving":        {want.firstly, row.First.PresentationsSaving},
		} {
			if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", row.Label, name, diff)
			}
		}
		if row.Reached != len(want.sustained) || row.First.Reached != len(want.first) || row.SustainedAccuracy.Mean != 0.8125 || row.BestSustainedAccuracy.Mean != 0.9 {
			t.Errorf("%s: reached %d and first %d, mean %v, best %v", row.Label, row.Reached, row.First.Reached, row.SustainedAccuracy, row.BestSustainedAccuracy)
		}
		if row.firstDiffers() != want.differs {
			t.Errorf("%s: first crossings differ: %v, want %v", row.Label, row.firstDiffers(), want.differs)
		}
		if len(row.First.Pareto) > 0 {
			t.Errorf("%s: first crossings are on the fronts %v", row.Label, row.First.Pareto)
		}
	}
}

// Any of presentations, M0 and M1 that lies outside its interval has both printed; without
// intervals any difference has.
func TestWhereFirstCrossingsDiffer(t *testing.T) {
	for name, change := range map[string]func(x *rundir.Crossing){
		"nothing":       func(*rundir.Crossing) {},
		"presentations": func(x *rundir.Crossing) { x.Samples *= 2 },
		"M0":            func(x *rundir.Crossing) { x.M0Paid *= 2 },
		"M1":            func(x *rundir.Crossing) { more := 2 * *x.M1Paid; x.M1Paid = &more },
		"M1 unknown":    func(x *rundir.Crossing) { x.M1Paid = nil },
		"what is free":  func(x *rundir.Crossing) { x.Updates += 5; x.ActiveUnits += 5 },
	} {
		for _, seeds := range []uint64{1, 2} {
			var runs []Outcome
			for seed := range seeds {
				o := heldOn("one", seed, 100+int(seed), 100+int(seed))
				change(&o.Summary.FirstCrossings[0])
				runs = append(runs, o)
			}
			want := name != "nothing" && name != "what is free"
			if got := newRow("one", 0.8, runs).firstDiffers(); got != want {
				t.Errorf("%s, %d seeds: differ %v, want %v", name, seeds, got, want)
			}
		}
	}
	if newRow("one", 0.8, []Outcome{told("one", 0, map[float64]int64{0.8: 100})}).firstDiffers() {
		t.Error("first crossings differ from themselves")
	}
}

// bench.md has lines of first crossings where they differ, and says what they are.
func TestMarkdownOfBothCrossings(t *testing.T) {
	var b strings.Builder
	if err := unsteady(t).WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## To 80 % test accuracy (mean of 4 evaluations)\n",
		"| steady       | 2/2            | 110 ", "| shaky        | 2/2            | 201 ", "| shaky, first | 2/2            | 21 ",
		"| lost         | 1/2, best 90 % | 80 ", "| lost, first  | 2/2            | 40 ",
		"at the first evaluation at which the mean of the last 4 is at or above the goal, of runs",
		`Lines with "first" are at the first evaluation that is at or above the goal by itself`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
	if strings.Contains(b.String(), "steady, first") {
		t.Errorf("a line of first crossings that do not differ in\n%s", &b)
	}
}

// bench.json and bench.csv have both crossings of every run.
func TestFilesOfBothCrossings(t *testing.T) {
	report := unsteady(t)
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Crossing string
		Sustain  int
		Rows     []struct {
			First struct{ Presentations estimate.Estimate } `json:"first_crossing"`
		}
		Cells []struct {
			First []rundir.Crossing `json:"first_crossings"`
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Crossing != "sustained" || got.Sustain != 4 || got.Rows[0].First.Presentations.Mean != 100 || got.Cells[0].First[0].Samples != 90 {
		t.Errorf("%+v", got)
	}
	var b strings.Builder
	if err := report.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(lines) != 7 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	of := func(line int, column string) string { return lines[line][slices.Index(lines[0], column)] }
	for _, c := range []struct {
		line         int
		column, want string
	}{
		{1, "presentations", "100"}, {1, "first_presentations", "90"}, {1, "first_m0", "900"}, {1, "sustained_accuracy", "0.8125"},
		{6, "reached", "false"}, {6, "presentations", ""}, {6, "sustained_accuracy", ""}, {6, "first_reached", "true"}, {6, "first_presentations", "40"},
	} {
		if got := of(c.line, c.column); got != c.want {
			t.Errorf("line %d, %s: %q, want %q", c.line, c.column, got, c.want)
		}
	}
}

// A benchmark whose runs reach goals by one evaluation says so, and no more.
func TestReportOfFirstCrossings(t *testing.T) {
	var texts [3]strings.Builder
	report := twoRules(t)
	if err := report.WriteMarkdown(&texts[0]); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteCSV(&texts[1]); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteJSON(&texts[2]); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if strings.Contains(text.String(), "sustain") || strings.Contains(text.String(), "first_") || strings.Contains(text.String(), ", first") {
			t.Errorf("text %d speaks of sustained crossings:\n%s", i, &text)
		}
	}
	if !strings.Contains(texts[2].String(), `"crossing": "first"`) {
		t.Error("bench.json does not say that crossings are first")
	}
}

// Runs of a benchmark stop at the last goal by their means, and a search judges by them.
func TestSustainedBenchmark(t *testing.T) {
	settings := []string{"train.crossing=sustained", "train.sustain=3", "train.eval_every=1", "rule.optimizer.lr=0.02"}
	b, out := parse(t, strings.Replace(validated(t), "goals: [0.6, 0.7]", "goals: [0.8, 0.83]", 1)), t.TempDir()
	outcomes := ran(t, planned(t, b, settings...), out)
	report := b.NewReport(outcomes)
	if err := report.Write(out); err != nil {
		t.Fatal(err)
	}
	for i := range outcomes {
		s := outcomes[i].Summary
		if s.Status == rundir.StatusReachedGoal && s.Crossings[1].Samples != s.Samples || len(s.FirstCrossings) < len(s.Crossings) {
			t.Errorf("%s, seed %d: ended after %d presentations, crossings %+v", outcomes[i].Label, outcomes[i].Seed, s.Samples, s.Crossings)
		}
	}
	if row := report.Rows[0]; row.Reached == 0 || row.First.Presentations.Mean >= row.Presentations.Mean || row.First.ValidationAccuracy == nil {
		t.Errorf("%+v, first %+v", row, row.First)
	}
	for name, want := range map[string]string{
		"front-m0.svg": "validation accuracy reached (mean of 3 evaluations), %", "inefficiency.svg": "(mean of 3 evaluations)",
	} {
		if text, err := os.ReadFile(filepath.Join(out, "figures", name)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s, error %v: no %q", name, err, want)
		}
	}
}

// The rungs of a search are reached by means, and say so.
func TestSustainedSearch(t *testing.T) {
	b := parse(t, tuned)
	overrides, err := Overrides([]string{"train.crossing=sustained", "train.sustain=2"})
	if err != nil {
		t.Fatal(err)
	}
	tuning, err := b.Search(t.Context(), overrides, Options{Out: t.TempDir(), Jobs: 2}, unwatched)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := tuning.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	if want := "test accuracy (mean of 2 evaluations), 9 candidates"; tuning.Crossing != "sustained" || !strings.Contains(text.String(), want) {
		t.Errorf("crossings %s, no %q in\n%s", tuning.Crossing, want, &text)
	}
	for _, rung := range tuning.Rungs {
		for _, e := range rung.Entries {
			if e.Price != nil && (e.Row.SustainedAccuracy.Mean < rung.Goal || *e.Price != b.Tune.Price.PerChange*e.Row.M0.Mean+b.Tune.Price.PerUnit*e.Row.M1.Mean) {
				t.Errorf("%s has the price %v at %g, and a mean of %v", e.Label, *e.Price, rung.Goal, e.Row.SustainedAccuracy)
			}
		}
	}
}

// Rules that reach goals in different ways cannot be compared, however they came by them.
func TestGoalsReachedInDifferentWays(t *testing.T) {
	half := "{rule.mask: {kind: bernoulli, p: 0.5}}"
	for _, c := range []struct{ name, text, where string }{
		{"a rule", replaced(t, half, "{train.log_every: 0, train.crossing: sustained}"), "test.yaml:11: "},
		{"the baseline", replaced(t, "{rule.mask: full}", "{train.crossing: sustained}"), "test.yaml:10: "},
		{"a grid", strings.Replace(replaced(t, "seeds: 3", "grid: {train.sustain: [2, 3]}"), "train.batch: 10", "train.crossing: sustained", 1), "test.yaml:12: "},
	} {
		_, err := parse(t, c.text).Cells(nil)
		if err == nil || !strings.HasPrefix(err.Error(), c.where+"train.crossing: ") || !strings.Contains(err.Error(), "reaches goals by the ") {
			t.Errorf("%s: error %v, want one at %s", c.name, err, c.where)
		}
	}
	cells := planned(t, parse(t, small), "train.crossing=sustained")
	if got := criterionOf(cells[0].Config); got != (Criterion{"sustained", 5}) {
		t.Errorf("a setting for all rules is not taken: %v", got)
	}
	planned(t, parse(t, replaced(t, half, "{train.crossing: first, rule.clip: norm}")))
}
