package sweep

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/configs"
)

// What is wrong is told with its file, its line, its place and, where one is
// near, what was probably meant.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, old, by, want string }{
		{"unknown key", "budget: 400", "bugdet: 400", `test.yaml:14: bugdet: unknown key (keys: name, base,`},
		{"nearest key", "budget: 400", "bugdet: 400", `did you mean "budget"?`},
		{"key twice", "budget: 400", "budget: 400\nBudget: 300", "test.yaml:15: Budget: given twice"},
		{"no value", "budget: 400", "budget:", "test.yaml:14: budget: has no value"},
		{"not YAML", "budget: 400", "budget: [400", "test.yaml:"},
		{"second document", "budget: 400", "---\nbudget: 400", "a second document begins"},
		{"alias", "budget: 400", "stop: &a true\nfigures: *a", "test.yaml:15: figures: is an alias"},
		{"budget a word", "budget: 400", "budget: plenty", `test.yaml:14: budget: want how many presentations, at least 1, got "plenty"`},
		{"budget a fraction", "budget: 400", "budget: 1.5", "budget: want how many presentations"},
		{"budget zero", "budget: 400", "budget: 0", "budget: want how many presentations"},
		{"goal of two", "[0.6, 0.7]", "[0.6, 2]", `test.yaml:13: goals[1]: want an accuracy in (0,1], got "2"`},
		{"no goals", "[0.6, 0.7]", "[]", "goals: want at least one accuracy"},
		{"goals missing", "goals: [0.6, 0.7]\n", "", "goals: is missing"},
		{"base missing", "base: mixture\n", "", "base: is missing"},
		{"seed twice", "seeds: 3", "seeds: [1, 2, 1]", "test.yaml:12: seeds[2]: 1 is given twice"},
		{"negative seed", "seeds: 3", "seeds: [-1]", "seeds[0]: want a seed"},
		{"no seeds", "seeds: 3", "seeds: 0", "seeds: want how many seeds"},
		{"seeds a mapping", "seeds: 3", "seeds: {n: 3}", "seeds: want how many seeds, at least 1, or a list of them, got a mapping"},
		{"rule without label", "{label: half, set", "{set", "test.yaml:11: rules[1].label: is missing"},
		{"label twice", "label: half", "label: full", `rules[1].label: "full" is the label of the rule in line 10 already`},
		{"unknown key of a rule", "{label: half", "{lable: half", `test.yaml:11: rules[1].lable: unknown key (keys: label, set); did you mean "label"?`},
		{"rule a word", "- {label: full, set: {rule.mask: full}}", "- full", `rules[0]: want a mapping, got "full"`},
		{"unknown baseline", "seeds: 3", "baseline: ful", `test.yaml:12: baseline: no rule has the label "ful" (labels: full, half); did you mean "full"?`},
		{"flag", "seeds: 3", "stop: maybe", `stop: want true or false, got "maybe"`},
		{"grid without list", "seeds: 3", "grid: {lr: 0.1}", `grid.lr: want a list of values, got "0.1"`},
		{"grid of nothing", "seeds: 3", "grid: {lr: []}", "test.yaml:12: grid.lr: want a list of at least one value"},
		{"grid value twice", "seeds: 3", "grid: {lr: [0.1, 0.2, 0.1]}", "test.yaml:12: grid.lr[2]: 0.1 is given twice"},
		{"grid path twice", "seeds: 3", "grid: {rule.optimizer.lr: [0.1], lr: [0.2]}", "test.yaml:12: grid.lr: given twice, also as rule.optimizer.lr"},
		{"path twice", "{rule.mask: full}", "{lr: 1, rule.optimizer.lr: 2}", "test.yaml:10: rules[0].set.rule.optimizer.lr: given twice, also as lr"},
		{"no rules", "rules:\n  - {label: full, set: {rule.mask: full}}\n  - {label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}", "rules: []", "test.yaml:9: rules: want at least one rule"},
		{"too many seeds", "seeds: 3", "seeds: 2e15", "test.yaml:12: seeds: 2e15 is too many, want at most 100000"},
		{"too many runs", "seeds: 3", "seeds: 60000", "rules, grid and seeds make 120000 runs, want at most 100000"},
		{"part of something reserved", "train.batch: 10", "train: {goals: [0.1]}", "test.yaml:6: set.train: cannot be set as a whole, it holds train.goals; a benchmark sets that by goals"},
		{"below something reserved", "train.batch: 10", "train.goals[0]: 0.1", "test.yaml:6: set.train.goals[0]: cannot be set for single cells; a benchmark sets it by goals"},
		{"reserved", "train.batch: 10", "seed: 10", "test.yaml:6: set.seed: cannot be set for single cells; a benchmark sets it by seeds"},
		{"folder as name", "name: small", "name: ../small", `test.yaml:2: name: "../small" cannot be part of a folder's name`},
		{"published without source", "seeds: 3", "published: [{label: full, goal: 0.6}]", "published[0]: a published number needs label, goal and source"},
		{"published of no rule", "seeds: 3", "published: [{label: most, goal: 0.6, source: x}]", `published[0].label: no rule has the label "most"`},
		{"published of no goal", "seeds: 3", "published: [{label: full, goal: 0.5, source: x}]", "published[0].goal: 0.5 is not among the goals"},
		{"quick of no rule", "seeds: 3", "quick: {rules: [full, haf]}", `test.yaml:12: quick.rules[1]: no rule has the label "haf"`},
		{"quick without baseline", "seeds: 3", "quick: {rules: [half]}", `quick.rules: the baseline "full" is not among them`},
		{"unknown key of quick", "seeds: 3", "quick: {seed: 1}", `quick.seed: unknown key (keys: seeds, goals, stop, budget, rules, free_energy, likelihood, set); did you mean "seeds"?`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(replaced(t, c.old, c.by)), "test.yaml", "test", false)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

// Every text of a benchmark stands in tables, figures and messages, each on a line.
func TestTextsAreOneLine(t *testing.T) {
	for _, c := range []struct{ path, old, by string }{
		{"name", "name: small", "name: TEXT"},
		{"base", "base: mixture", "base: TEXT"},
		{"rules[1].label", "label: half", "label: TEXT"},
		{"baseline", "seeds: 3", "baseline: TEXT"},
		{"runtime", "seeds: 3", "runtime: TEXT"},
		{"published[0].source", "seeds: 3", "published: [{label: full, goal: 0.6, source: TEXT}]"},
		{"tune.label", "seeds: 3", "tune: {label: TEXT, search: {rule.optimizer.lr: [0.1, 1]}, rungs: [0.6]}"},
	} {
		for _, text := range []string{`"a\nb"`, `"a\rb"`, `"a\tb"`, `"a\a"`, `"\x7f"`, `"\N"`, `"\L"`, `"\P"`, `"\ufffe"`} {
			_, err := Parse([]byte(replaced(t, c.old, strings.Replace(c.by, "TEXT", text, 1))), "test.yaml", "test", false)
			if err == nil || !strings.Contains(err.Error(), c.path+": ") || !strings.Contains(err.Error(), "line breaks or control characters") {
				t.Errorf("%s: %s: got %v", c.path, text, err)
			}
		}
		_, err := Parse([]byte(replaced(t, c.old, strings.Replace(c.by, "TEXT", `"10\_% ⟨w⟩ <&|>"`, 1))), "test.yaml", "test", false)
		if err != nil && strings.Contains(err.Error(), "line breaks") {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}

func TestDocumentsThatAreNone(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "- a\n", "word\n", "\x00"} {
		if b, err := Parse([]byte(text), "test.yaml", "test", false); err == nil {
			t.Errorf("%q: got %v", text, b)
		}
	}
}

// A setting that no config has is told where the benchmark gives it, once.
func TestMistakesOfSettings(t *testing.T) {
	for _, c := range []struct{ name, old, by, want string }{
		{"set", "train.batch: 10", "train.bach: 10", `test.yaml:6: train.bach: unknown key`},
		{"rule", "p: 0.5", "q: 0.5", `test.yaml:11: rule.mask.q: unknown key`},
		{"value", "p: 0.5", "p: 5", `test.yaml:11: rule.mask.p: 5 is outside [0,1]`},
		{"grid", "seeds: 3", "grid: {lr: [0.1, -1]}", "test.yaml:12: rule.optimizer.lr: -1 is outside"},
		{"path", "train.batch: 10", "train..batch: 10", "test.yaml:6: override"},
		{"base", "base: mixture", "base: mixtur", "mixtur: neither a preset nor a file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(t, replaced(t, c.old, c.by)).Cells(nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v\nwant %s", err, c.want)
			}
			if strings.Count(err.Error(), c.want) != 1 {
				t.Errorf("told more than once:\n%v", err)
			}
		})
	}
}

func TestOverridesOfTheCommandLine(t *testing.T) {
	for assignment, want := range map[string]string{
		"seed=1":              "command line: seed: cannot be set for single cells; a benchmark sets it by seeds",
		"train.batch":         `command line: "train.batch" has no "="`,
		"out.dir=x":           "a benchmark sets it by --out",
		"engine={threads: 4}": "command line: engine: cannot be set as a whole, it holds engine.threads; a benchmark sets that by --jobs",
		"out=x":               "a benchmark sets it by --out",
		"Train.Goals=.1":      "a benchmark sets it by goals",
	} {
		if _, err := Overrides([]string{assignment}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", assignment, err, want)
		}
	}
	settings, err := Overrides([]string{"train.bach=1"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = parse(t, small).Cells(settings)
	if err == nil || !strings.HasPrefix(err.Error(), "command line: train.bach: unknown key") {
		t.Errorf("got %v", err)
	}
}

func TestDefaults(t *testing.T) {
	b := parse(t, "# says it\nbase: mnist\nrules: [{label: a}, {label: b}]\ngoals: [0.95, 0.9, 0.95]\n")
	want := &Bench{
		Name: "test", Summary: "says it", Base: "mnist", Rules: []Rule{{Label: "a"}, {Label: "b"}},
		Seeds: []uint64{0, 1, 2}, Goals: []float64{0.9, 0.95}, Stop: true, Baseline: "a", Figures: true, Launch: configs.DefaultLaunch(),
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Error(diff)
	}
}

func TestQuick(t *testing.T) {
	text := small + "quick: {seeds: [7], goals: 0.6, budget: 100, rules: [full], set: {train.batch: 5}}\n"
	b, err := Parse([]byte(text), "test.yaml", "test", true)
	if err != nil {
		t.Fatal(err)
	}
	cells := planned(t, b)
	if len(cells) != 1 || cells[0].Seed != 7 || cells[0].Label != "full" {
		t.Fatalf("cells %+v", cells)
	}
	if c := cells[0].Config.Train; c.Batch != 5 || c.MaxPresentations != 100 || c.StopAt != 0.6 {
		t.Errorf("train %+v", c)
	}
	if whole := planned(t, parse(t, text)); len(whole) != 6 || whole[0].Config.Train.Batch != 10 {
		t.Errorf("quick shows where it was not asked for: %d cells, batch %d", len(whole), whole[0].Config.Train.Batch)
	}
	if _, err := Parse([]byte(small), "test.yaml", "test", true); err == nil || !strings.Contains(err.Error(), "no quick version") {
		t.Errorf("without a quick version: %v", err)
	}
}

// Every benchmark that comes with the program resolves, whole and quick.
func TestBuiltIn(t *testing.T) {
	listed, err := List()
	if err != nil {
		t.Fatal(err)
	}
	if len(listed) == 0 || len(listed) != len(configs.Benches()) {
		t.Fatalf("%d benchmarks listed, %d there", len(listed), len(configs.Benches()))
	}
	for _, l := range listed {
		for _, quick := range []bool{false, true} {
			b, err := Load(l.Name, quick)
			if err != nil {
				t.Fatal(err)
			}
			planned(t, b)
			if l.Summary == "" || l.Runtime == "" {
				t.Errorf("%s: summary %q, runtime %q", l.Name, l.Summary, l.Runtime)
			}
		}
	}
	if _, err := Load("ruls", false); err == nil || !strings.Contains(err.Error(), `did you mean "rules"?`) {
		t.Errorf("unknown benchmark: %v", err)
	}
}

// A file names its base relative to itself.
func TestBaseBesideTheFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"base.yaml":  "name: mine\ndata: mixture\nmodel: {hidden: []}\n",
		"bench.yaml": "base: base.yaml\nrules: [{label: a}]\ngoals: 0.6\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := Load(filepath.Join(dir, "bench.yaml"), false)
	if err != nil {
		t.Fatal(err)
	}
	if b.Name != "bench" || planned(t, b)[0].Config.Name != "mine" {
		t.Errorf("bench %q, base %q", b.Name, b.Base)
	}
}
