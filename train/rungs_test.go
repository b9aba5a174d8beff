package train

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// wrong is a task whose gradient stays the same: one pattern, which a perceptron has on the
// wrong side throughout.
const wrong = `
name: wrong
data: {name: patterns, inputs: 30, examples: 1}
model: {kind: mlp, hidden: [], output: linear, loss: perceptron}
train: {batch: 1, epochs: 20}
rule: {optimizer: {kind: sgd, lr: 0.001}}
engine: {blas: gonum, threads: 1}
`

// A gradient that stays the same is followed with the least work, whatever the rates.
func TestSpeedLimitIsReached(t *testing.T) {
	for _, settings := range [][]string{{}, {"rule.optimizer.half=5"}, {"rule.mask={kind: synapses, p: [0.5]}"}} {
		found := 0
		for seed := range 10 {
			s, _ := record(t, load(t, wrong, append(settings, fmt.Sprintf("seed=%d", seed))...))
			if s.Updates < 20 {
				continue // it was right at first, or came to be
			}
			found++
			if e := s.SpeedEfficiency; e == nil || math.Abs(*e-1) > 1e-5 {
				t.Errorf("%v, seed %d: efficiency %v, want 1 up to the rounding of weights (%s)", settings, seed, *e, s.NoSpeedEfficiency)
			}
		}
		if found < 2 {
			t.Errorf("%v: of 10 seeds %d begin on the wrong side", settings, found)
		}
	}
}

// The speed limit holds under every mask, clip, gate, filter and falling rate, and its
// efficiency is less than 1 where the gradient turns.
func TestSpeedLimit(t *testing.T) {
	for _, settings := range [][]string{
		{}, {"train.batch=1", "train.epochs=1"},
		{"rule.mask=[]", "rule.optimizer={kind: sgd, lr: 0.5, half: 3}"},
		{"rule.clip={kind: value, bound: 0.001}"}, {"rule.clip={kind: norm, bound: 0.01}"},
		{"rule.gate=lazy", "train.batch=1", "train.epochs=1"}, {"rule.error={kind: meprop, k: 3}"},
		{"rule.mask={kind: subnet, k: 4}"}, {"rule.mask={kind: competitive, p: 0.1}", "train.batch=1", "train.epochs=1"},
		{"rule.optimizer=langevin"}, {"rule.cache={kind: synaptic, tau: .inf}"}, {"rule.synapse=stochastic"},
		{"model=" + tinyConvNet},
	} {
		s, _ := record(t, load(t, tiny, settings...)) // checks that it is at most 1
		if e := s.SpeedEfficiency; e == nil || *e <= 0 || *e > 0.9 {
			t.Errorf("%v: efficiency of speed %v, want above 0 and below .9 (%s)", settings, e, s.NoSpeedEfficiency)
		}
	}
	s, _ := record(t, load(t, lifted))
	if e := s.SpeedEfficiency; e == nil || *e <= 0 || *e > 0.9 {
		t.Errorf("a network that relaxes: efficiency of speed %v (%s)", e, s.NoSpeedEfficiency)
	}
}

// What is not known is null, with the reason.
func TestUnknownRungs(t *testing.T) {
	for settings, reasons := range map[string][3]string{
		"rule.optimizer=momentum":                                {"not a rate times the gradient", "", "kT*"},
		"rule.optimizer=adam":                                    {"not a rate times the gradient", "", "kT*"},
		"rule.optimizer={kind: langevin, temperature: 1e-6}":     {"thermal noise", "", ""},
		"rule.cache=synaptic":                                    {"decay", "", ""},
		"rule.project=sphere":                                    {"rule.project moves weights, too", "", "batch normalisation"},
		"rule.optimizer.lr=0":                                    {"no step did any work", "", "not above 0"},
		"data={name: teacher, inputs: 20, train: 100, test: 50}": {"", "real-valued", "information is not known"},
	} {
		overrides := []string{settings}
		if strings.Contains(settings, "teacher") {
			overrides = append(overrides, "train.goals=[]", "model.loss=mse")
		}
		if strings.Contains(settings, "project") {
			overrides = append(overrides, "model="+tinyNormalized)
		}
		s, _ := record(t, load(t, tiny, overrides...))
		if s.Displacement2 == nil || s.Energy.Work == nil {
			t.Errorf("%s: no displacement, or no work: %+v", settings, s.Rungs)
		}
		for i, known := range []struct {
			value  *float64
			reason string
		}{{s.SpeedEfficiency, s.NoSpeedEfficiency}, {s.Information, s.NoInformation}, {s.LearningEfficiency, s.NoLearningEfficiency}} {
			if (known.value == nil) != (reasons[i] != "") || !strings.Contains(known.reason, reasons[i]) || known.value != nil && known.reason != "" {
				t.Errorf("%s: %v because %q, want a reason with %q", settings, known.value, known.reason, reasons[i])
			}
		}
	}
}

// The rungs are what their definitions give for the numbers of the same summary.
func TestRungsByDefinition(t *testing.T) {
	r := begin(t, load(t, tiny, "rule.optimizer={kind: sgd, lr: 0.25, half: 5}", "train.epochs=3"))
	rates := 0.0
	for r.Steps < r.Limit() {
		rates += float64(float32(0.25 / (1 + float64(r.Steps)/5)))
		if err := r.Step(); err != nil {
			t.Fatal(err)
		}
	}
	moved := 0.0
	for a, w := range r.weights {
		for i := range w {
			moved += math.Pow(float64(w[i])-float64(r.initial[a][i]), 2)
		}
	}
	bounds := boundsOf(r, 10)
	got := rungsOf(r, &bounds)
	work := *r.work.Report(r.OpenSteps).Dissipated
	if *got.Displacement2 != moved || math.Abs(*got.SpeedEfficiency-moved/(work*rates)) > 1e-14 {
		t.Errorf("displacement %v and efficiency %v, want %v and %v", *got.Displacement2, *got.SpeedEfficiency, moved, moved/(work*rates))
	}
	if got.Information != nil || !strings.Contains(got.NoInformation, "no evaluation") {
		t.Errorf("information %v because %q of a run that was not evaluated", got.Information, got.NoInformation)
	}
	s, _ := record(t, load(t, tiny))
	b := s.Energy.Bounds
	want := float64(b.Presentations) * *s.Information / (*s.Energy.Work.Dissipated / *b.GradientsLast.ThresholdStep)
	if math.Abs(*s.LearningEfficiency-want) > 1e-14*want {
		t.Errorf("learning efficiency %v, want %v", *s.LearningEfficiency, want)
	}
	if *s.Information <= 0 || *s.Information > math.Log(3) {
		t.Errorf("%v nats about three classes", *s.Information)
	}
}
