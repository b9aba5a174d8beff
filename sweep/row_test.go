package sweep

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// crossed is a run that reached a goal of 0.8, with what it spent there.
func crossedBy(seed uint64, x rundir.Crossing) Outcome {
	x.Accuracy = 0.8
	best := x.TestAccuracy
	return Outcome{Cell: Cell{Label: "one", Seed: seed}, Summary: &rundir.Summary{
		Status: rundir.StatusReachedGoal, BestTestAccuracy: &best, Crossings: []rundir.Crossing{{Accuracy: 0.7}, x},
	}}
}

// Each number of a row is the mean of that number over the runs; with a cache, changes are
// what was paid, and so are inefficiencies.
func TestNumbersOfARow(t *testing.T) {
	paid, least := []float64{14, 21}, []float64{7, 3}
	row := newRow("one", 0.8, []Outcome{
		crossedBy(0, rundir.Crossing{
			TestAccuracy: 0.81, Samples: 100, Updates: 9, M0: 1000, M1: 500, M0Min: 5, M1Min: &least[0],
			Paid: rundir.Paid{M0Paid: 50, M1Paid: &paid[0]}, ActiveUnits: 11, MACsEffective: 13,
		}),
		crossedBy(1, rundir.Crossing{
			TestAccuracy: 0.85, Samples: 300, Updates: 17, M0: 3000, M1: 700, M0Min: 20, M1Min: &least[1],
			Paid: rundir.Paid{M0Paid: 80, M1Paid: &paid[1]}, ActiveUnits: 19, MACsEffective: 23,
		}),
	})
	for name, c := range map[string]struct {
		got  *estimate.Estimate
		want []float64
	}{
		"presentations":   {row.Presentations, []float64{100, 300}},
		"updates":         {row.Updates, []float64{9, 17}},
		"M0":              {row.M0, []float64{50, 80}},
		"M1":              {row.M1, []float64{14, 21}},
		"M0 inefficiency": {row.M0Inefficiency, []float64{10, 4}},
		"M1 inefficiency": {row.M1Inefficiency, []float64{2, 7}},
		"active units":    {row.ActiveUnits, []float64{11, 19}},
		"MACs":            {row.MACsEffective, []float64{13, 23}},
	} {
		if diff := cmp.Diff(estimate.Mean(c.want), c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, e := range map[string]*estimate.Estimate{"where the goal was crossed": row.TestAccuracy, "best": row.BestTestAccuracy} {
		if math.Abs(e.Mean-0.83) > 1e-15 || *e.Hi > 1 || *e.Lo < 0 || *e.Hi <= e.Mean {
			t.Errorf("accuracy %s: %v, want 0.83 and an interval up to 1", name, e)
		}
	}
	if row.N != 2 || row.Finished != 2 || row.Reached != 2 || row.Diverged+row.Failed != 0 || !row.complete() || row.ValidatedRow != nil {
		t.Errorf("%+v", row)
	}
}

// One run of which the least change is not known, or was none, leaves the mean inefficiency unknown.
func TestUnknownInefficiency(t *testing.T) {
	some, none := 2.0, 0.0
	for name, least := range map[string]*float64{"not known": nil, "none": &none} {
		row := newRow("one", 0.8, []Outcome{
			crossedBy(0, rundir.Crossing{M0Min: 1, M1Min: &some, Paid: rundir.Paid{M0Paid: 1, M1Paid: &some}}),
			crossedBy(1, rundir.Crossing{M0Min: 0, M1Min: least, Paid: rundir.Paid{M0Paid: 1, M1Paid: &some}}),
		})
		if row.M1Inefficiency != nil || row.M0Inefficiency != nil {
			t.Errorf("%s: inefficiencies %v, %v", name, row.M0Inefficiency, row.M1Inefficiency)
		}
	}
}

// A row counts how its runs ended; one that has not ended by itself has neither reached a goal
// nor an accuracy, whatever its summary says.
func TestEndsOfRuns(t *testing.T) {
	reached, diverged, interrupted, failed := crossedBy(0, rundir.Crossing{TestAccuracy: 0.9}), crossedBy(1, rundir.Crossing{}), crossedBy(2, rundir.Crossing{TestAccuracy: 0.1}), crossedBy(3, rundir.Crossing{})
	diverged.Summary.Status, diverged.Summary.Crossings, diverged.Summary.BestTestAccuracy = rundir.StatusDiverged, nil, nil
	interrupted.Summary.Status = rundir.StatusInterrupted
	failed.Err = errors.New("no disk")
	pending := Outcome{}
	row := newRow("one", 0.8, []Outcome{reached, diverged, interrupted, failed, pending})
	if row.N != 5 || row.Finished != 2 || row.Reached != 1 || row.Diverged != 1 || row.Failed != 1 || row.complete() {
		t.Errorf("%+v", row)
	}
	if row.BestTestAccuracy.N != 1 || row.BestTestAccuracy.Mean != 0.9 || row.Presentations.N != 1 {
		t.Errorf("best %v of %d, want 0.9 of the run that ended", row.BestTestAccuracy, row.BestTestAccuracy.N)
	}
	if other := newRow("one", 0.75, []Outcome{reached}); other.Reached != 0 || other.Presentations != nil {
		t.Errorf("a goal that the run did not have was reached: %+v", other)
	}
	if (&Row{}).complete() {
		t.Error("all of no runs reached the goal")
	}
}

// A cost that is not known, as where a summary has m1_paid null, keeps a rule off that
// front alone; one of 0 beats all.
func TestFrontOfWhatIsKnown(t *testing.T) {
	b := parse(t, "base: mixture\nrules: [{label: plain}, {label: idle}]\nseeds: 1\ngoals: 0.8\n")
	idle := told("idle", 0, map[float64]int64{0.8: 0})
	idle.Summary.Crossings[0].M1Paid = nil
	report := b.NewReport([]Outcome{told("plain", 0, map[float64]int64{0.8: 10}), idle})
	rows := report.Rows
	if rows[1].M1 != nil || rows[1].M1Saving != nil || rows[1].M0.Mean != 0 || rows[1].M0Saving != nil {
		t.Errorf("of a rule that changed nothing: M0 %v, M1 %v, savings %v, %v", rows[1].M0, rows[1].M1, rows[1].M0Saving, rows[1].M1Saving)
	}
	if !slices.Equal(rows[0].Pareto, []string{"m1"}) || !slices.Equal(rows[1].Pareto, []string{"m0"}) {
		t.Errorf("fronts %v and %v", rows[0].Pareto, rows[1].Pareto)
	}
	report.bench.Figures = false
	if err := report.Write(t.TempDir()); err != nil {
		t.Error(err)
	}
	for _, cost := range []func(*Row) *estimate.Estimate{func(r *Row) *estimate.Estimate { return r.M0 }, func(r *Row) *estimate.Estimate { return r.M1 }} {
		if f := report.front("cost", "m1", cost); f.empty() {
			t.Error("the rule whose cost is known is not drawn")
		}
	}
}

// A mean curve goes over the evaluations that all runs have in common, from the first on.
func TestMeanCurve(t *testing.T) {
	at := func(step int, accuracy, samples float64) rundir.Metrics {
		return rundir.Metrics{Step: step, TestAccuracy: &accuracy, Samples: int(samples)}
	}
	cost := func(m rundir.Metrics) float64 { return float64(m.Samples) }
	for name, c := range map[string]struct {
		runs [][]rundir.Metrics
		want []point
	}{
		"none":          {nil, nil},
		"one":           {[][]rundir.Metrics{{at(1, 0.5, 10), at(2, 0.75, 20)}}, []point{{10, 0.5}, {20, 0.75}}},
		"two":           {[][]rundir.Metrics{{at(1, 0.5, 10), at(2, 0.75, 20)}, {at(1, 0.25, 30), at(2, 0.25, 60)}}, []point{{20, 0.375}, {40, 0.5}}},
		"short second":  {[][]rundir.Metrics{{at(1, 0.5, 10), at(2, 0.75, 20)}, {at(1, 0.25, 30)}}, []point{{20, 0.375}}},
		"short first":   {[][]rundir.Metrics{{at(1, 0.5, 10)}, {at(1, 0.25, 30), at(2, 0.25, 60)}}, []point{{20, 0.375}}},
		"other steps":   {[][]rundir.Metrics{{at(1, 0.5, 10), at(2, 0.5, 20), at(3, 0.5, 30)}, {at(1, 0.5, 30), at(4, 0.5, 60), at(3, 0.5, 90)}}, []point{{20, 0.5}}},
		"nothing of it": {[][]rundir.Metrics{{at(1, 0.5, 10)}, nil}, nil},
	} {
		got := (&curve{runs: c.runs}).mean(cost, accuracyOf)
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(point{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A candidate whose cost is not known has no price, and what its curve cost has no place.
func TestWhatIsNotKnownHasNoPrice(t *testing.T) {
	known := 3.0
	rows := map[bool]*Row{}
	for _, is := range []bool{true, false} {
		x := rundir.Crossing{Paid: rundir.Paid{M0Paid: 5}}
		if is {
			x.M1Paid = &known
		}
		rows[is] = newRow("one", 0.8, []Outcome{crossedBy(0, x)})
	}
	price := Price{PerChange: 2, PerUnit: 7}
	if got := price.of(rows[true]); got == nil || *got != 2*5+7*3 {
		t.Errorf("price %v, want 31", got)
	}
	half := crossedBy(1, rundir.Crossing{})
	half.Summary.Crossings = nil
	missed := newRow("one", 0.8, []Outcome{crossedBy(0, rundir.Crossing{Paid: rundir.Paid{M0Paid: 5, M1Paid: &known}}), half})
	if a, b := price.of(rows[false]), price.of(missed); a != nil || b != nil {
		t.Errorf("prices %v of what is not known, %v of what one run of two reached", a, b)
	}

	f, accuracy := newFigure("", "", ""), 0.9
	top := f.trace(0, percents([]point{{math.NaN(), accuracy}, {0, accuracy}, {2, 0.5}, {4, 0.625}, {math.NaN(), 1}}), 0, "", 1)
	if f.low != 2 || f.high != 4 || top != 62.5 {
		t.Errorf("drawn from %v to %v up to %v %%, want 2 to 4 up to 62.5", f.low, f.high, top)
	}
}

// The cheapest candidate is the first; without a price, the one that reached the goal most often.
func TestOrderOfCandidates(t *testing.T) {
	price := func(x float64) *float64 { return &x }
	want := []Contest{
		{Label: "a", Price: price(1)}, {Label: "b", Price: price(2)}, {Label: "c", Price: price(2)}, {Label: "d", Price: price(3), Reached: 9},
		{Label: "e", Reached: 2}, {Label: "f", Reached: 1}, {Label: "g", Reached: 1}, {Label: "h"},
	}
	for i := range want {
		got := slices.Concat(want[i:], want[:i])
		slices.SortStableFunc(got, byPrice)
		for j := range got {
			if got[j].Price != want[j].Price && *got[j].Price != *want[j].Price || got[j].Reached != want[j].Reached {
				t.Errorf("from %d on: %s is at %d, want %s", i, got[j].Label, j, want[j].Label)
			}
		}
	}
}

// A rule's curve is of its own runs that ended.
func TestCurvesAreOfTheirRule(t *testing.T) {
	b := parse(t, small+"figures: false\n")
	outcomes := ran(t, planned(t, b), t.TempDir())
	outcomes[len(outcomes)-1].Err = errors.New("no disk")
	curves, err := b.NewReport(outcomes).curves(accuracyOf)
	if err != nil || len(curves) != 2 || len(curves[0].runs) != 3 || len(curves[1].runs) != 2 {
		t.Fatalf("%d curves, %v", len(curves), err)
	}
	for i := range outcomes[:len(outcomes)-1] {
		o := &outcomes[i]
		c := curves[slices.IndexFunc(curves, func(c curve) bool { return c.label == o.Label })]
		run := c.runs[i/2]
		if last := run[len(run)-1]; last.M0 != o.Summary.Energy.M0 {
			t.Errorf("%s, seed %d: M0 %d at the end of the curve, %d in the summary", o.Label, o.Seed, last.M0, o.Summary.Energy.M0)
		}
	}
}
