package sweep

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"ergon/train/rundir"
)

// budgeted is a benchmark of a goal that is not reached.
func budgeted(t *testing.T, examples, batch, budget int) *Bench {
	return parse(t, fmt.Sprintf(`base: mixture
set: {data: {name: mixture, inputs: 20, train: %d, test: 50}, train.eval_every: 0, engine.blas: gonum}
rules: [{label: full}]
grid: {train.batch: [%d]}
seeds: 1
goals: 1
budget: %d
figures: false
`, examples, batch, budget))
}

// A budget is spent when so many presentations were made, to the last one, whatever the
// batch: the last step makes no more, and no epoch's short batch counts as a full one.
func TestBudgetIsCountedInPresentations(t *testing.T) {
	for _, c := range []struct{ examples, batch, budget int }{
		{100, 1000, 10000}, {100, 64, 10000}, {100, 99, 10000}, {400, 64, 4000},
		{5000, 64, 1000}, {5000, 8, 3}, {100, 1, 150}, {103, 100, 104}, {103, 100, 53},
	} {
		o := ran(t, planned(t, budgeted(t, c.examples, c.batch, c.budget)), t.TempDir())[0]
		if o.Status() != "budget_spent" || o.Summary.Samples != c.budget {
			t.Errorf("%d examples in batches of %d, budget %d: %s after %d presentations, want %d",
				c.examples, c.batch, c.budget, o.Status(), o.Summary.Samples, c.budget)
		}
	}
}

// The rungs of a search have the same budget.
func TestBudgetOfASearch(t *testing.T) {
	b := parse(t, tuned)
	b.Tune.Set = append(b.Tune.Set, Setting{Path: "train.batch", Value: "300"})
	b.Tune.Rungs, b.Tune.Candidates, b.Goals, b.Budget = []float64{1}, 1, []float64{1}, 390
	out := t.TempDir()
	tuning, err := b.Search(t.Context(), nil, Options{Out: out, Jobs: 1}, unwatched)
	if len(tuning.Rungs) != 1 || tuning.Rungs[0].Entries[0].Row.Finished != 1 {
		t.Fatalf("%+v, %v", tuning, err)
	}
	cells, err := filepath.Glob(filepath.Join(out, "cells", "*"))
	if err != nil || len(cells) != 1 {
		t.Fatal(cells, err)
	}
	if s, err := rundir.Directory(cells[0]).Summary(); err != nil || s.Samples != 390 { // of 300 and 90
		t.Errorf("%+v, %v", s, err)
	}
}

// A cell of a version that counted budgets in steps is taken for today's if it ended
// as that would; else it is run anew.
func TestCellsOfEarlierVersions(t *testing.T) {
	for name, c := range map[string]struct {
		bench  *Bench
		reused bool
	}{
		"batch divides":        {budgeted(t, 100, 50, 400), true},
		"one presentation":     {budgeted(t, 100, 1, 130), true},
		"more than the budget": {budgeted(t, 100, 7, 60), false},
		"too few":              {budgeted(t, 100, 64, 1000), false},
		"all at once":          {budgeted(t, 100, 1000, 1000), false},
		"goal before the end":  {reaching(budgeted(t, 100, 64, 10000), 0.3), true},
	} {
		out, cell := t.TempDir(), planned(t, c.bench)[0]
		old, config := cell, *cell.Config
		config.Train.MaxSteps, config.Train.MaxPresentations = (c.bench.Budget+config.Train.Batch-1)/config.Train.Batch, 0
		old.Config, old.Hash, old.former = &config, cell.former, ""
		if hash, err := config.Hash(); err != nil || hash != cell.former {
			t.Fatalf("%s: hash %s, %v, want %s", name, hash, err, cell.former)
		}
		before := ran(t, []Cell{old}, out)[0]

		now := ran(t, []Cell{cell}, out)[0]
		if now.Reused != c.reused || !now.Finished() {
			t.Errorf("%s: reused %v, want %v", name, now.Reused, c.reused)
		}
		hash := cell.Hash
		if c.reused {
			hash = cell.former
		}
		if got := c.bench.NewReport([]Outcome{now}).Cells[0]; got.Directory != "cells/"+hash || got.Hash != cell.Hash || filepath.Base(string(now.Directory)) != hash {
			t.Errorf("%s: the report says it is in %s, hash %s", name, got.Directory, got.Hash)
		}
		anew := ran(t, []Cell{cell}, t.TempDir())[0]
		if now.Summary.Samples != anew.Summary.Samples || now.Summary.Energy.M0 != anew.Summary.Energy.M0 {
			t.Errorf("%s: %d presentations, M0 %d; run anew %d, %d", name, now.Summary.Samples, now.Summary.Energy.M0, anew.Summary.Samples, anew.Summary.Energy.M0)
		}

		forced, err := Run(t.Context(), []Cell{cell}, Options{Out: out, Force: true})
		if err != nil || forced[0].Reused || filepath.Base(string(forced[0].Directory)) != cell.Hash {
			t.Errorf("%s, with force: %+v, %v", name, forced, err)
		}
		if s, err := before.Directory.Summary(); err != nil || s.Steps != before.Summary.Steps {
			t.Errorf("%s: the earlier cell is gone: %v", name, err)
		}
		if !c.reused {
			continue
		}
		if _, err := os.Stat(string(cell.Directory(out))); err != nil {
			t.Errorf("%s, with force: %v", name, err)
		}
	}
}

// A cell of a version whose last step was whole is run anew.
func TestCellsThatOvershot(t *testing.T) {
	out, cell := t.TempDir(), planned(t, budgeted(t, 100, 64, 70))[0]
	o := ran(t, []Cell{cell}, out)[0]
	if again := ran(t, []Cell{cell}, out)[0]; !again.Reused || again.Summary.Samples != 70 {
		t.Fatalf("a cell that kept to its budget: %+v", again)
	}
	o.Summary.Samples = 100
	text, err := json.Marshal(o.Summary)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.Directory.Path(rundir.SummaryFile), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if Finished(cell, out) {
		t.Error("a cell that made 100 of 70 presentations counts as finished")
	}
	if again := ran(t, []Cell{cell}, out)[0]; again.Reused || again.Summary.Samples != 70 {
		t.Errorf("reused %v, %d presentations, want a run anew of 70", again.Reused, again.Summary.Samples)
	}
}

// reaching gives a benchmark a goal that its runs reach.
func reaching(b *Bench, goal float64) *Bench {
	b.Goals = []float64{goal}
	return b
}
