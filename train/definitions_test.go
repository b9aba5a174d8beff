package train

import (
	"context"
	"math"
	"testing"

	"ergon/train/measure"
	"ergon/train/rundir"
)

// What README and docs/energy.md define, and no other test would notice.

// meanLoss compares train_loss with the mean loss of the presentations since the last
// evaluation, each counted once: those of a short batch weigh less.
type meanLoss struct {
	NopHook
	t          *testing.T
	sum        float64
	samples, n int
}

// Step implements Hook.
func (m *meanLoss) Step(r *Run) error {
	m.sum += r.Loss * float64(r.Samples-m.samples)
	m.n += r.Samples - m.samples
	m.samples = r.Samples
	return nil
}

// Evaluate implements Hook.
func (m *meanLoss) Evaluate(_ *Run, e *rundir.Metrics) error {
	if want := m.sum / float64(m.n); math.Abs(e.TrainLoss-want) > 1e-12*want {
		m.t.Errorf("train_loss %v after %d presentations, want %v", e.TrainLoss, m.samples, want)
	}
	m.sum, m.n = 0, 0
	return nil
}

func TestTrainLossIsTheMeanSinceTheLastEvaluation(t *testing.T) {
	r := begin(t, load(t, tiny, "train.eval_every=5")) // 103 examples in batches of 8: the 13th is short
	if _, err := r.Train(context.Background(), &meanLoss{t: t}); err != nil {
		t.Fatal(err)
	}
}

// Gradients are sampled on steps 1, 17, 33 …
func TestStepsOnWhichGradientsAreSampled(t *testing.T) {
	r := begin(t, load(t, tiny, "data.train=104"))
	for step := 1; step <= 34; step++ {
		before := r.gradients.All().Presentations
		advance(t, r)
		want := 0
		if step == 1 || step == 17 || step == 33 {
			want = 8
		}
		if got := r.gradients.All().Presentations - before; got != want {
			t.Errorf("step %d sampled %d presentations, want %d", step, got, want)
		}
	}
	if measure.SampleInterval != 16 || measure.ProbeInterval != 256 || measure.ProbeSize != 32 {
		t.Error("docs/energy.md says every 16th step, and 32 presentations every 256 steps")
	}
}

// With model.bias=unit the last input and unit 0 of every hidden layer are 1.
func TestBiasUnits(t *testing.T) {
	r := begin(t, load(t, tiny, "model.bias=unit", "data.train=104"))
	advance(t, r)
	p := r.programs[8]
	last := len(r.Model.Layers()) - 1
	for b := range 8 {
		if x := p.X[(b+1)*r.Model.InputWidth()-1]; x != 1 {
			t.Errorf("the constant input is %v", x)
		}
		for l, layer := range r.Model.Layers() {
			if y := p.Postsynaptic(l)[b*layer.Out]; (y == 1) != (l < last) {
				t.Errorf("unit 0 of layer %d is %v", l+1, y)
			}
		}
	}
}

// Outputs of a quasi-static network are counted by their response to the strained hidden
// units, and not as the targets that hold them.
func TestActivityOfQuasiStaticOutputs(t *testing.T) {
	r := begin(t, load(t, tiny, "model={kind: quasistatic, hidden: [12]}", "data.train=104"))
	advance(t, r)
	p, sum, targets := r.programs[8], 0.0, 0.0
	for i, y := range p.Postsynaptic(1) {
		sum += math.Abs(float64(y))
		targets += math.Abs(float64(p.Target[i]))
	}
	if got := r.Ledger.Last().OutputL1; math.Abs(got-sum) > 1e-9*sum || math.Abs(got-targets) < 1e-3*targets {
		t.Errorf("Σ|output| %v, want %v and not the targets' %v", got, sum, targets)
	}
}
