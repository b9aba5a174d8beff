package train

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ergon/energy/bounds"
	"ergon/graph"
	"ergon/internal/gpu/testdevice"
	"ergon/masks"
	"ergon/train/measure"
)

// At batch 1 the weights are run on the presentations to come, which leaves the run as
// it is.
func TestGradientsOfSinglePresentations(t *testing.T) {
	r, bare := begin(t, load(t, tiny, "train.batch=1")), begin(t, load(t, tiny, "train.batch=1"))
	bare.gradients = nil
	for range measure.ProbeInterval + 2 {
		if err := errors.Join(r.Step(), bare.Step()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(bare.Ledger.Total(), r.Ledger.Total()); diff != "" || r.Loss != bare.Loss {
		t.Errorf("sampling gradients changes the run (-without +with):\n%s", diff)
	}
	if n := r.gradients.All().Presentations; n != 2*measure.ProbeSize {
		t.Errorf("%d presentations were sampled, want %d", n, 2*measure.ProbeSize)
	}
	p, err := r.runAhead(r.Steps, measure.ProbeSize)
	if err != nil {
		t.Fatal(err)
	}
	next := make([]float32, r.Model.InputWidth())
	r.Data.Train.Gather(r.sampler.Batch(uint64(r.Steps+1)), next, len(next), make([]float32, r.Data.Train.Outputs()))
	if diff := cmp.Diff(next, p.X[:len(next)]); diff != "" {
		t.Errorf("the first presentation run ahead is not the next one (-next +ahead):\n%s", diff)
	}
}

// The summary's bounds are those of the equations, for the run's numbers.
func TestBoundsOfRun(t *testing.T) {
	r := begin(t, load(t, tiny, "energy.temperature=30", "rule.optimizer.lr=0.05"))
	s, err := r.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b := s.Energy.Bounds
	n, d := float64(s.Parameters), float64(s.Samples)
	kT, ratio := 30*bounds.Boltzmann, max(b.Gradients.Ratio, 1)
	for what, pair := range map[string][2]float64{
		"kT":        {b.Thermal, kT},
		"erasure":   {b.Erasure, float64(s.Energy.WeightWrites) * 32 * kT * math.Ln2},
		"infimum":   {b.AnalogInfimum, 2 * n * d * kT},
		"analog":    {*b.AnalogTraining, 2 * n * d * kT * ratio},
		"digital":   {b.DigitalTraining, 96 * math.Ln2 * n * d * kT},
		"ratio":     {*b.Ratio, 48 * math.Ln2 / ratio},
		"threshold": {*b.GradientsLast.Threshold, 0.05 * b.GradientsLast.TraceVariance / (2 * n)},
		"batches":   {*b.GradientsLast.Threshold / *b.GradientsLast.ThresholdStep, 8},
	} {
		if !(math.Abs(pair[0]-pair[1]) <= 1e-12*math.Abs(pair[1])) {
			t.Errorf("%s: %g, want %g", what, pair[0], pair[1])
		}
	}
	if b.Presentations != int64(s.Samples) || b.Units != 12+9+3 || math.Abs(b.Gradients.Ratio-1) > 0.5 || b.GradientsLast.Presentations >= b.Gradients.Presentations {
		t.Errorf("unlikely: %+v, gradients %+v, of the last %+v", b, b.Gradients, b.GradientsLast)
	}
}

// What goes by steps goes by open ones, in which the gate let something through: not by
// those in which a synapse changed, which are fewer behind a mask that keeps nothing, nor
// by all, which are more behind a gate. The rate is the optimizer's own for the next one.
func TestBoundsGoByOpenSteps(t *testing.T) {
	for name, settings := range map[string][]string{
		"a mask that often keeps nothing": {"model.hidden=[]", "rule.mask={kind: neurons, p: 0.05}"},
		"a gate that is often shut":       {"rule.gate=lazy", "train.batch=2", "train.epochs=8", "rule.mask=full"},
		"both":                            {"model.hidden=[]", "rule.gate=lazy", "train.batch=2", "train.epochs=8", "rule.mask={kind: neurons, p: 0.1}"},
	} {
		t.Run(name, func(t *testing.T) {
			r := begin(t, load(t, tiny, append(settings, "rule.clip=none", "rule.optimizer={kind: sgd, lr: 0.05, half: 5}")...))
			open := &openSteps{}
			s, err := r.Train(context.Background(), open)
			if err != nil {
				t.Fatal(err)
			}
			if s.OpenSteps != open.n || s.Updates == s.OpenSteps && s.Steps == s.OpenSteps {
				t.Fatalf("%d open steps, counted %d; %d steps, %d updates: nothing is told apart", s.OpenSteps, open.n, s.Steps, s.Updates)
			}
			same, err := r.Config.Rule.Optimizer.New(r.network(), 0, "")
			if err != nil {
				t.Fatal(err)
			}
			for range open.n + 1 {
				same.Begin()
			}
			rate := -float64(same.(masks.Proportional).Factor())
			b, n := s.Energy.Bounds, float64(s.Parameters)
			for what, pair := range map[string][2]float64{
				"batched":   {*b.AnalogBatched, 2 * n * b.Thermal * (float64(open.n) + float64(b.Presentations) / *b.Gradients.NoiseScale)},
				"threshold": {*b.Gradients.Threshold, rate * b.Gradients.TraceVariance / (2 * n)},
			} {
				if !(math.Abs(pair[0]-pair[1]) <= 1e-6*math.Abs(pair[1])) {
					t.Errorf("%s: %g, want %g", what, pair[0], pair[1])
				}
			}
		})
	}
}

// openSteps counts the steps that computed a gradient.
type openSteps struct {
	NopHook
	n int
}

// Step implements Hook.
func (o *openSteps) Step(r *Run) error {
	if r.Ledger.Last().MACsBackward > 0 {
		o.n++
	}
	return nil
}

// The activity of the units is that of the test set at the last evaluation.
func TestUnitActivity(t *testing.T) {
	r := begin(t, load(t, tiny))
	s, err := r.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p, err := graph.Compile(r.Model, r.Engine, r.Data.Test.Len())
	if err != nil {
		t.Fatal(err)
	}
	r.Data.Test.Gather(r.evaluator.order, p.X, r.Model.InputWidth(), p.Target)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	var shares []float64
	active := 0.0
	for l, layer := range r.Model.Layers() {
		for i := range layer.Out {
			n := 0
			for b := range p.Batch {
				if p.Postsynaptic(l)[b*layer.Out+i] != 0 {
					n++
				}
			}
			shares = append(shares, float64(n)/float64(p.Batch))
			active += shares[len(shares)-1]
		}
	}
	if diff := cmp.Diff(shares, r.activity.Shares()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b := s.Energy.Bounds
	if want := bounds.DynamicInferenceUnits(shares, 300); *b.Dynamic != want || want == 0 || *b.ActiveUnits != active {
		t.Errorf("dynamic inference %g J with %g active units, want %g J and %g", *b.Dynamic, *b.ActiveUnits, want, active)
	}
}

// What was not measured is null: activities and errors on a GPU, activity in a run
// without an evaluation.
func TestBoundsNotMeasured(t *testing.T) {
	r := begin(t, load(t, tiny, "rule.optimizer=adam"))
	if b := boundsOf(r, 10); b.Dynamic != nil || b.Gradients != nil || b.AnalogTraining != nil {
		t.Errorf("before the first step: %+v", b)
	}
	if err := r.Step(); err != nil {
		t.Fatal(err)
	}
	if b := boundsOf(r, 10); b.Gradients == nil || b.Gradients.Threshold != nil || b.GradientsLast != nil {
		t.Errorf("with adam, before an evaluation: %+v", b)
	}
	r.gradients, r.evaluator = nil, nil
	if b := boundsOf(r, 10); b.Dynamic != nil || b.DynamicSparse != nil || b.Gradients != nil || b.Ratio != nil || b.DigitalTraining == 0 {
		t.Errorf("on a GPU: %+v", b)
	}
}

// The share of sampling gradients in a run: the time of all samples over that of all
// steps with their samples.
func BenchmarkGradients(b *testing.B) {
	for name, settings := range map[string][]string{
		"batch 32": {"train.batch=32"}, "batch 8": {"train.batch=8"}, "batch 1": {"train.batch=1"},
		"batch 1, one layer": {"train.batch=1", "model.hidden=[]"},
		"batch 1, lazy":      {"train.batch=1", "rule.gate=lazy"},
	} {
		b.Run(name, func(b *testing.B) {
			r := begin(b, preset(b, "mnist", append(settings, "data.train=5000", "data.test=100")...))
			sampler := r.gradients
			r.gradients = nil
			sampling, whole := time.Duration(0), time.Duration(0)
			for b.Loop() {
				start := time.Now()
				if err := r.Step(); err != nil {
					b.Fatal(err)
				}
				made := time.Now()
				p, err := r.program(r.Config.Train.Batch)
				if err != nil {
					b.Fatal(err)
				}
				// After the step: before it, sampling would compute the gradient for the step.
				if err := errors.Join(sampler.Sample(r.Steps, p), sampler.Probe(r.Steps)); err != nil {
					b.Fatal(err)
				}
				sampling += time.Since(made)
				whole += made.Sub(start)
			}
			b.ReportMetric(100*float64(sampling)/float64(whole), "%overhead")
		})
	}
}

// On a device the host sees neither errors nor activities: what depends on them is null,
// and the rest is as on the host.
func TestBoundsOnADevice(t *testing.T) {
	testdevice.Use(t)
	host, _ := trainOn(t, "cpu", nil)
	device, _ := trainOn(t, "gpu", nil)
	b, want := device.Energy.Bounds, host.Energy.Bounds
	if b.Gradients != nil || b.GradientsLast != nil || b.AnalogTraining != nil || b.Ratio != nil || b.Dynamic != nil || b.ActiveUnits != nil {
		t.Errorf("%+v", b)
	}
	if b.Presentations != want.Presentations || b.DigitalTraining != want.DigitalTraining || b.AnalogInfimum != want.AnalogInfimum {
		t.Errorf("%+v, on the host %+v", b, want)
	}
}
