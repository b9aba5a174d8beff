package train

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/graph"
	"ergon/internal/gpu/testdevice"
	"ergon/train/rundir"
)

// heldOut leaves 73 of tiny's 103 training examples to learn from.
const heldOut = "data.validation=30"

// keptRun trains and returns summary and metrics.
func keptRun(t *testing.T, settings ...string) (*Run, *rundir.Summary, []*rundir.Metrics) {
	t.Helper()
	r, kept := begin(t, load(t, tiny, settings...)), &keep{}
	s, err := r.Train(context.Background(), kept)
	if err != nil {
		t.Fatal(err)
	}
	return r, s, kept.metrics
}

// Whatever the order, the model and the engine: a run that holds examples out is, to the
// bit, the run on the other examples. Only what is looked at differs.
func TestHeldOutExamplesAreNotPresented(t *testing.T) {
	for _, settings := range [][]string{
		{}, {"train.sampling=replacement"}, {"train.sampling=sequential"}, {"engine.device=reference"},
		{"model=" + tinyConvNet}, {"model={kind: quasistatic, hidden: [5]}"}, {noisy}, {"train.batch=1000"},
		{"train.max_steps=13", "rule.mask=per_class"}, {"train.eval_every=3", "rule.optimizer=adam"},
	} {
		t.Run(fmt.Sprint(settings), func(t *testing.T) {
			with, a, _ := keptRun(t, append(settings, heldOut)...)
			fewer, b, _ := keptRun(t, append(settings, "data.train=73")...)
			if a.Validated == nil || b.Validated != nil {
				t.Fatalf("validated %v and %v, want the first alone", a.Validated, b.Validated)
			}
			if a.Samples != b.Samples || a.Steps != b.Steps || a.Epochs != b.Epochs || a.Energy.Totals != b.Energy.Totals || *a.TestLoss != *b.TestLoss {
				t.Errorf("%d presentations, test loss %v, account %+v;\nwithout the examples %d, %v, %+v", a.Samples, *a.TestLoss, a.Energy.Totals, b.Samples, *b.TestLoss, b.Energy.Totals)
			}
			for k, w := range with.weights {
				if !slices.Equal(w, fewer.weights[k]) {
					t.Errorf("array %d has other weights", k)
				}
			}
		})
	}
}

// What is reported of the examples held out is what the network does on the last
// training examples.
func TestValidationIsOfTheLastExamples(t *testing.T) {
	r, s, _ := keptRun(t, heldOut)
	whole, err := load(t, tiny).Data.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := graph.Compile(r.Model, r.Engine, 1)
	if err != nil {
		t.Fatal(err)
	}
	right, loss := 0, 0.0
	for i := 73; i < 103; i++ {
		whole.Train.Gather([]int32{int32(i)}, p.X, r.Model.InputWidth(), p.Target)
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		loss += p.LossValue() / 30
		if label, _ := whole.Train.Label(i); label == argmax(p.Output()) {
			right++
		}
	}
	if got := *s.ValidationAccuracy; got != float64(right)/30 || math.Abs(s.ValidationLoss-loss) > 1e-6*loss {
		t.Errorf("accuracy %v, loss %v; a recount finds %d of 30, %v", got, s.ValidationLoss, right, loss)
	}
}

// manyGoals are so many that the test set and the examples held out reach some of them
// at different times.
const manyGoals = "train.goals=[0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7]"

// Goals, the best so far and the end of a run look at the examples held out. The test
// accuracy of the same evaluation stands beside.
func TestGoalsLookAtValidation(t *testing.T) {
	_, s, metrics := keptRun(t, heldOut, "train.eval_every=1", manyGoals)
	differ := 0
	for _, x := range s.Crossings {
		first := slices.IndexFunc(metrics, func(m *rundir.Metrics) bool { return *m.ValidationAccuracy >= x.Accuracy })
		m := metrics[first]
		if x.Steps != m.Step || x.ValidationAccuracy == nil || *x.ValidationAccuracy != *m.ValidationAccuracy || x.TestAccuracy != *m.TestAccuracy {
			t.Errorf("goal %v: %+v, want what was found at step %d: validation %v, test %v", x.Accuracy, x, m.Step, *m.ValidationAccuracy, *m.TestAccuracy)
		}
		if slices.IndexFunc(metrics, func(m *rundir.Metrics) bool { return *m.TestAccuracy >= x.Accuracy }) != first {
			differ++
		}
	}
	if differ < 2 {
		t.Fatalf("the test set reaches all but %d goals at the same time: the test does not test what it should", differ)
	}
	best := slices.MaxFunc(metrics, func(a, b *rundir.Metrics) int { return cmp.Compare(*a.ValidationAccuracy, *b.ValidationAccuracy) })
	if *s.BestValidationAccuracy != *best.ValidationAccuracy || *s.ChosenTestAccuracy != *best.TestAccuracy {
		t.Errorf("best %v, test accuracy there %v; want %v, %v", *s.BestValidationAccuracy, *s.ChosenTestAccuracy, *best.ValidationAccuracy, *best.TestAccuracy)
	}
	for _, x := range s.Crossings {
		_, ended, _ := keptRun(t, heldOut, "train.eval_every=1", fmt.Sprint("train.stop_at=", x.Accuracy))
		if ended.Status != rundir.StatusReachedGoal || ended.Steps != x.Steps {
			t.Errorf("stop_at %v: %s at step %d, want the goal at %d", x.Accuracy, ended.Status, ended.Steps, x.Steps)
		}
	}
}

// Of equal validation accuracies the first is the best so far, whatever the test set says.
func TestTheFirstBestCounts(t *testing.T) {
	s := new(rundir.Summary)
	for _, accuracies := range [][2]float64{{0.5, 0.9}, {0.8, 0.7}, {0.8, 0.95}, {0.6, 0.99}} {
		recordValidation(s, &rundir.Metrics{TestAccuracy: &accuracies[1], Validation: &rundir.Validation{ValidationAccuracy: &accuracies[0]}})
	}
	if *s.BestValidationAccuracy != 0.8 || *s.ChosenTestAccuracy != 0.7 || *s.ValidationAccuracy != 0.6 {
		t.Errorf("best %v, test accuracy there %v, last %v; want 0.8, 0.7, 0.6", *s.BestValidationAccuracy, *s.ChosenTestAccuracy, *s.ValidationAccuracy)
	}
}

// Where nothing is held out, nothing is said of it.
func TestNoWordOfValidation(t *testing.T) {
	for setting, want := range map[string]bool{heldOut: true, "data.validation=0": false} {
		_, s, metrics := keptRun(t, setting)
		for _, value := range []any{s, metrics[0]} {
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(text), `"validation_`); got != want {
				t.Errorf("%s: validation_ is in the JSON: %v, want %v", setting, got, want)
			}
		}
		text, _ := json.Marshal(s)
		read := new(rundir.Summary)
		if err := json.Unmarshal(text, read); err != nil || (read.Validated != nil) != want {
			t.Errorf("%s: read back %+v, error %v", setting, read.Validated, err)
		}
		if want && (*read.BestValidationAccuracy != *s.BestValidationAccuracy || *read.BestGoalAccuracy() != *s.BestValidationAccuracy) {
			t.Errorf("read back %+v, want %+v", read.Validated, s.Validated)
		}
	}
}

// Real-valued targets have a validation loss and no accuracy.
func TestValidationOfATeacher(t *testing.T) {
	_, s, metrics := keptRun(t, "data={name: teacher, inputs: 20, train: 103, test: 50, noise: 0.5}", heldOut, "model.loss=mse")
	if s.Samples != 4*73 || s.ValidationLoss <= 0 || s.ValidationAccuracy != nil || s.BestGoalAccuracy() != nil || len(s.Crossings) > 0 {
		t.Errorf("%d presentations, validated %+v, crossings %v", s.Samples, s.Validated, s.Crossings)
	}
	text, err := json.Marshal(metrics[0])
	if err != nil || !strings.Contains(string(text), `"validation_accuracy":null`) {
		t.Errorf("metrics %s, error %v", text, err)
	}
}

// A loss that is not finite ends a run, also where it is that of the examples held out.
func TestValidationLossDiverges(t *testing.T) {
	r := begin(t, load(t, tiny, heldOut))
	_, err := r.metricsOf(Evaluations{Validation: &Evaluation{Loss: math.NaN()}})
	if d := new(rundir.Diverged); !errors.As(err, &d) || d.What != "validation loss" {
		t.Errorf("error %v, want a divergence of the validation loss", err)
	}
}

// The noise of synapses is drawn anew for each of the sets: equal images would else have
// equal errors.
func TestValidationDrawsItsOwnNoise(t *testing.T) {
	r := begin(t, load(t, tiny, noisy, "rule.synapse.sigma=2", heldOut, "data.test=30"))
	r.validator.set = r.evaluator.set
	r.validator.gatherer = r.evaluator.gatherer
	test, err := r.evaluator.evaluate(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	validation, err := r.validator.evaluate(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if test.Loss == validation.Loss {
		t.Errorf("the same loss %v of the same images", test.Loss)
	}
}

// Runs side by side on a device each have their own examples held out.
func TestValidationSideBySide(t *testing.T) {
	testdevice.Use(t)
	engine, err := load(t, tiny, "engine.device=gpu").Engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	var jobs []Job
	for _, seed := range []string{"seed=1", "seed=2"} {
		r, err := NewOn(engine, load(t, tiny, seed, heldOut, "engine.device=gpu"))
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, Job{r, nil})
	}
	summaries, errs := Together(context.Background(), jobs)
	for i, seed := range []string{"seed=1", "seed=2"} {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		_, want, _ := keptRun(t, seed, heldOut)
		got := summaries[i]
		if math.Abs(got.ValidationLoss-want.ValidationLoss) > 1e-3*want.ValidationLoss || math.Abs(*got.BestValidationAccuracy-*want.BestValidationAccuracy) > 0.05 {
			t.Errorf("%s: %+v, alone on the host %+v", seed, got.Validated, want.Validated)
		}
	}
}
