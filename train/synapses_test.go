package train

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sbinet/npyio/npz"

	"ergon/train/rundir"
)

// noisy makes tiny a network of stochastic synapses.
const noisy = "rule.synapse={kind: stochastic, cost: 1.0e-6, sigma: 0.05, average: 2}"

// Stochastic synapses without noise, cost and penalty equal deterministic ones up to
// rounding.
func TestStochasticSynapsesWithoutNoise(t *testing.T) {
	for _, optimizer := range []string{"rule.optimizer=sgd", "rule.optimizer=adam"} {
		plain, silent := begin(t, load(t, tiny, optimizer)), begin(t, load(t, tiny, optimizer,
			"rule.synapse={kind: stochastic, cost: 0, l1: 0, sigma: 1.0e-12}"))
		for range 52 {
			advance(t, plain)
			advance(t, silent)
		}
		for a, w := range plain.weights {
			for i, x := range w {
				if y := silent.weights[a][i]; math.Abs(float64(x-y)) > 1e-5 {
					t.Fatalf("%s: synapse %d of array %d is %v, want %v", optimizer, i, a, y, x)
				}
			}
		}
	}
}

// Evaluations draw noise of their own: their number does not change a bit of the
// trajectory or the report.
func TestEvaluationDoesNotDisturbStochasticSynapses(t *testing.T) {
	seldom, often := begin(t, load(t, tiny, noisy)), begin(t, load(t, tiny, noisy, "train.eval_every=3"))
	for _, r := range []*Run{seldom, often} {
		if _, err := r.Train(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	same := func(what string, a, b [][]float32) {
		for k := range a {
			for i := range a[k] {
				if math.Float32bits(a[k][i]) != math.Float32bits(b[k][i]) {
					t.Fatalf("%s %d of array %d: %v, or %v where more was evaluated", what, i, k, a[k][i], b[k][i])
				}
			}
		}
	}
	same("mean", seldom.weights, often.weights)
	same("deviation", seldom.deviations(), often.deviations())
}

// Two evaluations of the same weights draw different noise.
func TestEvaluationsDrawAnew(t *testing.T) {
	r := begin(t, load(t, tiny, noisy, "rule.synapse.sigma=2"))
	before := snapshot(r.Model)
	a, err := r.evaluator.evaluate(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.evaluator.evaluate(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.evaluator.evaluate(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if a.Loss != again.Loss || a.Loss == b.Loss {
		t.Errorf("losses %v and %v after one step, %v after two, want the same and another", a.Loss, again.Loss, b.Loss)
	}
	for k, w := range r.weights {
		for i, x := range w {
			if x != before[k][i] {
				t.Fatalf("synapse %d of array %d is left as %v, want %v", i, k, x, before[k][i])
			}
		}
	}
}

// The reference engine transmits the same draws: gradients agree to rounding,
// so the runs do.
func TestEnginesTransmitTheSame(t *testing.T) {
	fast, slow := begin(t, load(t, tiny, noisy)), begin(t, load(t, tiny, noisy, "engine.device=reference"))
	for range 20 {
		advance(t, fast)
		advance(t, slow)
	}
	for a, sigma := range fast.deviations() {
		for i, x := range sigma {
			w, v, y := fast.weights[a][i], slow.weights[a][i], slow.deviations()[a][i]
			if math.Abs(float64(w-v)) > 1e-5 || math.Abs(float64(x-y)) > 1e-5 {
				t.Fatalf("synapse %d of array %d: μ = %v, σ = %v, on the reference engine %v and %v", i, a, w, x, v, y)
			}
		}
	}
}

// The report equals a recount of the steps' gradients.
func TestSynapseReport(t *testing.T) {
	c := load(t, tiny, noisy)
	directory, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	r := begin(t, c)
	recount := &fisherRecount{}
	s, err := r.Train(context.Background(), NewRecorder(directory), recount)
	if err != nil {
		t.Fatal(err)
	}
	if s.Synapse == nil || s.Synapse.Steps != 2*13 {
		t.Fatalf("summary of synapses %+v, want averages over 26 steps", s.Synapse)
	}
	sum, count := 0.0, 0
	for _, a := range r.deviations() {
		for _, x := range a {
			sum, count = sum+float64(x), count+1
		}
	}
	if got, want := *s.Synapse.SigmaMean, sum/float64(count); math.Abs(got/want-1) > 1e-12 {
		t.Errorf("mean σ %v, want %v", got, want)
	}
	var layers []rundir.SynapseLayer
	text, err := os.ReadFile(directory.Path(rundir.SynapsesFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &layers); err != nil {
		t.Fatal(err)
	}
	if len(layers) != 3 || layers[0].Fisher.Slope == nil || layers[1].Rate.Correlation == nil {
		t.Errorf("layers %+v, want three with their regressions", layers)
	}
	var fisher, sigma []float64
	archive, err := npz.Open(directory.Path(rundir.SynapseArraysFile))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := errors.Join(archive.Read("fisher_b1.npy", &fisher), archive.Read("sigma_b1.npy", &sigma)); err != nil {
		t.Fatalf("%v; there are %v", err, archive.Keys())
	}
	for i, want := range recount.bias {
		if math.Abs(fisher[i]-want/26) > 1e-12*want || sigma[i] != float64(r.deviations()[1][i]) {
			t.Errorf("bias %d: H = %v, σ = %v, want %v, %v", i, fisher[i], sigma[i], want/26, r.deviations()[1][i])
		}
	}
}

// The layers of the report add up to the network, with biases and without: Σσ^-ρ, and Σσ
// by the layers' means. The median is that of all σ.
func TestSynapseReportAddsUp(t *testing.T) {
	for _, bias := range []string{"true", "false", "unit"} {
		r := begin(t, load(t, tiny, noisy, "model.bias="+bias))
		for range 20 {
			advance(t, r)
		}
		cost, sum := 0.0, 0.0
		for l, line := range r.synapses.Layers(r.Model, r.deviations()) {
			cost += *line.ReliabilityCost
			sum += *line.SigmaMean * float64(r.Model.Layers()[l].Parameters())
		}
		sorted := slices.Sorted(slices.Values(slices.Concat(r.deviations()...)))
		n := len(sorted)
		total := r.synapses.Report(r.deviations())
		for what, pair := range map[string][2]float64{
			"cost": {cost, *total.ReliabilityCost}, "Σσ": {sum, *total.SigmaMean * float64(n)},
			"median": {*total.SigmaMedian, (float64(sorted[(n-1)/2]) + float64(sorted[n/2])) / 2},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-12*pair[1] {
				t.Errorf("bias %s: %s %.15g, want %.15g", bias, what, pair[0], pair[1])
			}
		}
	}
}

// fisherRecount adds up the squares of the first biases' gradients over the
// last two epochs: a bias's gradient is the sum of its unit's errors.
type fisherRecount struct {
	NopHook
	bias []float64
}

// Step implements Hook.
func (f *fisherRecount) Step(r *Run) error {
	if r.Steps <= 2*13 {
		return nil
	}
	p, units := r.programs[r.lastBatch], r.Model.Layers()[0].Out
	if f.bias == nil {
		f.bias = make([]float64, units)
	}
	for j := range units {
		g := float32(0)
		for b := range p.Batch {
			g += p.Error(0)[b*units+j]
		}
		f.bias[j] += float64(g) * float64(g)
	}
	return nil
}

// A homogeneous network has one σ, and nothing to regress; a run that ends
// before its last epochs has averaged nothing; deterministic synapses have no
// report.
func TestSynapseReportOfLittle(t *testing.T) {
	s, _ := record(t, load(t, tiny, noisy, "rule.synapse.homogeneous=true"))
	if *s.Synapse.SigmaMean-*s.Synapse.SigmaMedian > 1e-9 || !s.Synapse.Homogeneous {
		t.Errorf("homogeneous synapses: %+v", s.Synapse)
	}
	early := begin(t, load(t, tiny, noisy))
	advance(t, early)
	for _, line := range early.synapses.Layers(early.Model, early.deviations()) {
		if line.Fisher != (rundir.Regression{}) || line.SigmaMean == nil {
			t.Errorf("%s after one step: %+v, want no regression", line.Name, line)
		}
	}
	if s, _ := record(t, load(t, tiny)); s.Synapse != nil {
		t.Errorf("deterministic synapses: %+v", s.Synapse)
	}
}
