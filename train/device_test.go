package train

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/internal/gpu/testdevice"
	"ergon/train/rundir"
)

// A run on the device equals the run on the cpu: the same order, masks and counts, and
// weights and losses up to the rounding of sums. The cases have batches that do not
// divide the data, several layers, and every stage that has a kernel.
func TestDeviceRunIsTheCPURun(t *testing.T) {
	testdevice.Use(t)
	for _, settings := range [][]string{
		{"rule.mask=full"},
		{"rule.mask={kind: bernoulli, p: 0.3}", "rule.clip={kind: value, bound: 0.002}"},
		{"rule.mask={kind: neurons, p: 0.5, side: both}", "rule.clip={kind: norm, bound: 0.05}"},
		{"rule.mask=[{kind: subnet, k: [7]}, {kind: bernoulli, p: 0.6}]", "rule.optimizer={kind: momentum, lr: 0.05}"},
		{"rule.mask={kind: frozen, layers: [1]}", "rule.optimizer={kind: adam, lr: 0.01}"},
		{"rule.mask={kind: per_class, p: 0.5}", "rule.optimizer={kind: sgd, lr: 0.1, half: 50}"},
		{"rule.mask={kind: competitive, p: 0.1}", "model.loss=mse", "model.activation=leaky_relu", "model.bias=unit"},
		{"train.batch=1", "train.epochs=1", "model.activation=tanh"},
		{"train.eval_every=7", "train.log_every=3", "train.sampling=replacement"},
		{"train.eval_presentations=70", "train.epochs=0", "train.max_presentations=210"},
		{"data.validation=30", "train.eval_every=9"},
	} {
		t.Run(fmt.Sprint(settings), func(t *testing.T) {
			compareOnDevice(t, settings)
		})
	}
}

// compareOnDevice trains the tiny task on the host and on a device, and compares.
func compareOnDevice(t *testing.T, settings []string) {
	t.Helper()
	want, wantLines := trainOn(t, "cpu", settings)
	got, gotLines := trainOn(t, "gpu", settings)
	if got.Status != want.Status || got.Steps != want.Steps || got.Samples != want.Samples || got.Updates != want.Updates || got.OpenSteps != want.OpenSteps {
		t.Errorf("on the device %s after %d steps, %d presentations, %d updates; want %s, %d, %d, %d",
			got.Status, got.Steps, got.Samples, got.Updates, want.Status, want.Steps, want.Samples, want.Updates)
	}
	a, b := got.Energy.Totals, want.Energy.Totals
	if a.MACsForward != b.MACsForward || a.MACsBackward != b.MACsBackward {
		t.Errorf("MACs %d and %d, want %d and %d", a.MACsForward, a.MACsBackward, b.MACsForward, b.MACsBackward)
	}
	if a.Memory.Known && a.Memory != b.Memory || !b.Memory.Known {
		t.Errorf("memory %+v, want %+v, or nothing", a.Memory, b.Memory)
	}
	for _, c := range []struct {
		what      string
		got, want float64
		tolerance float64
	}{
		// Rounding may rarely move a unit across zero, or a synapse past a threshold.
		{"M0", float64(a.M0), float64(b.M0), 1e-3},
		{"M1", a.M1, b.M1, 1e-3},
		{"effective MACs", float64(a.MACsEff), float64(b.MACsEff), 1e-3},
		{"weight reads", float64(a.WeightReads), float64(b.WeightReads), 1e-3},
		{"active units", float64(a.ActiveUnits), float64(b.ActiveUnits), 1e-3},
		{"activity", a.ActivityL1, b.ActivityL1, 1e-3},
		{"output", a.OutputL1, b.OutputL1, 1e-3},
		{"training loss", *got.TrainLoss, *want.TrainLoss, 1e-3},
		{"test loss", *got.TestLoss, *want.TestLoss, 1e-3},
		{"M1min", *got.Energy.M1Min, *want.Energy.M1Min, 1e-3},
	} {
		if math.Abs(c.got-c.want) > c.tolerance*math.Abs(c.want) {
			t.Errorf("%s %v, want %v", c.what, c.got, c.want)
		}
	}
	if v, w := got.Validated, want.Validated; (v == nil) != (w == nil) {
		t.Errorf("on the device %v of the examples held out, want %v", v, w)
	} else if w != nil && (math.Abs(v.ValidationLoss-w.ValidationLoss) > 1e-3*w.ValidationLoss || math.Abs(*v.ValidationAccuracy-*w.ValidationAccuracy) > 0.05) {
		t.Errorf("validation loss %v, accuracy %v, want %v, %v", v.ValidationLoss, *v.ValidationAccuracy, w.ValidationLoss, *w.ValidationAccuracy)
	}
	if len(gotLines) != len(wantLines) {
		t.Errorf("%d evaluations and logged steps, want %d", len(gotLines), len(wantLines))
	}
	if !slices.Equal(gotLines, wantLines) {
		t.Errorf("evaluations and logged steps\n%v, want\n%v", gotLines, wantLines)
	}
}

// trainOn trains the tiny task. Besides the summary it returns the steps at which hooks
// were called.
func trainOn(t *testing.T, device string, settings []string) (*rundir.Summary, []string) {
	t.Helper()
	looks := &looks{}
	s, err := begin(t, load(t, tiny, append([]string{"engine.device=" + device}, settings...)...)).Train(context.Background(), looks)
	if err != nil {
		t.Fatal(err)
	}
	return s, looks.lines
}

// looks records when hooks are called.
type looks struct {
	NopHook
	lines []string
}

// Step implements Hook.
func (l *looks) Step(r *Run) error {
	if every := r.Config.Train.LogEvery; every > 0 && r.Steps%every == 0 {
		l.lines = append(l.lines, fmt.Sprintf("step %d, %d presentations", r.Steps, r.Samples))
	}
	return nil
}

// Evaluate implements Hook.
func (l *looks) Evaluate(_ *Run, m *rundir.Metrics) error {
	l.lines = append(l.lines, fmt.Sprintf("evaluation at %d", m.Step))
	return nil
}

// Runs side by side equal the runs alone, to the byte where products are summed in the
// same order, also when one of them ends before the others or diverges.
func TestRunsSideBySide(t *testing.T) {
	testdevice.Use(t)
	settings := [][]string{
		{"seed=1"},
		{"seed=2", "rule.mask={kind: neurons, p: 0.2}"},
		{"seed=3", "rule.optimizer.lr=1e20"},
		{"seed=4", "train.epochs=2", "rule.clip={kind: norm, bound: 0.01}"},
		{"seed=5", "train.stop_at=0.2", "rule.optimizer={kind: adam}"},
	}
	var alone []string
	for _, own := range settings {
		s, lines := record(t, load(t, tiny, append(own, "engine.device=gpu")...))
		alone = append(alone, fmt.Sprintf("%s %v %s", s.Status, s.Diverged, lines))
	}
	engine, err := load(t, tiny, "engine.device=gpu").Engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	var jobs []Job
	var lines []*metricsLines
	for _, own := range settings {
		r, err := NewOn(engine, load(t, tiny, append(own, "engine.device=gpu")...))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, &metricsLines{})
		jobs = append(jobs, Job{r, []Hook{lines[len(lines)-1]}})
	}
	summaries, errs := Together(context.Background(), jobs)
	for i, s := range summaries {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		// cuBLAS may sum a product of several networks in another order than one's.
		if got := fmt.Sprintf("%s %v %s", s.Status, s.Diverged, lines[i]); got != alone[i] && !testdevice.Real {
			t.Errorf("%v side by side:\n%s\nalone:\n%s", settings[i], got, alone[i])
		}
	}
	if summaries[2].Status != rundir.StatusDiverged || summaries[4].Status != rundir.StatusReachedGoal {
		t.Errorf("the third run %s, the fifth %s: the test does not test what it should", summaries[2].Status, summaries[4].Status)
	}
}
