package sweep

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the key takes, and what cannot stand beside it.
func TestMistakesOfLikelihood(t *testing.T) {
	for _, c := range []struct{ name, old, by, want string }{
		{"unknown key", "goals:", "goal:", `test.yaml:8: likelihood.goal: unknown key (keys: goals); did you mean "goals"?`},
		{"a word", "{goals: [-2.2, -2.6]}", "true", `likelihood: want a mapping, got "true"`},
		{"a goal of no number", "-2.2", "far", `likelihood.goals[0]: want a log-likelihood in nats per example, got "far"`},
		{"an infinite goal", "-2.2", "-.inf", "likelihood.goals[0]: want a log-likelihood"},
		{"none and no goals", "{goals: [-2.2, -2.6]}", "null", "goals: is missing: a benchmark needs base, rules and goals, or free_energy or likelihood in place of goals"},
		{"accuracies, too", "seeds: 3", "goals: [0.9]", "test.yaml:8: likelihood: stands beside goals, which are accuracies, and Boltzmann machines have none; leave out goals"},
		{"accuracies when quick", "seeds: 3", "quick: {goals: [0.9]}", "stands beside goals"},
		{"a free energy, too", "seeds: 3", "free_energy: {}\ngrid: {lr: [0.1, 0.2, 0.3]}", "likelihood: stands beside free_energy"},
		{"stop", "seeds: 3", "stop: true", "test.yaml:7: stop: there is no goal to stop at; a benchmark without goals measures"},
		{"search", "seeds: 3", "tune: {search: {lr: [0.1, 1]}, rungs: [0.6]}", "test.yaml:7: tune: a search is judged at goals"},
		{"published at a goal", "seeds: 3", "published: [{label: full, goal: 0.5, pseudo_likelihood: -2, source: x}]", "published[0].goal: likelihoods are compared at the end of runs; leave it out"},
		{"published accuracy", "seeds: 3", "published: [{label: full, goal: 0.5, m0: 3, source: x}]", "published[0].goal: 0.5 is not among the goals []"},
		{"quick with another key", "seeds: 3", "quick: {likelihood: {stop: 1}}", "quick.likelihood.stop: unknown key"},
		{"its goals in a setting", "{rule.mask: full}", "{likelihood.goals: [-1]}", "test.yaml:5: rules[0].set.likelihood.goals: cannot be set for single cells; a benchmark sets it by likelihood"},
		{"its section in a setting", "{rule.mask: full}", "{likelihood: {betas: 3}}", "cannot be set as a whole, it holds likelihood.goals"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(machines, c.old) {
				t.Fatalf("no %q in the benchmark", c.old)
			}
			_, err := Parse([]byte(strings.Replace(machines, c.old, c.by, 1)), "test.yaml", "test", false)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
	_, err := Parse([]byte(small+"published: [{label: full, pseudo_likelihood: -2, source: x}]\n"), "test.yaml", "test", false)
	if err == nil || !strings.Contains(err.Error(), "published[0]: this benchmark compares no likelihoods") {
		t.Errorf("a published likelihood beside accuracies: %v", err)
	}
}

// Bases of which nothing can be compared are refused before runs are made, where they were chosen.
func TestBasesOfLikelihoods(t *testing.T) {
	folder := t.TempDir()
	base := filepath.Join(folder, "blind.yaml")
	if err := os.WriteFile(base, []byte("data: {name: bars_and_stripes}\nmodel: {kind: rbm}\ntrain: {goals: [], batch: 14}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"no likelihood": {
			strings.Replace(machines, "likelihood: {goals: [-2.2, -2.6]}", "goals: [0.9]", 1),
			"bars_and_stripes: model.kind: rbm is a Boltzmann machine, and has no accuracy to compare; give likelihood: {goals: [-170, -160]} in place of goals",
		},
		"free energies": {
			strings.Replace(machines, "likelihood: {goals: [-2.2, -2.6]}", "free_energy: {}\ngrid: {lr: [0.1, 0.2, 0.3]}", 1), "model.kind: rbm is a Boltzmann machine",
		},
		"one rule": {
			strings.Replace(machines, "p: 0.5}}}", "p: 0.5}, model: {kind: mlp}}}", 1),
			"test.yaml:6: model.kind: mlp has no likelihood, and this benchmark compares likelihoods; set model.kind=rbm, or give goals in place of likelihood",
		},
		"no method, goals of the base": {
			strings.Replace(machines, "data.side: 2", "likelihood.method: none", 1), "likelihood.goals: [-4 -3 -2.8 -2.7] are log-likelihoods, and method is none",
		},
		"method of a rule": {
			"base: " + base + "\nrules: [{label: a, set: {likelihood.method: none}}]\nlikelihood: {}\n",
			"test.yaml:2: likelihood.method: none, and this benchmark compares likelihoods; set auto, exact, ais or jarzynski",
		},
		"not along": {
			"base: " + base + "\nrules: [{label: a}]\nlikelihood: {goals: [-5]}\n",
			"blind.yaml: likelihood.along: false, and the goals [-5] are looked for at evaluations; set likelihood.along to true",
		},
	} {
		_, err := parse(t, c.text).Cells(nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v\nwant %s", name, err, c.want)
		}
	}
	for _, fine := range []string{
		"base: " + base + "\nrules: [{label: a}]\nlikelihood: {}\n",
		"base: " + base + "\nset: {likelihood.method: jarzynski}\nrules: [{label: a}]\nlikelihood: {goals: [-5]}\n",
	} {
		if _, err := parse(t, fine).Cells(nil); err != nil {
			t.Errorf("%s: %v", fine, err)
		}
	}
}

// Goals are no part of a cell's config, which has none of the base's either: they may be changed when runs
// are done.
func TestCellsOfLikelihood(t *testing.T) {
	b := parse(t, machines)
	cells := planned(t, b)
	if c := cells[0].Config; len(c.Likelihood.Goals) != 0 || len(c.Train.Goals) != 0 || c.Train.StopAt != 0 || b.Stop {
		t.Errorf("goals %v and %v, stop at %v", c.Likelihood.Goals, c.Train.Goals, c.Train.StopAt)
	}
	other := parse(t, strings.Replace(machines, "{goals: [-2.2, -2.6]}", "{}", 1))
	if c := planned(t, other)[0]; c.Hash != cells[0].Hash {
		t.Errorf("%s with goals, %s without", cells[0].Hash, c.Hash)
	}
	asked, err := b.Asked(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	if now, err := other.Asked(nil, false); err != nil || len(asked.differences(now)) > 0 {
		t.Errorf("%v, %v", asked.differences(now), err)
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var back Bench
	if err := json.Unmarshal(text, &back); err != nil || !slices.Equal(back.Likelihood.Goals, b.Likelihood.Goals) {
		t.Errorf("read back: %+v, %v", back.Likelihood, err)
	}
	if text, err := json.Marshal(parse(t, small)); err != nil || strings.Contains(string(text), "likelihood") {
		t.Errorf("a benchmark of accuracies has %s, %v", text, err)
	}
	quick, err := Parse([]byte(machines+"quick: {likelihood: {goals: [-3]}, seeds: 1}\n"), "test.yaml", "test", true)
	if err != nil || !slices.Equal(quick.Likelihood.Goals, []float64{-3}) {
		t.Errorf("quick: %+v, %v", quick, err)
	}
}
