package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/energy"
	"ergon/energy/bounds"
	"ergon/internal/gpu/testdevice"
)

// A worked example, by hand: one presentation of an image of 3×3 pixels through two
// kernels of 2×2, pooling, and an output.
func TestLedgerOfAConvolutionByHand(t *testing.T) {
	r := begin(t, load(t, `
data: {name: mixture, clusters: 2, inputs: 9, train: 1, test: 1}
model: {kind: convnet, height: 3, width: 3, channels: [2], kernel: 2, pool: 2}
train: {batch: 1, epochs: 1, stop_at: 0}
rule: {optimizer: {kind: sgd, lr: 0.5}}
`))
	kernels := r.Model.Layers()[0]
	copy(kernels.W, []float32{ // [4,2]: one channel is 1 + the first pixel, the other -1
		1, 0,
		0, 0,
		0, 0,
		0, 0,
	})
	copy(kernels.B, []float32{1, -1})
	p, err := r.program(1)
	if err != nil {
		t.Fatal(err)
	}
	copy(p.X, []float32{
		1, 2, 0,
		0, 3, 1,
		2, 0, 4,
	})
	copy(p.Target, []float32{1, 0})
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	if err := r.learn([]int32{0}, p); err != nil {
		t.Fatal(err)
	}
	r.Ledger.Record(r.observer.Observe(p, nil, r.learned()))
	// Units of the first channel are 2, 3, 1, 4, of the second 0. The largest, 4, is the
	// one whose kernel sees 3, 1, 0, 4; it alone has an error, of one channel.
	y := r.Ledger.Layers[0]
	want := energy.Layer{
		Name: "layer 1", In: 4, Out: 2, Parameters: 10, Positions: 4,
		Forward:     energy.Pass{MACs: 4 * 4 * 2, MACsEffective: (3 + 3 + 2 + 3) * 2, WeightReads: 10},
		Backward:    energy.Pass{MACs: 4 * 4 * 2, MACsEffective: 3}, // dW
		Maintenance: energy.Maintenance{SynapsePresentations: 10},
		ActiveUnits: 4, ActivityL1: 10,
	}
	want.Update = y.Update
	if y != want {
		t.Errorf("got  %+v\nwant %+v", y, want)
	}
	if y.Update.M0 != 3+1 { // the weights from 3, 1 and 4, and the bias
		t.Errorf("M0 = %d of the kernels, want 4", y.Update.M0)
	}
	// The output sees the squares: 4 and 0.
	y = r.Ledger.Layers[1]
	if y.Forward != (energy.Pass{MACs: 4, MACsEffective: 2, WeightReads: 6}) || y.Backward != (energy.Pass{MACs: 4 + 4, MACsEffective: 2 + 4, WeightReads: 4}) {
		t.Errorf("output: forward %+v, backward %+v", y.Forward, y.Backward)
	}
}

// The cpu engine learns as the reference does, and the same to the byte on any
// number of cores.
func TestConvolutionsLearnAlike(t *testing.T) {
	settings := []string{"model=" + tinyConvNet, "rule.optimizer.lr=0.05", "rule.clip={kind: value, bound: 0.05}"}
	slow, fast := begin(t, load(t, tiny, append(settings, "engine.device=reference")...)), begin(t, load(t, tiny, settings...))
	for step := range 100 {
		advance(t, slow)
		advance(t, fast)
		if d := math.Abs(slow.Loss - fast.Loss); d > 1e-5*slow.Loss {
			t.Fatalf("step %d: losses %v and %v differ by %.1e", step, slow.Loss, fast.Loss, d)
		}
		if a, b := slow.Ledger.Last(), fast.Ledger.Last(); a.M0 != b.M0 || a.MACsEff != b.MACsEff {
			t.Fatalf("step %d: M0 %d and %d, effective MACs %d and %d", step, a.M0, b.M0, a.MACsEff, b.MACsEff)
		}
	}
	_, first := record(t, load(t, tiny, settings...))
	for _, threads := range []string{"2", "5"} {
		if _, again := record(t, load(t, tiny, append(settings, "engine.threads="+threads)...)); again != first {
			t.Errorf("%s threads: metrics differ:\n%s%s", threads, first, again)
		}
	}
}

// Bounds count units at each position, and for a digital machine also weights.
func TestBoundsOfConvolutions(t *testing.T) {
	s, _ := record(t, load(t, tiny, "model="+tinyConvNet, "train.epochs=1"))
	b := s.Energy.Bounds
	if want := 5*6*3 + 3*4*4 + 6 + 3; b.Units != want {
		t.Errorf("%d units, want %d", b.Units, want)
	}
	uses := 5*6*(4*3+3) + 3*4*(12*4+4) + (8*6 + 6) + (6*3 + 3)
	if want := bounds.DigitalInference(float64(uses), 300); b.DigitalOnce != want {
		t.Errorf("an inference takes %g J in a digital machine, want %g", b.DigitalOnce, want)
	}
	if b.Presentations != int64(s.Samples) || *b.ActiveUnits > float64(b.Units) || *b.ActiveUnits <= 0 {
		t.Errorf("%d presentations of %d, %g active units", b.Presentations, s.Samples, *b.ActiveUnits)
	}
}

// What shared weights cannot do is an error that names the setting.
func TestConvolutionsRefuse(t *testing.T) {
	testdevice.Use(t)
	for setting, want := range map[string]string{
		"engine.device=gpu":                             "engine.device: convolutions have no kernels",
		"rule.cache=low_rank":                           "rule.cache.kind: low_rank adds outer products",
		"rule.cache={kind: mixed_precision, levels: 8}": "rule.cache.levels: rounds activities",
		"rule.optimizer=pulsed":                         "rule.optimizer.kind: pulsed",
		"rule.mask={kind: subnet, k: 2}":                "rule.mask[0].kind: subnet",
		"rule.mask={kind: neurons, side: pre}":          "rule.mask[0].side: pre masks",
		"rule.mask={kind: alternating, side: both}":     "rule.mask[0].side: both masks",
		"rule.mask={kind: per_class, side: pre}":        "rule.mask[0].side: pre masks",
		"rule.mask={kind: competitive}; train.batch=1":  "rule.mask[0].by: the largest updates",
		"rule.mask={kind: competitive}; train.batch=6":  "rule.mask[0].by: the largest updates", // 103 = 17·6 + 1
	} {
		_, err := New(load(t, tiny, append(strings.Split(setting, "; "), "model="+tinyConvNet)...))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s…", setting, err, want)
		}
	}
}

// Not refused: what masks only layers above the convolutions, channels, or single
// synapses.
func TestConvolutionsAllow(t *testing.T) {
	for _, settings := range [][]string{
		{"rule.mask={kind: competitive, layers: [3, 4]}", "train.batch=1"},
		{"rule.mask={kind: competitive, scope: neuron}", "train.batch=1"},
		{"rule.mask={kind: competitive, by: error}", "train.batch=1"},
		{"rule.mask={kind: competitive, by: activity, p: 0.5}"},
		{"rule.mask={kind: per_class}"},
		{"rule.mask={kind: alternating}", "rule.gate=lazy", "rule.error={kind: meprop, k: 3}"},
		{"rule.synapse=stochastic", "rule.optimizer=adam"},
		{"rule.optimizer=langevin", "rule.clip={kind: norm, bound: 0.1}"},
		{"rule.cache=synaptic"},
		{"rule.optimizer=manhattan"},
		{"rule.optimizer=bop", "model.init=binary"},
	} {
		record(t, load(t, tiny, append(settings, "model="+tinyConvNet, "train.epochs=1")...))
	}
}

// Above a convolution the largest updates are those of the gradient, whose inputs
// are the convolution's units pooled.
func TestLargestUpdatesAboveAConvolution(t *testing.T) {
	r := begin(t, load(t, tiny, "model={kind: convnet, height: 4, width: 5, channels: [3], kernel: 2, padding: 1, pool: 2, hidden: [7]}",
		"rule.optimizer={kind: sgd, lr: 0.5}", "rule.mask={kind: competitive, p: 0.1, layers: [2], biases: false}", "train.batch=1"))
	const array = 2 // the weights of layer 2
	changed := 0
	for range 5 {
		before := slices.Clone(r.weights[array])
		advance(t, r)
		p, err := r.program(1)
		if err != nil {
			t.Fatal(err)
		}
		gradient, err := p.Parameters()[array].Grad()
		if err != nil {
			t.Fatal(err)
		}
		least, most := math.Inf(1), 0.0 // of those that changed, and of the others
		for i, g := range gradient.Data().([]float32) {
			if size := math.Abs(float64(g)); r.weights[array][i] != before[i] {
				changed++
				least = min(least, size)
			} else {
				most = max(most, size)
			}
		}
		if least < most {
			t.Errorf("a gradient of %v was learned from, and one of %v was not", least, most)
		}
	}
	if changed == 0 {
		t.Error("nothing was learned")
	}
}

// A convolution sees images as the data have them; 0 takes their rows and columns.
func TestConvolutionsOfTheDataShape(t *testing.T) {
	const set = "model={kind: convnet, kernel: 3, channels: [2], "
	for size, want := range map[string]string{
		"height: 28, width: 28}": "", "height: 0, width: 0}": "",
		"height: 14, width: 56}": "model.height: images of 14×56, and those of the data are 28×28; 0 takes the data's",
		"height: 7, width: 7}":   "model.height: images of 7×7",
	} {
		c := load(t, tiny, "data={name: mnist, train: 9, test: 5}", set+size)
		r, err := New(c)
		switch {
		case err == nil && want == "":
			if positions := r.Model.Layers()[0].Positions; positions != 26*26 {
				t.Errorf("%s: %d positions", size, positions)
			}
			r.Close()
		case err == nil || want == "" || !strings.HasPrefix(err.Error(), want):
			t.Errorf("%s: error %v, want %q", size, err, want)
		}
	}
}
