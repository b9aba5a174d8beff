package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/energy"
	"ergon/train/rundir"
)

// limited is tuned with a limit; keeping is the rule that a batch of one keeps and one of ten exceeds: a
// step of 20 + 1 parameters and ten presentations adds 210 products to its gradient.
const limited = `# searched under a limit
name: small
base: mixture
set:
  data: {name: mixture, inputs: 20, delta: 0.3, train: 400, test: 200}
  train.eval_presentations: 20
  train.eval_every: 0
  engine.blas: gonum
rules:
  - {label: full, set: {train.batch: 10}}
goals: [0.7]
seeds: 1
budget: 400
tune:
  search:
    train.batch: {any: [1, 10]}
    rule.optimizer.lr: [0.05, 0.5]
  price: m1
  limit: {accumulator_updates: 0}
  candidates: 8
  keep: 2
  rungs: [0.6, 0.7]
  seeds: [100, 101]
  fresh: [200, 201]
`

// A price adds what was spent by its weights, and is not known where something that it weighs is not.
func TestPriceOfEachSpending(t *testing.T) {
	amount := 7.0
	x := rundir.Crossing{Samples: 100, Paid: rundir.Paid{M0Paid: 5, M1Paid: &amount}, Accumulate: &energy.Accumulate{Updates: 11, GradientUpdates: 2}}
	old := x
	old.Accumulate = nil
	counted, uncounted := newRow("one", 0.8, []Outcome{crossedBy(0, x)}), newRow("one", 0.8, []Outcome{crossedBy(0, old)})
	for text, want := range map[string]float64{
		"m0": 5, "m1": 7, "presentations": 100, "accumulator_updates": 13, "{m0: 2, m1: 3}": 31, "{presentations: 0.5, accumulator_updates: 2}": 76,
	} {
		price := parse(t, strings.Replace(limited, "price: m1", "price: "+text, 1)).Tune.Price
		if got := price.of(counted); got == nil || *got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
		if got := price.of(uncounted); (got == nil) != strings.Contains(text, "accumulator") {
			t.Errorf("%s, of a run that counted no accumulators: %v", text, got)
		}
	}
}

// Results of searches that knew M0 and M1 alone are still those of the same search.
func TestPriceAsItWasWritten(t *testing.T) {
	for want, price := range map[string]Price{"{1 0}": {PerChange: 1}, "{2 0.5}": {PerChange: 2, PerUnit: 0.5}, "{0 1 0 3}": {PerUnit: 1, PerAccumulatorUpdate: 3}} {
		if got := price.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	text, err := json.Marshal(Price{PerUnit: 1})
	if err != nil || string(text) != `{"m0":0,"m1":1}` {
		t.Errorf("%s, %v", text, err)
	}
	if keys := parse(t, tuned).Tune.keys(); keys["price"] != "{0 1}" || len(keys) != 9 {
		t.Errorf("keys %v", keys)
	}
}

// A search with another limit is another search.
func TestLimitIsAsked(t *testing.T) {
	keys := func(limit string) *Asked {
		return &Asked{Tune: parse(t, strings.Replace(limited, "  limit: {accumulator_updates: 0}\n", limit, 1)).Tune.keys()}
	}
	none, some, more := keys(""), keys("  limit: {m0: 5}\n"), keys("  limit: {m0: 6, presentations: 1e3}\n")
	for _, c := range []struct {
		there, now *Asked
		want       []string
	}{
		{none, none, nil}, {some, some, nil},
		{none, some, []string{"tune.limit (none there, m0 at most 5 here)"}},
		{some, none, []string{"tune.limit (m0 at most 5 there, none here)"}},
		{some, more, []string{"tune.limit (m0 at most 5 there, m0 at most 6, presentations at most 1000 here)"}},
	} {
		if diff := cmp.Diff(c.want, c.there.differences(c.now)); diff != "" {
			t.Errorf("differences (-want +got):\n%s", diff)
		}
	}
}

// What is over the limit, and what is not known to keep it, is named; the limit itself is kept.
func TestWhatExceedsALimit(t *testing.T) {
	amount := 7.0
	x := rundir.Crossing{Samples: 100, Paid: rundir.Paid{M0Paid: 5, M1Paid: &amount}}
	row := newRow("one", 0.8, []Outcome{crossedBy(0, x)})
	for _, c := range []struct {
		limit Limit
		want  []string
	}{
		{nil, nil},
		{Limit{"m0": 5, "m1": 7, "presentations": 100}, nil},
		{Limit{"m0": 4, "m1": 6.5, "presentations": 99}, []string{"m0", "m1", "presentations"}},
		{Limit{"m0": 9, "accumulator_updates": 1e9}, []string{"accumulator_updates"}},
	} {
		if diff := cmp.Diff(c.want, c.limit.exceeded(row)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.limit, diff)
		}
	}
}

// A candidate over the limit is worse than any that keeps it, and better than one that did not get there.
func TestOrderUnderALimit(t *testing.T) {
	price := func(x float64) *float64 { return &x }
	over := []string{"m0"}
	want := []Contest{
		{Label: "dear", Price: price(9)}, {Label: "cheap, over", Price: price(1), Over: over},
		{Label: "dear, over", Price: price(2), Over: over}, {Label: "missed", Reached: 1},
	}
	for i := range want {
		got := slices.Concat(want[i:], want[:i])
		slices.SortStableFunc(got, byPrice)
		for j := range got {
			if got[j].Label != want[j].Label {
				t.Errorf("from %d on: %q is at %d, want %q", i, got[j].Label, j, want[j].Label)
			}
		}
	}
}

// No candidate goes on that is over the limit, whatever it costs; reports say which were, and whether
// the winner keeps the limit on fresh seeds.
func TestSearchUnderALimit(t *testing.T) {
	b, out := parse(t, limited), t.TempDir()
	tuning := searched(t, b, out)
	if tuning.Best["train.batch"] != "1" {
		t.Errorf("the winner adds up gradients: %v", tuning.Best)
	}
	over := 0
	for _, c := range tuning.Rungs[0].Entries {
		if (c.Settings["train.batch"] == "10") != slices.Equal(c.Over, []string{"accumulator_updates"}) && c.Row.complete() {
			t.Errorf("a batch of %s is over %v", c.Settings["train.batch"], c.Over)
		}
		if len(c.Over) > 0 {
			over++
		}
	}
	if over == 0 {
		t.Error("no candidate is over the limit, and the test says nothing")
	}
	for _, c := range tuning.Rungs[1].Entries {
		if c.Settings["train.batch"] != "1" {
			t.Errorf("%s went on, and was over the limit", c.Label)
		}
	}
	var text strings.Builder
	if err := tuning.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Limit: accumulator_updates at most 0, on every rung", "| limit", "| kept", "accumulator updates"} {
		if !strings.Contains(text.String(), word) {
			t.Errorf("no %q in\n%s", word, text.String())
		}
	}
	verdict := b.Verdict(tuning)
	report := verdict.NewReport(ran(t, planned(t, verdict), out))
	text.Reset()
	if err := report.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	if want := "Limit of the search: accumulator_updates at most 0. On these seeds: tuned to 70 % kept.\n"; !strings.Contains(text.String(), want) {
		t.Errorf("no %q in\n%s", want, text.String())
	}
	tuning.Limit = Limit{"presentations": 1}
	if got := report.limitKept(); !strings.HasSuffix(got, "tuned to 70 % over: presentations.\n") {
		t.Error(got)
	}
}

// Where all are over the limit, the search says so.
func TestSearchThatKeepsNoLimit(t *testing.T) {
	b := parse(t, strings.Replace(limited, "accumulator_updates: 0", "presentations: 1", 1))
	_, err := b.Search(context.Background(), nil, Options{Out: t.TempDir(), Jobs: 2}, unwatched)
	if !errors.Is(err, errNoneKept) {
		t.Errorf("error %v, want %v", err, errNoneKept)
	}
}

func TestMistakesOfALimit(t *testing.T) {
	for by, want := range map[string]string{
		"{}":                        "tune.limit: want at least one of m0, m1, presentations, accumulator_updates",
		"{accumulator_update: 1}":   "tune.limit.accumulator_update: unknown key",
		"{m0: -1}":                  "tune.limit.m0: want the most of it, a number from 0",
		"{m0: .inf}":                "tune.limit.m0: want the most of it, a number from 0",
		"1e9":                       "tune.limit: want a mapping",
		"{presentations: nonsense}": "tune.limit.presentations: want the most of it, a number from 0",
	} {
		_, err := Parse([]byte(strings.Replace(limited, "{accumulator_updates: 0}", by, 1)), "test.yaml", "test", false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", by, err, want)
		}
	}
}

// Kinds may be searched as a whole: each is drawn with the settings that it was given, and replaces that
// of the base.
func TestSearchAmongKinds(t *testing.T) {
	b := parse(t, strings.Replace(tuned, "    rule.mask[0].p: {any: [0.25, 0.5, 1]}\n",
		"    rule.mask[0].p: {any: [0.25, 0.5, 1]}\n    rule.cache: {any: [none, {kind: mixed_precision, epsilon: 0.02}, {kind: mixed_precision, epsilon: 0.5}]}\n", 1))
	rules := b.Tune.candidates()
	_, resolved, err := b.round(rules).resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for i, rule := range rules {
		kind := rule.Set[len(rule.Set)-1]
		if kind.Path != "rule.cache" {
			t.Fatalf("the last setting is %v", kind)
		}
		seen[kind.Value]++
		want := map[string]string{
			"none":                                   "cache:\n    kind: none\n",
			"{kind: mixed_precision, epsilon: 0.02}": "cache:\n    kind: mixed_precision\n    epsilon: 0.02\n",
			"{kind: mixed_precision, epsilon: 0.5}":  "cache:\n    kind: mixed_precision\n    epsilon: 0.5\n",
		}[kind.Value]
		if text := configText(t, Cell{Config: resolved[i]}); want == "" || !strings.Contains(text, want) {
			t.Errorf("%s became\n%s", kind.Value, text)
		}
	}
	if len(seen) != 3 {
		t.Errorf("of three kinds only %v were drawn", seen)
	}
}

// A search may be given another price and limit, which are read as those of a file.
func TestReprice(t *testing.T) {
	tune := Tune{Price: Price{PerUnit: 1}, Limit: Limit{"m0": 3}}
	if none := tune; none.Reprice("", "none") != nil || none.Limit != nil {
		t.Errorf("no limit is %v", none.Limit)
	}
	if err := tune.Reprice("", ""); err != nil || tune.Price != (Price{PerUnit: 1}) || tune.Limit["m0"] != 3 {
		t.Fatalf("nothing given: %v, %+v", err, tune)
	}
	if err := tune.Reprice("{m0: 2, accumulator_updates: 0.5}", "{presentations: 7}"); err != nil {
		t.Fatal(err)
	}
	if want := (Price{PerChange: 2, PerAccumulatorUpdate: 0.5}); tune.Price != want || len(tune.Limit) != 1 || tune.Limit["presentations"] != 7 {
		t.Fatalf("got %+v", tune)
	}
	for _, c := range []struct{ price, limit string }{{"m2", ""}, {"[m0]", ""}, {"", "7"}, {"", "{m0: -1}"}, {"", "{m0:"}, {"{m0: 0}", ""}, {"a: b", ""}} {
		if err := tune.Reprice(c.price, c.limit); err == nil {
			t.Errorf("price %q, limit %q were taken", c.price, c.limit)
		}
	}
}
