package train

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ergon/internal/race"
	"ergon/train/rundir"
)

func TestSummaryOfARun(t *testing.T) {
	s, metrics := record(t, load(t, tiny))
	if s.Status != rundir.StatusBudgetSpent || s.Samples != 4*103 || s.Steps != 4*13 || s.Epochs != 4 {
		t.Errorf("%s after %d steps, %d presentations, %v epochs, want budget_spent, 52, 412, 4", s.Status, s.Steps, s.Samples, s.Epochs)
	}
	if n := strings.Count(metrics, "\n"); n != 4 {
		t.Errorf("%d evaluations, want one an epoch", n)
	}
	if len(s.Crossings) == 0 || s.Crossings[0].Accuracy != 0.2 || s.Crossings[0].TestAccuracy < 0.2 {
		t.Errorf("crossings %+v, want the goal 0.2 first", s.Crossings)
	}
}

func TestStopsAtTheGoal(t *testing.T) {
	s, _ := record(t, load(t, tiny, "train.stop_at=0.2", "train.eval_every=5"))
	if s.Status != rundir.StatusReachedGoal || s.Steps%5 != 0 || *s.TestAccuracy < 0.2 {
		t.Errorf("%s at step %d with accuracy %v", s.Status, s.Steps, *s.TestAccuracy)
	}
}

// Only subnet synapses move in a real run; the rest keep their initial bits.
func TestSubnetFreezesTheRest(t *testing.T) {
	c := load(t, tiny, "rule.mask={kind: subnet, k: [5, 4]}", "rule.optimizer=adam")
	r := begin(t, c)
	if _, err := r.Train(context.Background()); err != nil {
		t.Fatal(err)
	}
	units := [][]int{{20, 5}, {5, 4}, {4, 3}} // plastic units below and above each layer
	moved := 0
	for l, layer := range r.Model.Layers() {
		for i, w := range layer.W {
			plastic := i/layer.Out < units[l][0] && i%layer.Out < units[l][1]
			same := math.Float32bits(w) == math.Float32bits(r.initial[2*l][i])
			if !plastic && !same {
				t.Fatalf("%s: frozen synapse %d moved", layer.Name, i)
			}
			if plastic && !same {
				moved++
			}
		}
	}
	if moved == 0 {
		t.Error("no plastic synapse moved")
	}
}

// NaN or Inf ends the run in the step in which it arises, wherever that is.
func TestDivergenceIsNoticedAtOnce(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, c := range map[string]struct {
		poison      func(*Run)
		layer, what string
	}{
		"weight NaN":      {func(r *Run) { r.Model.Layers()[1].W[3] = nan }, "layer 2", "weights"},
		"weight Inf":      {func(r *Run) { r.Model.Layers()[0].W[3] = inf }, "layer 1", "weights"},
		"bias NaN":        {func(r *Run) { r.Model.Layers()[2].B[0] = nan }, "layer 3", "weights"},
		"weights too big": {func(r *Run) { fill(r.Model.Layers()[0].W, 3e38) }, "layer 1", "activity"},
	} {
		r := unwatched(t, load(t, tiny))
		for range 7 {
			advance(t, r)
		}
		c.poison(r)
		var d *rundir.Diverged
		if err := r.Step(); !errors.As(err, &d) || d.Step != 8 || d.Layer != c.layer || d.What != c.what {
			t.Errorf("%s: error %v, want divergence of the %s of %s at step 8", name, err, c.what, c.layer)
		}
	}
}

func fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// A learning rate that explodes ends the run with its account intact.
func TestDivergedRunKeepsItsAccount(t *testing.T) {
	c := load(t, tiny, "rule.optimizer.lr=1e10", "rule.mask=full", "model.loss=mse")
	directory, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	s, err := begin(t, c).Train(context.Background(), NewRecorder(directory))
	if err != nil {
		t.Fatal(err)
	}
	read, err := directory.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != rundir.StatusDiverged || read.Diverged == nil || read.Diverged.Step != s.Steps+1 || read.Steps != s.Steps {
		t.Errorf("summary %+v, diverged %+v", read.Status, read.Diverged)
	}
}

func TestInterruptedRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s, err := begin(t, load(t, tiny)).Train(ctx, &stopAt{step: 10, stop: cancel})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != rundir.StatusInterrupted || s.Steps != 10 {
		t.Errorf("%s after %d steps, want interrupted after 10", s.Status, s.Steps)
	}
}

// Weights and summary of a run that is asked to end do not wait for an evaluation, which of
// a large network takes longer than a batch system waits.
func TestInterruptedEvaluation(t *testing.T) {
	for _, settings := range [][]string{{}, {heldOut}, {"train.epochs=1"}} {
		ctx, cancel := context.WithCancel(t.Context())
		r, kept := begin(t, load(t, tiny, append(settings, "train.eval_every=10")...)), &keep{}
		s, err := r.Train(ctx, kept, &stopAt{step: 10, stop: cancel})
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != rundir.StatusInterrupted || s.Steps != 10 || s.TestAccuracy != nil || s.Validated != nil || len(kept.metrics) > 0 {
			t.Errorf("%s: %s after %d steps with %d evaluations, want interrupted after 10 with none", settings, s.Status, s.Steps, len(kept.metrics))
		}
		if s.Operations.Inference.ActivationSparsity == nil {
			t.Errorf("%s: there was time to look at a small network", settings)
		}
	}
}

// What the network does at the end is looked at for some time only.
func TestLastLookEnds(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	late, release := outliving(ended, time.Hour)
	if late.Err() != nil {
		t.Error("ended at once")
	}
	r := begin(t, load(t, tiny))
	if err := r.evaluator.count(late, newCensus(r.Model), 0); err != nil {
		t.Error(err)
	}
	release()
	late, release = outliving(ended, time.Microsecond)
	defer release()
	<-late.Done()
	if err := r.evaluator.count(late, newCensus(r.Model), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("count after the end: %v", err)
	}
}

type stopAt struct {
	NopHook
	step int
	stop func()
}

// Step implements Hook.
func (s *stopAt) Step(r *Run) error {
	if r.Steps == s.step {
		s.stop()
	}
	return nil
}

// The steps of a run, added up in order, are its summary, to the last bit.
func TestStepsAddUpToTheSummary(t *testing.T) {
	directory, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	s, err := begin(t, load(t, tiny, "train.log_every=1", "rule.optimizer=momentum", "rule.cache=mixed_precision")).Train(context.Background(), NewRecorder(directory))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(directory.Path(rundir.StepsFile))
	if err != nil {
		t.Fatal(err)
	}
	var sum rundir.StepLine
	sum.Memory.Known, sum.Accumulate.Known = true, true
	steps := 0
	for line := range strings.Lines(string(text)) {
		var l rundir.StepLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		steps++
		sum.Samples += l.Samples
		sum.M0 += l.M0
		sum.M1 += l.M1
		sum.M0Stored += l.M0Stored
		sum.ActiveUnits += l.ActiveUnits
		sum.ActivityL1 += l.ActivityL1
		sum.ActiveOutput += l.ActiveOutput
		sum.OutputL1 += l.OutputL1
		sum.MACsForward += l.MACsForward
		sum.MACsBackward += l.MACsBackward
		sum.MACsEff += l.MACsEff
		sum.WeightReads += l.WeightReads
		sum.WeightWrites += l.WeightWrites
		sum.Memory.Reads += l.Memory.Reads
		sum.Memory.Writes += l.Memory.Writes
		sum.Accumulate.Updates += l.Accumulate.Updates
		sum.Accumulate.Amount += l.Accumulate.Amount
		sum.Accumulate.Bits = max(sum.Accumulate.Bits, l.Accumulate.Bits)
		sum.Accumulate.Reads += l.Accumulate.Reads
		sum.Accumulate.Writes += l.Accumulate.Writes
		sum.Accumulate.GradientUpdates += l.Accumulate.GradientUpdates
	}
	if steps != s.Steps || sum.Samples != s.Samples || sum.Totals != s.Energy.Totals {
		t.Errorf("%d steps add up to %+v, the summary has %+v", steps, sum, s.Energy.Totals)
	}
}

// A step in steady state allocates nothing, whatever the rule.
func TestStepAllocatesNothing(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	for name, r := range stepRuns(t) {
		for range 20 {
			advance(t, r)
		}
		if n := testing.AllocsPerRun(100, func() { advance(t, r) }); n >= 1 {
			t.Errorf("%s: %v allocations per step", name, n)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	for name, r := range stepRuns(b) {
		for range 20 { // the first steps compile programs and grow buffers
			if err := r.Step(); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := r.Step(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// stepRuns are runs on MNIST-sized data whose steps are timed or checked for allocations.
func stepRuns(t testing.TB) map[string]*Run {
	runs := map[string]*Run{}
	for name, settings := range map[string][]string{
		"batch-1-dense":        {"train.batch=1", "rule.mask=full"},
		"batch-32-bernoulli":   {"rule.mask=bernoulli"},
		"batch-32-neurons":     {"rule.mask=neurons"},
		"batch-32-subnet":      {"rule.mask=subnet"},
		"batch-32-two-masks":   {"rule.mask=[subnet, bernoulli]"},
		"batch-32-norm-clip":   {"rule.clip=norm", "rule.mask=bernoulli"},
		"batch-32-convnet":     {"model=convnet"},
		"batch-32-adam-frozen": {"rule.optimizer=adam", "rule.mask=frozen"},
	} {
		// A small learning rate: a benchmark must not diverge, however long it runs.
		base := []string{"train.batch=32", "rule.optimizer.lr=0.001", "data={name: mixture, inputs: 784, clusters: 10, train: 640, test: 10}"}
		runs[name] = begin(t, load(t, "{}", append(base, settings...)...))
	}
	return runs
}

// BenchmarkStepLine is the time that train.log_every=1 adds to a step. Compare it with
// the shortest step, BenchmarkStep/batch-1-dense.
func BenchmarkStepLine(b *testing.B) {
	r := begin(b, load(b, tiny, "train.log_every=1"))
	directory, err := rundir.Open(filepath.Join(b.TempDir(), "run"), false)
	if err != nil {
		b.Fatal(err)
	}
	defer directory.Close()
	c := NewRecorder(directory)
	if err := c.Start(r); err != nil {
		b.Fatal(err)
	}
	if err := r.Step(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := c.Step(r); err != nil {
			b.Fatal(err)
		}
	}
}
