package sweep

import (
	"strings"
	"testing"
)

// Two labels of one run are refused, by what they resolve to and not by how they are
// written, and the message says which they are.
func TestEqualRunsAreRefused(t *testing.T) {
	rules := "  - {label: full, set: {rule.mask: full}}\n  - {label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}"
	for name, c := range map[string]struct{ old, by, want string }{
		"grid":            {"seeds: 3", "grid: {lr: [0.1, 1e-1, 0.2]}", "test.yaml:12: grid.lr: 0.1 and 1e-1 are the same run; leave out one of them"},
		"third value":     {"seeds: 3", "grid: {lr: [0.1, 0.2, 0.10]}", "test.yaml:12: grid.lr: 0.1 and 0.10 are the same run"},
		"path in full":    {"seeds: 3", "grid: {rule.optimizer.lr: [1, 1.0]}", "test.yaml:12: grid.rule.optimizer.lr: 1 and 1.0 are the same run"},
		"spelling":        {"seeds: 3", "grid: {rule.mask: [full, {kind: full}]}", "test.yaml:12: grid.rule.mask: full and {kind: full} are the same run"},
		"two axes":        {"seeds: 3", "grid: {lr: [0.1, 0.10], train.batch: [5, 10]}", "test.yaml:12: grid.lr: 0.1 and 0.10 are the same run"},
		"rules":           {rules, "  - {label: one, set: {lr: 0.1}}\n  - {label: two, set: {lr: 1e-1}}", `test.yaml:11: rules: "one" and "two" are the same run`},
		"default of base": {rules, "  - {label: one}\n  - {label: two, set: {rule.gate: none}}", `test.yaml:11: rules: "one" and "two" are the same run`},
		"nothing set":     {rules, "  - {label: one}\n  - {label: two}", `benchmark small: rules: "one" and "two" are the same run`},
		"name alone":      {rules, "  - {label: one}\n  - {label: two, set: {name: two}}", `rules: "one" and "two" are the same run`},
		"rule on a grid":  {"seeds: 3", "grid: {rule.mask: [full, bernoulli]}", `rules: "full" and "half" are the same run`},
	} {
		_, err := parse(t, replaced(t, c.old, c.by)).Cells(nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v\nwant %s", name, err, c.want)
		} else if strings.Count(err.Error(), c.want) != 1 {
			t.Errorf("%s: told more than once:\n%v", name, err)
		}
	}
	// The command line may make rules equal that the file has apart.
	b := parse(t, replaced(t, rules, "  - {label: one}\n  - {label: two, set: {train.batch: 20}}"))
	planned(t, b)
	settings, err := Overrides([]string{"train.batch=20"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Cells(settings); err == nil || !strings.Contains(err.Error(), `"one" and "two" are the same run`) {
		t.Errorf("made equal on the command line: %v", err)
	}
}

// Numbers of a paper for one rule and goal are given once.
func TestPublishedTwice(t *testing.T) {
	text := small + "published:\n  - {label: full, goal: 0.6, m0: 1, source: x}\n  - {label: full, goal: 0.60, m0: 2, source: y}\n"
	_, err := Parse([]byte(text), "test.yaml", "test", false)
	if want := `test.yaml:17: published[1]: "full" at 0.6 is given twice`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// A search runs a candidate that it drew twice once.
func TestCandidatesDiffer(t *testing.T) {
	text := strings.Replace(tuned, "    rule.optimizer.lr: [0.01, 1]\n", "", 1)
	tuning := searched(t, parse(t, text), t.TempDir())
	if n := len(tuning.Rungs[0].Entries); n < 2 || n > 3 {
		t.Errorf("%d candidates of nine draws from three values", n)
	}
	for _, x := range tuning.Rungs[0].Entries {
		for _, y := range tuning.Rungs[0].Entries {
			if x.Label != y.Label && x.Settings["rule.mask[0].p"] == y.Settings["rule.mask[0].p"] {
				t.Errorf("%s and %s are one", x.Label, y.Label)
			}
		}
	}
	for by, want := range map[string]string{
		"{any: [0.25, 0.5, 0.50]}": "tune.search.rule.mask[0].p.any[2]: 0.5 and 0.50 are the same value",
		"{any: [1, 0.25, 1.0]}":    "tune.search.rule.mask[0].p.any[2]: 1 and 1.0 are the same value",
	} {
		_, err := Parse([]byte(strings.Replace(tuned, "{any: [0.25, 0.5, 1]}", by, 1)), "test.yaml", "test", false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", by, err, want)
		}
	}
}
