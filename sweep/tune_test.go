package sweep

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const tuned = small + `
tune:
  label: best
  set: {rule.mask: {kind: bernoulli, p: 0.5}}
  search:
    rule.optimizer.lr: [0.01, 1]
    rule.mask[0].p: {any: [0.25, 0.5, 1]}
  price: m1
  candidates: 9
  keep: 3
  rungs: [0.6, 0.65, 0.7]
  seeds: [100, 101]
  fresh: [200, 201, 202]
`

func unwatched(float64, int) (func(Progress), func()) { return nil, func() {} }

func searched(t *testing.T, b *Bench, out string) *Tuning {
	t.Helper()
	tuning, err := b.Search(context.Background(), nil, Options{Out: out, Jobs: 2}, unwatched)
	if err != nil {
		t.Fatal(err)
	}
	return tuning
}

// Each rung runs the cheapest third of the one before, with a seed more, and
// the winner is the cheapest of the last.
func TestSuccessiveHalving(t *testing.T) {
	b, out := parse(t, tuned), t.TempDir()
	tuning := searched(t, b, out)
	if len(tuning.Rungs) != 3 {
		t.Fatalf("%d rungs, want 3", len(tuning.Rungs))
	}
	for i, want := range []struct{ candidates, seeds int }{{9, 1}, {3, 2}, {1, 2}} {
		rung := tuning.Rungs[i]
		if len(rung.Entries) != want.candidates || len(rung.Seeds) != want.seeds {
			t.Errorf("rung %d: %d candidates and %d seeds, want %v", i, len(rung.Entries), len(rung.Seeds), want)
		}
		if !slices.IsSortedFunc(rung.Entries, func(x, y Contest) int {
			if y.Price == nil || x.Price != nil && *x.Price <= *y.Price {
				return -1
			}
			return 1
		}) {
			t.Errorf("rung %d is not sorted by price", i)
		}
		for _, e := range rung.Entries {
			if e.Price != nil && *e.Price != e.Row.M1.Mean {
				t.Errorf("%s costs %v, its M1 is %v", e.Label, *e.Price, e.Row.M1.Mean)
			}
		}
		if i == 0 {
			continue
		}
		for n, e := range rung.Entries { // all are among the cheapest of the rung before
			place := slices.IndexFunc(tuning.Rungs[i-1].Entries, func(x Contest) bool { return x.Label == e.Label })
			if place >= len(rung.Entries) {
				t.Errorf("rung %d, entry %d (%s) was number %d before", i, n, e.Label, place)
			}
		}
	}
	if winner := tuning.Rungs[2].Entries[0]; !cmp.Equal(tuning.Best, winner.Settings) {
		t.Errorf("best is %v, the last rung's cheapest %v", tuning.Best, winner.Settings)
	}

	before := snapshot(t, out)
	if again := searched(t, b, out); !cmp.Equal(again.Best, tuning.Best) {
		t.Errorf("a second search found %v, the first %v", again.Best, tuning.Best)
	}
	if diff := cmp.Diff(before, snapshot(t, out)); diff != "" {
		t.Errorf("a second search ran something again:\n%s", diff)
	}

	verdict := b.Verdict(tuning)
	if !slices.Equal(verdict.labels(), []string{"full", "best"}) || !slices.Equal(verdict.Seeds, []uint64{200, 201, 202}) {
		t.Errorf("the verdict compares %v on seeds %v", verdict.labels(), verdict.Seeds)
	}
	for _, c := range planned(t, verdict) {
		if c.Label == "best" && !strings.Contains(configText(t, c), "lr: "+tuning.Best["rule.optimizer.lr"]+"\n") {
			t.Errorf("the verdict's rule does not have the winner's learning rate %v:\n%s", tuning.Best, configText(t, c))
		}
	}
}

func configText(t *testing.T, c Cell) string {
	t.Helper()
	text, err := c.Config.YAML(false)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSearchThatReachesNothing(t *testing.T) {
	text := strings.Replace(tuned, "rungs: [0.6, 0.65, 0.7]", "rungs: [0.6, 1]", 1)
	tuning, err := parse(t, text).Search(context.Background(), nil, Options{Out: t.TempDir(), Jobs: 2}, unwatched)
	if !errors.Is(err, errNoneReached) || len(tuning.Rungs) != 2 {
		t.Errorf("error %v after %d rungs, want %v after 2", err, len(tuning.Rungs), errNoneReached)
	}
}

// Where runs failed, the search says of what.
func TestSearchThatFails(t *testing.T) {
	text := strings.Replace(tuned, "  set: {rule.mask: {kind: bernoulli, p: 0.5}}\n  search:\n", "  set: {data: {name: idx, dir: nowhere}}\n  search:\n", 1)
	_, err := parse(t, strings.Replace(text, "    rule.mask[0].p: {any: [0.25, 0.5, 1]}\n", "", 1)).
		Search(context.Background(), nil, Options{Out: t.TempDir(), Jobs: 2}, unwatched)
	if !errors.Is(err, errNoneReached) || !strings.Contains(err.Error(), "candidate 1, seed 100, failed: ") || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
}

// What is wrong with a drawn value is told where its range is given.
func TestSearchOutOfRange(t *testing.T) {
	text := strings.Replace(tuned, "{any: [0.25, 0.5, 1]}", "{any: [3]}", 1)
	_, err := parse(t, text).Search(context.Background(), nil, Options{Out: t.TempDir()}, unwatched)
	if want := "test.yaml:21: rule.mask[0].p: 3 is outside [0,1]"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestInterruptedSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := parse(t, tuned).Search(ctx, nil, Options{Out: t.TempDir(), Jobs: 2}, unwatched); !errors.Is(err, ErrInterrupted) {
		t.Errorf("error %v, want %v", err, ErrInterrupted)
	}
}

func TestMistakesOfASearch(t *testing.T) {
	for _, c := range []struct{ name, old, by, want string }{
		{"unknown key", "candidates: 9", "candidate: 9", `tune.candidate: unknown key`},
		{"price", "price: m1", "price: m2", "tune.price: want m0, m1, presentations, accumulator_updates, or weights"},
		{"no price", "price: m1", "price: {}", "tune.price: want at least one of"},
		{"infinite price", "price: m1", "price: {m0: 1e308, m1: 1e308}", "tune.price.m0: want a number above 0, at most 1e30"},
		{"range", "[0.01, 1]", "[1, 0.01]", "want the smaller one first"},
		{"negative", "[0.01, 1]", "[-1, 1]", "want a number above 0"},
		{"three ends", "[0.01, 1]", "[0.1, 0.2, 1]", "want [from, to]"},
		{"seen seeds", "[200, 201, 202]", "[100, 201]", "tune.fresh: 100 is one of seeds too"},
		{"keep", "keep: 3", "keep: 1", "tune.keep: want one in how many goes on"},
		{"path twice", "rule.mask[0].p:", "lr: [1, 2]\n    rule.mask[0].p:", "tune.search.lr: given twice, also as rule.optimizer.lr"},
		{"no values", "{any: [0.25, 0.5, 1]}", "{any: []}", "tune.search.rule.mask[0].p: want at least one value, as in {any: [1, 2]}"},
		{"neither ends nor values", "{any: [0.25, 0.5, 1]}", "{}", "tune.search.rule.mask[0].p: want at least one value, as in {any: [1, 2]}"},
		{"too many candidates", "candidates: 9", "candidates: 2e15", "tune.candidates: 2e15 is too many, want at most 100000"},
		{"rungs in disorder", "[0.6, 0.65, 0.7]", "[0.6, 0.7, 0.65]", "test.yaml:25: tune.rungs: want ascending goals, got [0.6 0.7 0.65]"},
		{"label of a rule", "label: best", "label: half", `test.yaml:17: tune.label: "half" is the label of a rule`},
		{"default label of a rule", "label: half", "label: tuned", `tune.label: "tuned" is the label of a rule`},
		{"label of an arm", "label: best", "label: full lr=0.1", `tune.label: "full lr=0.1" is the label of a rule`},
		{"nothing searched", "  search:\n    rule.optimizer.lr: [0.01, 1]\n    rule.mask[0].p: {any: [0.25, 0.5, 1]}\n", "", "tune.search: is missing"},
		{"no rungs", "  rungs: [0.6, 0.65, 0.7]\n", "", "tune.rungs: is missing"},
	} {
		if !strings.Contains(tuned, c.old) {
			t.Fatalf("%s: no %q in the benchmark", c.name, c.old)
		}
		text := strings.Replace(tuned, c.old, c.by, 1)
		switch c.name {
		case "default label of a rule":
			text = strings.Replace(text, "  label: best\n", "", 1)
		case "label of an arm":
			text += "grid: {lr: [0.1, 0.2]}\n"
		}
		_, err := Parse([]byte(text), "test.yaml", "test", false)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
