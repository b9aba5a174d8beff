package sweep

import (
	"encoding/json"
	"strings"
	"testing"

	"ergon/sweep/freeenergy"
	"ergon/train"
)

// What the key takes, and what a benchmark needs with it and without goals.
func TestMistakesOfFreeEnergy(t *testing.T) {
	for _, c := range []struct{ name, old, by, want string }{
		{"unknown key", "smooth: 0", "smoth: 0", `test.yaml:10: free_energy.smoth: unknown key (keys: smooth, slack); did you mean "smooth"?`},
		{"negative width", "smooth: 0", "smooth: -1", `free_energy.smooth: want a half-width in ln η from 0 (no smoothing) to 10, got "-1"`},
		{"too wide", "smooth: 0", "smooth: 11", "free_energy.smooth: want a half-width"},
		{"negative slack", "slack: 0", "slack: -1e-3", `free_energy.slack: want a difference of losses from 0 on, got "-1e-3"`},
		{"infinite slack", "slack: 0", "slack: .inf", "free_energy.slack: want a difference"},
		{"no width", "smooth: 0", "smooth: null", "free_energy.smooth: has no value"},
		{"a word", "{smooth: 0, slack: 0}", "true", `free_energy: want a mapping, got "true"`},
		{"no grid", "grid: {lr: [0.01, 0.02, 0.04, 0.08, 0.16]}", "", "free_energy: needs the learning rate (rule.optimizer.lr) as an axis of grid, with at least 3 values above 0; there are 0; add an axis"},
		{"another grid", "lr: [0.01", "train.batch: [1", "as an axis of grid, with at least 3 values above 0; there are 0"},
		{"two rates above zero", "[0.01, 0.02, 0.04, 0.08, 0.16]", "[0, 0.1, 0.2]", "with at least 3 values above 0; there are 2"},
		{"none and no goals", "free_energy: {smooth: 0, slack: 0}", "free_energy: null", "goals: is missing: a benchmark needs base, rules and goals, or free_energy or likelihood in place of goals"},
		{"neither", "free_energy: {smooth: 0, slack: 0}\n", "", "goals: is missing"},
		{"stop without goals", "budget: 400", "stop: true", "test.yaml:9: stop: there is no goal to stop at"},
		{"search without goals", "budget: 400", "tune: {search: {lr: [0.1, 1]}, rungs: [0.6]}", "test.yaml:9: tune: a search is judged at goals"},
		{"published without goals", "budget: 400", "published: [{label: full, goal: 0.6, source: x}]", "published[0].goal: 0.6 is not among the goals []"},
		{"quick without anything", "budget: 400", "quick: {free_energy: null}", "quick.goals: is missing"},
		{"quick of a bad width", "budget: 400", "quick: {free_energy: {smooth: -1}}", "quick.free_energy.smooth: want"},
		{"quick stop", "budget: 400", "quick: {stop: true}", "test.yaml:9: stop: there is no goal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(warm, c.old) {
				t.Fatalf("no %q in the benchmark", c.old)
			}
			_, err := Parse([]byte(strings.Replace(warm, c.old, c.by, 1)), "test.yaml", "test", false)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
	_, err := Parse([]byte(small+"quick: {free_energy: {}}\n"), "test.yaml", "test", false)
	if err == nil || !strings.Contains(err.Error(), "test.yaml:15: quick.free_energy: needs the learning rate") {
		t.Errorf("quick without a grid: %v", err)
	}
}

// windowed returns small, whose runs measure U and S, with something in place of its seeds.
func windowed(t *testing.T, seeds string) string {
	t.Helper()
	return strings.Replace(replaced(t, "seeds: 3", seeds), "train.batch: 10", "train.batch: 10\n  free_energy: {window: 20, neighbours: 5}", 1)
}

// An empty mapping has the published width, and slack; runs then stop at goals only if that is said.
func TestFreeEnergyDefaults(t *testing.T) {
	grid := windowed(t, "grid: {lr: [1e-1, 0.2, 0.3]}\nseeds: 3") + "free_energy: {}\n"
	b := parse(t, grid)
	if *b.FreeEnergy != (freeenergy.Settings{Smooth: 0.3, Slack: 0.01}) || b.Stop {
		t.Errorf("%+v, stop %v", b.FreeEnergy, b.Stop)
	}
	if c := planned(t, b)[0].Config.Train; c.StopAt != 0 || len(c.Goals) != 2 {
		t.Errorf("runs stop at %g of the goals %v", c.StopAt, c.Goals)
	}
	if b := parse(t, grid+"stop: true\n"); !b.Stop || planned(t, b)[0].Config.Train.StopAt != 0.7 {
		t.Errorf("stop: true is not heard")
	}
	if b := parse(t, small); b.FreeEnergy != nil || !b.Stop {
		t.Errorf("without the key: %+v, stop %v", b.FreeEnergy, b.Stop)
	}
	quick, err := Parse([]byte(grid+"quick: {free_energy: null}\n"), "test.yaml", "test", true)
	if err != nil || quick.FreeEnergy != nil || !quick.Stop {
		t.Errorf("quick without it: %+v, %v", quick, err)
	}
}

// The key is no part of a cell's config: with it and without, cells have the same hashes, and a list of
// cells for others has the benchmark as it was before there was the key.
func TestFreeEnergyChangesNoCell(t *testing.T) {
	grid := windowed(t, "grid: {lr: [0.1, 0.2, 0.3]}\nseeds: 1\nstop: true")
	without, with := parse(t, grid), parse(t, grid+"free_energy: {slack: 0.5}\n")
	theirs := planned(t, with)
	for i, c := range planned(t, without) {
		if c.Hash != theirs[i].Hash {
			t.Errorf("%s: %s without, %s with", c.Label, c.Hash, theirs[i].Hash)
		}
	}
	asked, err := without.Asked(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	now, err := with.Asked(nil, false)
	if err != nil || len(asked.differences(now)) > 0 || len(now.differences(asked)) > 0 {
		t.Errorf("%v, %v", asked.differences(now), err)
	}
	for b, want := range map[*Bench]bool{without: false, with: true} {
		text, err := json.Marshal(b)
		if err != nil || strings.Contains(string(text), `"free_energy":`) != want {
			t.Errorf("%s, %v", text, err)
		}
		var back Bench
		if err := json.Unmarshal(text, &back); err != nil || want && *back.FreeEnergy != *b.FreeEnergy {
			t.Errorf("read back: %+v, %v", back.FreeEnergy, err)
		}
	}
}

// A benchmark without goals runs, its cells have none, and a teacher without classes will do for data.
func TestRunsWithoutGoals(t *testing.T) {
	text := strings.Replace(warm, "seeds: 3", "seeds: 1", 1)
	b, out := parse(t, text), t.TempDir()
	cells := planned(t, b)
	if c := cells[0].Config.Train; c.StopAt != 0 || len(c.Goals) != 0 {
		t.Errorf("stop at %g, goals %v", c.StopAt, c.Goals)
	}
	outcomes := ran(t, cells, out)
	r := b.NewReport(outcomes)
	if err := r.Write(out); err != nil {
		t.Fatal(err)
	}
	for i := range outcomes {
		if !outcomes[i].Finished() {
			t.Errorf("%s: %v", outcomes[i].Label, outcomes[i].Err)
		}
	}
	if c := r.FreeEnergy.Curves[0]; c.Known != 5 || len(c.Missing) != 0 {
		t.Errorf("%+v", c)
	}
	teacher := parse(t, strings.Replace(text, "data: {name: mixture, inputs: 20, delta: 0.3, train: 400, test: 200}", "data: {name: teacher, train: 400, test: 200}, model.loss: mse", 1))
	config := planned(t, teacher)[0].Config
	if _, err := train.New(config); err != nil {
		t.Errorf("a teacher without goals: %v", err)
	}
}

// Runs that would measure nothing are refused before they are made.
func TestRunsWithoutWindows(t *testing.T) {
	for where, text := range map[string]string{
		`mixture: free_energy.window: 0 for "full lr=0.01"`:     strings.Replace(warm, ", free_energy: {window: 20, neighbours: 5}", "", 1),
		`test.yaml:6: free_energy.window: 0 for "half lr=0.01"`: strings.Replace(warm, "p: 0.5}", "p: 0.5}, free_energy.window: 0", 1),
	} {
		if _, err := parse(t, text).Cells(nil); err == nil || !strings.Contains(err.Error(), where) {
			t.Errorf("got %v\nwant %s", err, where)
		}
	}
}
