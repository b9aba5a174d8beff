package sweep

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Later settings win: base, benchmark, command line, rule, grid; and what the
// benchmark makes itself replaces what the base says.
func TestOrderOfSettings(t *testing.T) {
	b := parse(t, `base: mixture
set: {rule.optimizer.lr: 1, train.batch: 2, rule.clip: {kind: value, bound: 3}}
rules: [{label: a, set: {train.batch: 4, rule.mask: {kind: bernoulli, p: 0.5}}}, {label: b, set: {rule.mask: bernoulli}}]
grid: {"rule.mask[0].p": [0.25]}
seeds: [9]
goals: [0.6, 0.7]
budget: 10
`)
	c := planned(t, b, "lr=5", "train.batch=6")[0].Config
	text, err := c.YAML(false)
	if err != nil {
		t.Fatal(err)
	}
	if c.Seed != 9 || c.Train.Batch != 4 || c.Train.MaxPresentations != 10 || c.Train.MaxSteps != 0 || c.Train.Epochs != 0 || c.Train.StopAt != 0.7 || c.Engine.Threads != 1 {
		t.Errorf("config\n%s", text)
	}
	other := planned(t, b, "rule.optimizer.lr=5", "train.batch=7")[0]
	if hash, _ := c.Hash(); hash != other.Hash {
		t.Errorf("lr is not short for rule.optimizer.lr, or the command line beats the rule:\n%s", text)
	}
	if planned(t, b)[0].Hash == other.Hash {
		t.Error("an override of the command line changes nothing")
	}
}

func TestGrid(t *testing.T) {
	b := parse(t, `base: mixture
rules: [{label: a}, {label: b, set: {rule.mask: bernoulli}}]
grid: {lr: [0.1, 0.01], train.batch: [1, 2]}
seeds: 2
goals: 0.6
baseline: a
`)
	var labels []string
	for _, c := range planned(t, b) {
		labels = append(labels, c.Label)
	}
	one := []string{
		"a lr=0.1 batch=1", "a lr=0.1 batch=2", "a lr=0.01 batch=1", "a lr=0.01 batch=2",
		"b lr=0.1 batch=1", "b lr=0.1 batch=2", "b lr=0.01 batch=1", "b lr=0.01 batch=2",
	}
	if diff := cmp.Diff(append(one, one...), labels); diff != "" {
		t.Error("all rules of a seed come before the next seed:", diff)
	}
	if got := b.baselineOf(b.arms()[6]); got != "a lr=0.01 batch=1" {
		t.Errorf("baseline of b lr=0.01 batch=1 is %q", got)
	}
	b.Baseline = "a lr=0.1 batch=2"
	if got := b.baselineOf(b.arms()[6]); got != b.Baseline {
		t.Errorf("a single baseline becomes %q", got)
	}
}

// Without stop, a stop_at that the benchmark sets holds, and that of its base does not; the budget counts presentations.
func TestStopAndBudget(t *testing.T) {
	b := parse(t, "base: mixture\nrules: [{label: a}]\ngoals: 0.6\nstop: false\nset: {train.stop_at: 0.9}\n")
	c := planned(t, b)[0].Config.Train
	if c.StopAt != 0.9 || c.Epochs != 5 || c.MaxSteps != 0 {
		t.Errorf("train %+v", c)
	}
	preset := parse(t, "base: mixed_precision\nrules: [{label: a}]\ngoals: 0.6\nstop: false\n") // stops at 0.95 by itself
	if c := planned(t, preset)[0].Config.Train; c.StopAt != 0 {
		t.Errorf("a base's stop_at ends runs that are not to stop: train %+v", c)
	}
	b.Budget = 101 // batches of 10
	if c := planned(t, b)[0].Config.Train; c.MaxPresentations != 101 || c.MaxSteps != 0 || c.Epochs != 0 {
		t.Errorf("train %+v", c)
	}
}

// What a benchmark makes itself cannot be set beside it, alone or as a part of
// something larger: it would have no effect.
func TestReservedSettings(t *testing.T) {
	for _, c := range []struct{ name, old, by, want string }{
		{"epochs under a budget", "train.batch: 10", "train.epochs: 10", "test.yaml:6: train.epochs: cannot be set for single cells; a benchmark sets it by budget"},
		{"steps of a rule", "rule.mask: full", "train.max_steps: 9", "test.yaml:10: train.max_steps: cannot be set for single cells; a benchmark sets it by budget"},
		{"presentations", "rule.mask: full", "train.max_presentations: 9", "test.yaml:10: train.max_presentations: cannot be set for single cells; a benchmark sets it by budget"},
		{"steps of a grid", "seeds: 3", "grid: {train.max_steps: [1, 2]}", "test.yaml:12: train.max_steps: cannot be set"},
		{"end under stop", "train.batch: 10", "train.stop_at: 0.5", "test.yaml:6: train.stop_at: cannot be set for single cells; a benchmark sets it by goals, unless stop is false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(t, replaced(t, c.old, c.by)).Cells(nil)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), c.want) > 1 {
				t.Errorf("got %v\nwant %s, once", err, c.want)
			}
		})
	}
	settings, err := Overrides([]string{"train.epochs=3"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parse(t, small).Cells(settings); err == nil || !strings.HasPrefix(err.Error(), "command line: train.epochs: cannot be set") {
		t.Errorf("on the command line: got %v", err)
	}
	free := parse(t, strings.Replace(small, "budget: 400", "stop: false", 1))
	c := planned(t, free, "train.epochs=3", "train.max_steps=7", "train.stop_at=0.5")[0].Config.Train
	if c.Epochs != 3 || c.MaxSteps != 7 || c.StopAt != 0.5 {
		t.Errorf("without budget and stop: train %+v", c)
	}
}

// Without classes there is no accuracy to compare at.
func TestDataWithoutClasses(t *testing.T) {
	for _, c := range []struct{ name, old, by, want string }{
		{"set", "data: {name: mixture, inputs: 20, delta: 0.3, train: 400, test: 200}", "data: teacher", "test.yaml:5: data: a benchmark compares at equal accuracy"},
		{"rule", "rule.mask: full", "data: {name: teacher, inputs: 20}", "test.yaml:10: data: a benchmark compares at equal accuracy"},
	} {
		_, err := parse(t, replaced(t, c.old, c.by)).Cells(nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v\nwant %s", c.name, err, c.want)
		}
	}
}

// A setting for all rules that all of them replace is refused; one that some do is for the others.
func TestASettingWithoutEffectIsRefused(t *testing.T) {
	const text = "base: mixture\nrules: [{label: a, set: {rule.mask: full}}, {label: b, set: {rule.mask: full, train.batch: 7}}]\ngrid: {rule.optimizer.lr: [0.1, 0.2]}\ngoals: 0.6\n"
	for override, want := range map[string]string{
		"rule.optimizer.lr=0.3": "rule.optimizer.lr: has no effect",
		"rule.mask[0].p=0.3":    "rule.mask[0].p: has no effect",
		"train.batch=9":         "",
		"rule.clip=none":        "",
	} {
		settings, err := Overrides([]string{override})
		if err != nil {
			t.Fatal(err)
		}
		_, err = parse(t, text).Cells(settings)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", override, err, want)
		}
	}
}
