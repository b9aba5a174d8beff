package train

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ergon/configs"
	"ergon/datasets"
	"ergon/energy"
	"ergon/graph"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// A run that was saved and goes on in another is the run that was not, to the last bit: of
// each step, evaluation and weight, and of the summary.
func TestRestoredRunsGoOn(t *testing.T) {
	t.Run("rules", func(t *testing.T) {
		eachKind(t, slices.Collect(maps.Keys(stages())), func(t *testing.T, setting string) {
			goesOn(t, load(t, tiny, setting), somewhere(setting, 52))
		})
	})
	t.Run("models", func(t *testing.T) {
		settings := map[string]string{ // of models whose defaults are not for this task
			"convnet": "model=" + tinyConvNet, "perceptron": "data={name: patterns, inputs: 20, examples: 103}",
		}
		for _, machine := range []string{"boltzmann", "rbm"} {
			settings[machine] = "data={name: bars_and_stripes, side: 3}; train.batch=3; train.epochs=11; train.eval_every=7"
		}
		for _, kind := range graph.Kinds.Kinds() {
			t.Run(kind.Name, func(t *testing.T) {
				of := strings.Split(cmp.Or(settings[kind.Name], "engine.threads=1"), "; ")
				goesOn(t, load(t, tiny, append([]string{"model=" + kind.Name}, of...)...), somewhere(kind.Name, 52))
			})
		}
	})
	for _, c := range []struct {
		settings string
		at       []int // of 52 steps, where batches are of 8
	}{
		{"engine.device=reference", []int{20}},
		{"engine.threads=3", []int{20}},
		{"data.validation=30", []int{11, 40}},
		{"train.eval_every=7; train.log_every=3", []int{0, 1, 6, 7, 8, 12, 51, 52}},
		{"train.eval_presentations=70; train.epochs=0; train.max_presentations=210", []int{5, 9, 17}},
		{"train.batch=1; train.epochs=6", []int{256, 300}}, // gradients are probed at 0, 256, 512
		{"train.batch=1; rule.gate=lazy; rule.cache=synaptic; rule.mask=full", []int{0, 30, 103}},
		{"rule.gate={kind: lazy, threshold: 0.9}; rule.optimizer={kind: sgd, lr: 0.3, half: 20}; rule.mask=full", []int{19}},
		{"rule.cache={kind: synaptic, theta: .inf}; rule.mask={kind: competitive, p: 0.2}; train.batch=5", []int{3, 60}},
		{"rule.optimizer={kind: langevin, temperature: 0.001, cooling: 30}", []int{16, 29}},                  // its work is measured
		{"model={kind: quasistatic, hidden: [12, 9]}; train.eval_every=10", []int{9, 10, 33}},                // so is that of this, and relaxations
		{"rule.synapse={kind: stochastic, average: 2, sigma: 0.01}; rule.optimizer=adam", []int{10, 26, 30}}, // averages begin at 26
		{"rule.synapse={kind: stochastic, homogeneous: true, sigma: 0.01}; rule.optimizer=adam", []int{30}},
		{"model=" + tinyNormalized + "; rule.project=layers; train.eval_every=7", []int{0, 13, 14}},
		{"model=" + tinyNormalized + "; rule.project=sphere; rule.mask={kind: competitive, p: 0.2}; rule.optimizer=momentum", []int{5, 41}},
		{"model=" + tinyNormalized + "; rule.project=sphere; " + strings.Join(measured, "; "), []int{1, 6, 7, 15, 19, 47, 52}},
		{strings.Join(measured, "; ") + "; free_energy.skip=1", []int{1, 2, 11, 12, 41, 43}},
	} {
		for _, k := range c.at {
			t.Run(fmt.Sprintf("%s at %d", c.settings, k), func(t *testing.T) {
				goesOn(t, load(t, tiny, strings.Split(c.settings, "; ")...), k)
			})
		}
	}
	for _, order := range datasets.Orders {
		for _, batch := range []string{"train.batch=1", "train.batch=8"} {
			t.Run(order+" "+batch, func(t *testing.T) {
				goesOn(t, load(t, tiny, "train.sampling="+order, batch, "train.epochs=3"), somewhere(order+batch, 39))
			})
		}
	}
}

// So is that of every preset.
func TestRestoredPresetsGoOn(t *testing.T) {
	for _, p := range configs.Presets() {
		t.Run(p.Name, func(t *testing.T) {
			settings := []string{"train.max_steps=9", "train.eval_every=4", "engine.threads=1", "engine.blas=gonum"}
			switch datasets.Kinds.Name(preset(t, p.Name).Data) {
			case "patterns", "mixture":
			case "mnist":
				settings = append(settings, "data.train=300", "data.test=60")
			default: // need files
				settings = append(settings, "data={name: mnist, train: 300, test: 60}")
			}
			if _, ok := preset(t, p.Name).Model.(graph.GenerativeSpec); ok {
				settings = append(settings, "likelihood.betas=5", "likelihood.chains=4") // annealing would take most of the time
			}
			goesOn(t, preset(t, p.Name, settings...), somewhere(p.Name, 9))
		})
	}
}

// somewhere returns a number from 1 to most, another for each name.
func somewhere(name string, most int) int {
	h := fnv.New32a()
	h.Write([]byte(name))
	return 1 + int(h.Sum32())%most
}

// goesOn trains a config at one go, and another run of it from step k on.
func goesOn(t *testing.T, c *configs.Config, k int) {
	t.Helper()
	whole := &trace{at: k}
	want := whole.train(t, begin(t, c))
	if whole.snapshot == nil {
		t.Fatalf("the run has no step %d", k)
	}
	rest := &trace{at: -1}
	r := begin(t, c)
	for range k % 3 { // it was used for something else
		if c.Engine.Device != "gpu" {
			advance(t, r)
		}
	}
	if err := r.Restore(whole.snapshot); err != nil {
		t.Fatal(err)
	}
	if now := standing(r); now != whole.standing {
		t.Errorf("restored, the run stands at\n%s\nwhere it was saved, at\n%s", now, whole.standing)
	}
	got := rest.train(t, r)
	if lines := whole.lines[whole.before:]; !slices.Equal(rest.lines, lines) {
		t.Fatalf("from step %d on\n%s\nin one go\n%s", k, first(rest.lines, lines), first(lines, rest.lines))
	}
	if got != want {
		t.Errorf("the summary is\n%s\nin one go\n%s", got, want)
	}
}

// first returns the first of some lines that differs from the other's.
func first(lines, others []string) string {
	for i, line := range lines {
		if i == len(others) || line != others[i] {
			return line
		}
	}
	return fmt.Sprintf("%d lines", len(lines))
}

// trace records all that steps and evaluations say, and takes a snapshot after step at: if
// an evaluation is due there, after it.
type trace struct {
	NopHook
	at       int
	lines    []string
	snapshot *state.Snapshot
	standing string // then
	before   int    // lines before it
}

// standing is what a run says of its last step and of all before it.
func standing(r *Run) string {
	return fmt.Sprintf("%d %d %d %d %d %t %d %x %x %+v %+v %+v", r.Steps, r.Samples, r.Updates, r.OpenSteps, r.lastBatch, r.updated, r.lossCount,
		r.Loss, r.lossSum, r.Ledger.Last().Memory, r.Ledger.Total().M1, r.Ledger.Last().M1)
}

// train trains a run and returns its summary and its weights, without what belongs to the
// session: times, joules, and what evaluations have said so far.
func (h *trace) train(t *testing.T, r *Run) string {
	t.Helper()
	s, err := r.Train(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}
	s.Wall, s.StepsPerSecond, s.Energy.JoulesMeasured, s.Energy.NotMeasured = 0, 0, nil, ""
	s.TrainLoss, s.TestLoss, s.TestAccuracy, s.BestTestAccuracy, s.Validated, s.Crossings = nil, nil, nil, nil, nil, nil
	s.Operations.Training.ToGoals = nil
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var weights strings.Builder
	for _, w := range slices.Concat(slices.Concat(arrays(r.Model)...), slices.Concat(r.deviations()...)) {
		fmt.Fprintf(&weights, " %x", math.Float32bits(w))
	}
	if r.synapses != nil { // what synapses.npz has
		fisher, gradient, rate := r.synapses.Means()
		fmt.Fprintf(&weights, "\n%x\n%x\n%x", fisher, gradient, rate)
	}
	return fmt.Sprintf("%s\n%s\n", text, weights.String())
}

// Start implements Hook.
func (h *trace) Start(r *Run) error { return h.take(r) }

// Step implements Hook.
func (h *trace) Step(r *Run) error {
	if err := h.write("step", r.Steps, r.Samples, r.Updates, r.OpenSteps, r.lastBatch, r.updated, r.Loss, r.Ledger.Last()); err != nil {
		return err
	}
	return h.take(r)
}

// Evaluate implements Hook.
func (h *trace) Evaluate(r *Run, m *rundir.Metrics) error {
	timeless := *m
	timeless.Wall = 0
	if err := h.write("evaluation", timeless); err != nil {
		return err
	}
	return h.take(r)
}

func (h *trace) write(of ...any) error {
	line, err := json.Marshal(of)
	h.lines = append(h.lines, string(line))
	return err
}

func (h *trace) take(r *Run) (err error) {
	if r.Steps == h.at {
		h.snapshot, err = r.Snapshot()
		h.standing, h.before = standing(r), len(h.lines)
	}
	return err
}

// A run of another network or rule is refused by the name of what does not fit.
func TestRestoreRefuses(t *testing.T) {
	r := begin(t, load(t, tiny, "rule.optimizer=momentum"))
	advance(t, r)
	snapshot, err := r.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for setting, want := range map[string]string{
		"model.hidden=[12, 8]":    "W2 has 96 numbers, and 108 are remembered",
		"model.hidden=[12]":       "W2 has 36 numbers, and 108 are remembered",
		"model.bias=unit":         "W1 has 252 numbers, and 240 are remembered",
		"rule.optimizer=sgd":      "rule.optimizer.steps is not remembered",
		"rule.cache=synaptic":     "rule.cache.started is not remembered",
		"rule.synapse=stochastic": "rule.synapse.phi.0 is not remembered",
	} {
		c := load(t, tiny, "rule.optimizer=momentum", setting)
		if err := begin(t, c).Restore(snapshot); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %q", setting, err, want)
		}
	}
}

// What a part of a run did not count of changes beside the weights is not known of the whole; nor if it was
// saved by a version that did not count it, which is a state without it.
func TestUnknownAccumulateStaysUnknown(t *testing.T) {
	for _, of := range []string{"unknown at first", "unknown afterwards", "missing in the state"} {
		first, r := begin(t, load(t, tiny, "rule.optimizer=momentum")), begin(t, load(t, tiny, "rule.optimizer=momentum", "energy.prices=[unit]"))
		switch of {
		case "unknown at first":
			first.Ledger.ForgetAccumulate("for a reason")
		case "unknown afterwards":
			r.Ledger.ForgetAccumulate("for a reason")
		}
		advance(t, first)
		snapshot, err := first.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if of == "missing in the state" {
			for _, name := range []string{"ledger.layers", "ledger.total", "ledger.last"} {
				snapshot.Values[name] = withoutAccumulate.ReplaceAll(snapshot.Values[name], nil)
			}
		}
		if err := r.Restore(snapshot); err != nil {
			t.Fatal(err)
		}
		advance(t, r)
		if total := r.Ledger.Total().Accumulate; total != (energy.Accumulate{}) || r.Ledger.Last().Accumulate.Known || r.Ledger.Layers[0].Update.Accumulate.Known {
			t.Errorf("%s: %+v", of, total)
		}
		if why := r.prices[0].Price(r.Ledger).Unpriced[energy.Accumulating]; why == "" || of == "unknown afterwards" && why != "for a reason" {
			t.Errorf("%s: no price for the reason %q", of, why)
		}
	}
}

// withoutAccumulate finds the account of what changed beside the weights.
var withoutAccumulate = regexp.MustCompile(`,"accumulate":\{[^}]*\}`)

// What was not known in one part of a run is not known of the whole.
func TestUnknownMemoryStaysUnknown(t *testing.T) {
	for _, parts := range [][2]string{{"known", ""}, {"", "known"}} {
		var snapshot *state.Snapshot
		for _, known := range parts {
			r := begin(t, load(t, tiny, "rule.optimizer=momentum"))
			if known == "" {
				r.Ledger.ForgetMemory("for a reason")
			}
			if snapshot != nil {
				if err := r.Restore(snapshot); err != nil {
					t.Fatal(err)
				}
			}
			advance(t, r)
			if total := r.Ledger.Total().Memory; snapshot != nil && (total.Known || r.Ledger.Last().Memory.Known || total.Reads != 0) {
				t.Errorf("%q: memory %+v, of which a part was not known", parts, total)
			}
			var err error
			if snapshot, err = r.Snapshot(); err != nil {
				t.Fatal(err)
			}
		}
		if text := string(snapshot.Values["ledger.unknown_memory"]); text != `"for a reason"` {
			t.Errorf("%q: not known because %s", parts, text)
		}
	}
}
