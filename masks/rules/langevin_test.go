package rules

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/device"
	"ergon/masks/maskstest"
)

// heated makes an updater with the optimizer Langevin and no other stage, for one layer.
func heated(t *testing.T, spec *Langevin, layer masks.Layer) (*cpu.Updater, []G.ValueGrad) {
	t.Helper()
	rule := Default()
	rule.Optimizer = spec
	u, err := cpu.NewUpdater(rule, masks.Network{Layers: []masks.Layer{layer}}, 5, nil)
	if err != nil {
		t.Fatal(err)
	}
	return u, maskstest.Parameters([]masks.Layer{layer}, 5)
}

// In a parabola ½w² every weight reaches the mean energy kT/2 of the equipartition
// theorem, divided by 1 - η/2 for steps of finite length.
func TestEquipartition(t *testing.T) {
	const eta, kT, n = 0.2, 0.03, 20000
	u, parameters := heated(t, &Langevin{LearningRate: eta, Temperature: 3, Threshold: 0.01}, masks.Layer{In: n / 10, Out: 10})
	w, g := parameters[0].(maskstest.Parameter).Weights(), parameters[0].(maskstest.Parameter).Gradient()
	sum, samples := 0.0, 0
	for step := range 200 {
		copy(g, w)
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		if step >= 50 && step%10 == 0 { // after e^-10; 10 steps are two correlation times
			for _, x := range w {
				sum += float64(x) * float64(x) / 2
			}
			samples += n
		}
	}
	got, want := sum/float64(samples), kT/2/(1-eta/2)
	if tolerance := 5 * want * math.Sqrt(2/float64(samples)); math.Abs(got-want) > tolerance { // χ² of 1 degree: variance 2
		t.Errorf("mean energy %v, want %v ± %v", got, want, tolerance)
	}
}

// trained returns the weights of a network after some steps of a rule.
func trained(t *testing.T, rule masks.Rule, layers []masks.Layer) [][]float32 {
	t.Helper()
	u, err := cpu.NewUpdater(rule, masks.Network{Layers: layers, Classes: maskstest.Classes}, 7, nil)
	if err != nil {
		t.Fatal(err)
	}
	weights, _ := maskstest.Train(t, u, layers, 7)
	return weights
}

// At zero temperature Langevin is SGD, to the bit.
func TestLangevinAtZeroIsSGD(t *testing.T) {
	layers := []masks.Layer{{In: 700, Out: 30, Bias: true}, {In: 30, Out: 10, Bias: true}}
	plain, cold := Default(), Default()
	cold.Optimizer = &Langevin{LearningRate: 0.1}
	plain.Mask = []masks.MaskSpec{&Bernoulli{0.5, "step", masks.Scope{Biases: true}}}
	cold.Mask = plain.Mask
	want := trained(t, plain, layers)
	if got := trained(t, cold, layers); !maskstest.SameBits(got, want) {
		t.Error("other weights than by sgd")
	}
}

// A linear unit that learns from single noisy examples has its excess error e in closed
// form: the stationary state of e ← (1 - 2η + η²(N+2)) e + η²Ns² + 2kTηN. Thermal noise
// doubles it at kT* = η var(g)/2 = η s²/2.
func TestThresholdDoublesExcessError(t *testing.T) {
	const n, eta, noise, steps = 50, 0.005, 0.5, 100000
	kTstar := eta * noise * noise / 2
	for _, ratio := range []float64{0, 1, 10} {
		u, parameters := heated(t, &Langevin{LearningRate: eta, Temperature: ratio, Threshold: kTstar}, masks.Layer{In: n, Out: 1})
		w, g := parameters[0].(maskstest.Parameter).Weights(), parameters[0].(maskstest.Parameter).Gradient()
		x, s, sum := make([]float32, n), philox.New(3, "examples"), 0.0
		for step := range uint64(steps) {
			s.Normals(step, 0, x)
			delta := noise * s.Normal(step, n)
			excess := 0.0
			for i, v := range w { // the teacher's weights are 0
				delta += float64(v) * float64(x[i])
				excess += float64(v) * float64(v)
			}
			for i := range g {
				g[i] = float32(delta) * x[i]
			}
			if err := u.Step(parameters); err != nil {
				t.Fatal(err)
			}
			if step >= steps/10 {
				sum += excess
			}
		}
		got := sum / (0.9 * steps)
		want := (eta*n*noise*noise + 2*ratio*kTstar*n) / (2 - eta*(n+2))
		t.Logf("T/T* = %g: excess error %.5f, theory %.5f", ratio, got, want)
		if math.Abs(got-want) > 0.03*want {
			t.Errorf("T/T* = %g: excess error %v, want %v within 3 %%", ratio, got, want)
		}
	}
}

// Langevin has no kernel: on a GPU it is an error that says so.
func TestLangevinNeedsTheCPU(t *testing.T) {
	rule := Default()
	rule.Optimizer = &Langevin{LearningRate: 0.1}
	err := device.Check(rule, masks.Network{Layers: []masks.Layer{{In: 3, Out: 2}}}, 1)
	if err == nil || !strings.Contains(err.Error(), "langevin has no kernel for the GPU") {
		t.Errorf("error %v, want one that names langevin", err)
	}
}

func TestCooling(t *testing.T) {
	l := &Langevin{Temperature: 8, Threshold: 0.5, Cooling: 4, End: 4}
	for n, want := range map[int]float64{0: 4, 1: 3.5, 2: 3, 4: 2, 1000: 2} {
		if got := l.kT(n); got != want {
			t.Errorf("update %d: kT = %v, want %v", n, got, want)
		}
	}
	if err := (&Langevin{End: 1}).Validate(); !schema.IsField(err) {
		t.Errorf("error %v for an end without cooling, want one that blames it", err)
	}
}

// Stochastic synapses learn σ by the rule's optimizer, so Langevin noise would reach σ:
// the combination is refused.
func TestStochasticSynapsesAreNotHeated(t *testing.T) {
	rule := Default()
	rule.Optimizer = &Langevin{LearningRate: 0.1, Temperature: 1}
	synapse, _ := masks.SynapseKinds.New("stochastic")
	rule.Synapse = synapse
	if _, err := cpu.NewUpdater(rule, masks.Network{Layers: []masks.Layer{{In: 3, Out: 2}}}, 1, nil); err == nil || !strings.Contains(err.Error(), "rule.synapse.kind") {
		t.Errorf("error %v, want one that blames rule.synapse.kind", err)
	}
}
