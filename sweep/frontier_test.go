package sweep

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot"

	"ergon/energy"
	"ergon/internal/canvas"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// outlay is what a run spent to a goal: writes, and updates beside the weights; -1 is not counted.
type outlay struct {
	goal                          float64
	writes, state, gradient, bits int64
}

// kept is a run that reached goals and counted what it kept beside the weights.
func kept(label string, seed uint64, to ...outlay) Outcome {
	s := &rundir.Summary{Status: rundir.StatusBudgetSpent}
	for _, at := range to {
		m1 := float64(at.writes)
		x := rundir.Crossing{Accuracy: at.goal, M0: at.writes, Paid: rundir.Paid{M0Paid: at.writes, M1Paid: &m1}}
		if at.state >= 0 {
			x.Accumulate = &energy.Accumulate{Updates: at.state, GradientUpdates: at.gradient, Bits: at.bits}
		}
		s.Crossings = append(s.Crossings, x)
	}
	return Outcome{Cell: Cell{Label: label, Seed: seed, Hash: label}, Summary: s}
}

// sixRules have two seeds: plain writes much and keeps nothing; worse does so too, at more writes; hidden
// and batch save writes by accumulators; beaten has more of both than hidden; old did not count.
func sixRules(t *testing.T) *Report {
	t.Helper()
	b := parse(t, `base: mixture
rules: [{label: plain}, {label: worse}, {label: hidden}, {label: batch}, {label: beaten}, {label: old}, {label: missed}]
seeds: 2
goals: [0.8, 0.9]
`)
	var outcomes []Outcome
	for seed := range uint64(2) {
		n := int64(1 + seed)
		outcomes = append(outcomes,
			kept("plain", seed, outlay{0.8, 1000 * n, 0, 0, 0}, outlay{0.9, 3000 * n, 0, 0, 0}),
			kept("worse", seed, outlay{0.8, 2000 * n, 0, 0, 0}),
			kept("hidden", seed, outlay{0.8, 10 * n, 4000 * n, 0, 320}, outlay{0.9, 40 * n, 9000 * n, 0, 320}),
			kept("batch", seed, outlay{0.8, 100 * n, 0, 500 * n, 640}),
			kept("beaten", seed, outlay{0.8, 20 * n, 3000 * n, 2000 * n, 320}),
			kept("old", seed, outlay{0.8, n, -1, 0, 0}),
		)
	}
	outcomes = append(outcomes, kept("missed", 0, outlay{0.8, 1, 1, 0, 32}), kept("missed", 1))
	return b.NewReport(outcomes)
}

func atGoal(t *testing.T, r *Report, label string, goal float64) *Row {
	t.Helper()
	i := slices.IndexFunc(r.Rows, func(row *Row) bool { return row.Label == label && row.Goal == goal })
	if i < 0 {
		t.Fatalf("no row %s at %g", label, goal)
	}
	return r.Rows[i]
}

// A rule's accumulator updates are those of its state and of its batches' gradients, and what was not
// counted is not known rather than 0.
func TestAccumulatorsOfARow(t *testing.T) {
	r := sixRules(t)
	beaten := atGoal(t, r, "beaten", 0.8)
	for name, c := range map[string]struct {
		got  *estimate.Estimate
		want []float64
	}{
		"accumulator updates": {beaten.AccumulatorUpdates, []float64{5000, 10000}},
		"state":               {beaten.StateUpdates, []float64{3000, 6000}},
		"gradients":           {beaten.GradientUpdates, []float64{2000, 4000}},
		"bits":                {beaten.AccumulatorBits, []float64{320, 320}},
		"of none":             {atGoal(t, r, "plain", 0.8).AccumulatorUpdates, []float64{0, 0}},
	} {
		if diff := cmp.Diff(estimate.Mean(c.want), c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if old := atGoal(t, r, "old", 0.8); old.AccumulatorUpdates != nil || old.AccumulatorBits != nil || old.M0 == nil {
		t.Errorf("not counted, and there are %v updates of %v bits", old.AccumulatorUpdates, old.AccumulatorBits)
	}
	for _, row := range r.Rows {
		if row.AccumulatorSaving != nil {
			t.Errorf("%s saves %v of a baseline that has no accumulators", row.Label, row.AccumulatorSaving)
		}
	}
	hidden, batch := atGoal(t, r, "hidden", 0.8), atGoal(t, r, "batch", 0.8)
	if batch.save(hidden); batch.AccumulatorSaving == nil || batch.AccumulatorSaving.Mean != 8 {
		t.Errorf("500 updates in place of 4000 save %v, want 8", batch.AccumulatorSaving)
	}
	if plain := atGoal(t, r, "plain", 0.8); true {
		if plain.save(hidden); plain.AccumulatorSaving != nil {
			t.Errorf("no updates in place of 4000 save %v, which has no number", plain.AccumulatorSaving)
		}
	}
}

// A summary that was written before accumulators were counted does not know them; one that counted
// none has 0.
func TestSummariesThatDidNotCount(t *testing.T) {
	for text, want := range map[string]*float64{
		`{"accuracy": 0.8, "m0": 3}`:                            nil,
		`{"accumulate": {"updates": 0}}`:                        value(0),
		`{"accumulate": {"updates": 5}}`:                        value(5),
		`{"accumulate": {"updates": 5, "gradient_updates": 2}}`: value(7),
	} {
		var x rundir.Crossing
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, accumulatorUpdates(x)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// What a row says of accumulators is what the run's own metrics say where it crossed the goal: of a rule
// that keeps them, and of a batch.
func TestAccumulatorsOfARun(t *testing.T) {
	b := parse(t, strings.Replace(replaced(t, "train.batch: 10", "train.batch: 5\n  rule.cache: {kind: mixed_precision, epsilon: 0.001}"), "seeds: 3", "seeds: 1", 1))
	outcomes := ran(t, planned(t, b), t.TempDir())
	rows := b.NewReport(outcomes).Rows
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		o := outcomes[slices.IndexFunc(outcomes, func(o Outcome) bool { return o.Label == row.Label })]
		metrics, err := readMetrics(o.Directory, accuracyOf)
		if err != nil {
			t.Fatal(err)
		}
		m := metrics[slices.IndexFunc(metrics, func(m rundir.Metrics) bool { return *m.TestAccuracy >= row.Goal })]
		a := m.Accumulate
		if a.Updates == 0 || a.GradientUpdates == 0 || a.Bits == 0 {
			t.Fatalf("%s counted %+v, and the test says nothing", row.Label, a)
		}
		got := []float64{row.AccumulatorUpdates.Mean, row.StateUpdates.Mean, row.GradientUpdates.Mean, row.AccumulatorBits.Mean}
		want := []float64{float64(a.Updates + a.GradientUpdates), float64(a.Updates), float64(a.GradientUpdates), float64(a.Bits)}
		if !slices.Equal(got, want) {
			t.Errorf("%s to %g: %v, its metrics say %v", row.Label, row.Goal, got, want)
		}
	}
}

// On the frontier of a goal are the rules that no other beats on both axes; those of which not all
// runs reached the goal, or did not count, are beaten by nobody and beat nobody.
func TestFrontier(t *testing.T) {
	r := sixRules(t)
	want := map[string][]string{"0.8": {"plain", "hidden", "batch"}, "0.9": {"plain", "hidden"}}
	got := map[string][]string{}
	for _, row := range r.Rows {
		if slices.Contains(row.Pareto, "w") {
			got[full(&row.Goal)] = append(got[full(&row.Goal)], row.Label)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("frontier (-want +got):\n%s", diff)
	}

	var text strings.Builder
	if err := r.WriteFrontierCSV(&text); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(text.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, line := range lines[1:] {
		order = append(order, line[0]+" "+line[1]+" "+line[3]+" "+line[6]+" "+line[len(line)-1])
	}
	wantOrder := []string{
		"0.8 plain 1500 0 true", "0.8 worse 3000 0 false", "0.8 batch 150 750 true", "0.8 hidden 15 6000 true", "0.8 beaten 30 7500 false",
		"0.9 plain 4500 0 true", "0.9 hidden 60 13500 true",
	}
	if diff := cmp.Diff(wantOrder, order); diff != "" {
		t.Errorf("frontier.csv (-want +got):\n%s", diff)
	}
}

// Tables have the column, and the folder the file, only where a rule has accumulators; what was
// written before goes.
func TestAccumulatorsAreShownWhereThereAreSome(t *testing.T) {
	out := t.TempDir()
	written := func(r *Report) (markdown string, frontier bool) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(out, cellsFolder), 0o755); err != nil {
			t.Fatal(err)
		}
		r.bench.Figures = false
		if err := r.Write(out); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(out, markdownFile))
		if err != nil {
			t.Fatal(err)
		}
		_, err = os.Stat(filepath.Join(out, frontierFile))
		return string(text), !errors.Is(err, os.ErrNotExist)
	}
	text, frontier := written(sixRules(t))
	if !frontier || !strings.Contains(text, "| accumulator updates") || !strings.Contains(text, accumulatorLegend) {
		t.Errorf("frontier.csv %t, and bench.md:\n%s", frontier, text)
	}
	for _, line := range strings.Split(text, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 11 {
			continue
		}
		last := strings.TrimSpace(cells[9])
		updates := strings.TrimSpace(cells[8])
		switch strings.TrimSpace(cells[1]) {
		case "plain":
			if updates != "0" || last != "M0 M1 W" && last != "W" {
				t.Errorf("plain has %q updates and the front %q", updates, last)
			}
		case "old":
			if updates != "–" || strings.Contains(last, "W") {
				t.Errorf("what was not counted is %q, on the front %q", updates, last)
			}
		}
	}
	if text, frontier = written(twoRules(t)); frontier || strings.Contains(text, "accumulator") {
		t.Errorf("without accumulators: frontier.csv %t, and bench.md:\n%s", frontier, text)
	}
}

// The figure has a panel for each goal, names all rules, and gives no accumulators a labelled 0 left of
// everything else; without accumulators there is none.
func TestFrontierFigure(t *testing.T) {
	f := sixRules(t).frontier()
	if len(f.panels()) != 2 || f.low >= 500 || f.high < 9000 {
		t.Fatalf("%d panels from %g to %g, want 2 from below 500 to above 9000", len(f.panels()), f.low, f.high)
	}
	for i, p := range f.panels() {
		ticks := p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max)
		if ticks[0].Label != "0" || ticks[0].Value != f.low || p.X.Min >= f.low {
			t.Errorf("panel %d from %g: first tick %+v, want 0 at %g", i, p.X.Min, ticks[0], f.low)
		}
		if i := slices.IndexFunc(ticks[1:], func(tick plot.Tick) bool { return tick.Value <= f.low }); i >= 0 {
			t.Errorf("a tick at %g, below that of 0", ticks[1+i].Value)
		}
	}
	out := t.TempDir()
	if err := os.Mkdir(filepath.Join(out, figureFolder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := f.write(out, "frontier"); err != nil {
		t.Fatal(err)
	}
	for _, format := range formats {
		if _, err := canvas.FormatOf("x." + format); err != nil {
			t.Error(err)
		}
		if text, err := os.ReadFile(filepath.Join(out, figureFolder, "frontier."+format)); err != nil || len(text) < 1000 {
			t.Errorf("%s: %d bytes, %v", format, len(text), err)
		}
	}
	words := checkSVG(t, filepath.Join(out, figureFolder, "frontier.svg"))
	for _, word := range []string{"plain", "hidden", "to 80 % test accuracy", "to 90 % test accuracy", "accumulator updates", "synapses changed, M0", "frontier"} {
		if !strings.Contains(words, word) {
			t.Errorf("the figure does not say %q", word)
		}
	}
	if f := twoRules(t).frontier(); !f.empty() {
		t.Error("drawn without accumulators")
	}
}

// A rule in the figure without one at 0 leaves the axis whole.
func TestFrontierFigureWithoutZero(t *testing.T) {
	b := parse(t, "base: mixture\nrules: [{label: plain}, {label: hidden}]\nseeds: 1\ngoals: [0.8]\n")
	r := b.NewReport([]Outcome{kept("plain", 0, outlay{0.8, 10, 100, 0, 32}), kept("hidden", 0, outlay{0.8, 1, 1000, 0, 32})})
	f := r.frontier()
	if _, broken := f.plot.X.Tick.Marker.(beyond); broken || f.low != 100 || f.high != 1000 {
		t.Errorf("from %g to %g, broken %t", f.low, f.high, broken)
	}
}
