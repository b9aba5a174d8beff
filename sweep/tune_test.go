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

// Draws lie in their range, and every value comes up.
func TestDimensions(t *testing.T) {
	seen := map[string]int{}
	below := 0
	for i := range 300 {
		seen[Dimension{Path: "a", Values: []string{"1", "2", "3"}}.draw(i)]++
		x := Dimension{Path: "b", From: 0.01, To: 1}.draw(i)
		if len(x) > len("0.0123") || x < "0.01" && x != "1" {
			t.Errorf("drew %s of 0.01 to 1", x)
		}
		if x < "0.1" {
			below++
		}
	}
	if len(seen) != 3 || seen["1"] < 60 || seen["2"] < 60 || seen["3"] < 60 {
		t.Errorf("values came up %v times", seen)
	}
	if below < 110 || below > 190 { // half of the decades; 150 ± 9
		t.Errorf("%d of 300 draws of 0.01 to 1 are below 0.1", below)
	}
}

func TestSearchThatReachesNothing(t *testing.T) {
	text := strings.Replace(tuned, "rungs: [0.6, 0.65, 0.7]", "rungs: [0.6, 1]", 1)
	tuning, err := parse(t, text).Search(context.Background(), nil, Options{Out: t.TempDir(), Jobs: 2}, unwatched)
	if !errors.Is(err, errNoneReached) || len(tuning.Rungs) != 2 {
		t.Errorf("error %v after %d rungs, want %v after 2", err, len(tuning.Rungs), errNoneReached)
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
		{"price", "price: m1", "price: m2", "tune.price: want m0, m1, or"},
		{"range", "[0.01, 1]", "[1, 0.01]", "want the smaller one first"},
		{"negative", "[0.01, 1]", "[-1, 1]", "want a number above 0"},
		{"three ends", "[0.01, 1]", "[0.1, 0.2, 1]", "want [from, to]"},
		{"seen seeds", "[200, 201, 202]", "[100, 201]", "tune.fresh: 100 is one of seeds too"},
		{"keep", "keep: 3", "keep: 1", "tune.keep: want one in how many goes on"},
		{"nothing searched", "  search:\n    rule.optimizer.lr: [0.01, 1]\n    rule.mask[0].p: {any: [0.25, 0.5, 1]}\n", "", "tune.search: is missing"},
		{"no rungs", "  rungs: [0.6, 0.65, 0.7]\n", "", "tune.rungs: is missing"},
	} {
		if !strings.Contains(tuned, c.old) {
			t.Fatalf("%s: no %q in the benchmark", c.name, c.old)
		}
		_, err := Parse([]byte(strings.Replace(tuned, c.old, c.by, 1)), "test.yaml", "test", false)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
