package masks

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"ergon/internal/parallel"
)

// weightsOf returns the parameters' own weights.
func weightsOf(parameters []G.ValueGrad) (all [][]float32) {
	for _, p := range parameters {
		all = append(all, p.(parameter).weights())
	}
	return all
}

// stochasticRule is plain gradient descent by stochastic synapses.
func stochasticRule(synapse *Stochastic, rate float64) Rule {
	rule := Default()
	rule.Synapse, rule.Optimizer = synapse, &SGD{LearningRate: rate}
	return rule
}

// A quadratic loss ½ Σ H (w-w*)², descended by the rule itself, ends where
// σ^(ρ+2) = cρ/H, to 1 % for each H and ρ, and log σ² falls with log H at
// -2/(ρ+2) (Malkin et al. 2024, eq. 54). Plain gradient descent at a small
// rate: its fixed point is where the mean gradient is zero, while Adam's is
// where the mean of g/√⟨g²⟩ is.
func TestDeviationsFollowTheCurvature(t *testing.T) {
	const copies, steps, settled = 256, 3000, 2000
	curvatures := []float64{0.3, 1, 3, 10}
	layer := Layer{In: len(curvatures), Out: copies}
	for _, rho := range []float64{1. / 2, 2. / 3, 4. / 3, 2} {
		// c such that σ = 0.3 at H = 1
		cost := math.Pow(0.3, rho+2) / rho
		u, err := NewUpdater(stochasticRule(&Stochastic{Rho: rho, Cost: cost, Sigma: 0.3}, 0.02), Network{Layers: []Layer{layer}}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		parameters := network([]Layer{layer}, 1)
		w, g := parameters[0].(parameter).weights(), parameters[0].(parameter).gradient.Float32s()
		means := make([]float64, len(curvatures))
		for step := range steps {
			u.Transmit(weightsOf(parameters))
			for i := range g {
				g[i] = float32(curvatures[i/copies]) * (w[i] - 0.5)
			}
			u.Restore(weightsOf(parameters))
			if err := u.Step(parameters); err != nil {
				t.Fatal(err)
			}
			if step < settled {
				continue
			}
			for i, sigma := range u.Transmission().Deviations()[0] {
				means[i/copies] += float64(sigma) / copies / (steps - settled)
			}
		}
		var x, y []float64
		for k, h := range curvatures {
			want := math.Pow(cost*rho/h, 1/(rho+2))
			t.Logf("ρ = %.3g, H = %v: σ = %.5f, theory %.5f", rho, h, means[k], want)
			if math.Abs(means[k]/want-1) > 0.01 {
				t.Errorf("ρ = %v, H = %v: σ = %v, want %v ± 1 %%", rho, h, means[k], want)
			}
			x, y = append(x, math.Log(h)), append(y, 2*math.Log(means[k]))
		}
		if _, slope := stat.LinearRegression(x, y, nil, false); math.Abs(slope+2/(rho+2)) > 0.01 {
			t.Errorf("ρ = %v: log σ² goes with %v log H, want %v", rho, slope, -2/(rho+2))
		}
	}
}

// The shared σ is where the mean curvature puts it: all synapses pull at one φ.
func TestOneDeviationFollowsTheMeanCurvature(t *testing.T) {
	const copies, rho = 1024, 2.0
	curvatures := []float64{0.5, 1, 4.5} // mean 2
	layer := Layer{In: len(curvatures), Out: copies}
	cost := 0.3 * 0.3 * 0.3 * 0.3
	synapse := &Stochastic{Rho: rho, Cost: cost, Sigma: 0.2, Homogeneous: true}
	u, err := NewUpdater(stochasticRule(synapse, 0.02/copies), Network{Layers: []Layer{layer}}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := network([]Layer{layer}, 1)
	w, g := parameters[0].(parameter).weights(), parameters[0].(parameter).gradient.Float32s()
	for i := range w {
		w[i] = 0.5
	}
	for range 600 {
		u.Transmit(weightsOf(parameters))
		for i := range g {
			g[i] = float32(curvatures[i/copies]) * (w[i] - 0.5)
		}
		u.Restore(weightsOf(parameters))
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
	}
	sigma := u.Transmission().Deviations()[0]
	if want := math.Pow(cost*rho/2, 1/(rho+2)); math.Abs(float64(sigma[0])/want-1) > 0.01 {
		t.Errorf("σ = %v, want %v ± 1 %%", sigma[0], want)
	}
	if slices.Min(sigma) != slices.Max(sigma) {
		t.Errorf("σ from %v to %v, want one for all", slices.Min(sigma), slices.Max(sigma))
	}
}

// One step is what the formulas say, in float64, penalty on |μ| included.
func TestStochasticStep(t *testing.T) {
	const rate, lambda, rho, cost = 0.1, 0.01, 4. / 3, 1e-3
	layers := []Layer{{In: 60, Out: 80, Bias: true}} // more than a chunk
	synapse := &Stochastic{Rho: rho, Cost: cost, L1: lambda, Sigma: 0.05}
	u, err := NewUpdater(stochasticRule(synapse, rate), Network{Layers: layers}, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := network(layers, 3)
	before, sigma := weights(parameters), u.Transmission().Deviations()
	u.Transmit(weightsOf(parameters))
	sent := weights(parameters)
	u.Restore(weightsOf(parameters))
	if !sameBits(weights(parameters), before) {
		t.Fatal("Restore does not bring the means back")
	}
	differentiate(parameters, 0)
	if err := u.Step(parameters); err != nil {
		t.Fatal(err)
	}
	for a, after := range weights(parameters) {
		gradient := parameters[a].(parameter).gradient.Float32s()
		var draws []float64
		for i, mu := range before[a] {
			xi, g := float64(sent[a][i]-mu)/0.05, float64(gradient[i])
			draws = append(draws, xi)
			sign := 1.0
			if mu < 0 {
				sign = -1
			}
			if want := float64(mu) - rate*(g+lambda*sign); math.Abs(float64(after[i])-want) > 1e-6*max(1, math.Abs(want)) {
				t.Fatalf("array %d, synapse %d: μ = %v, want %v", a, i, after[i], want)
			}
			phi := math.Log(math.Expm1(0.05))
			phi -= rate * (g*xi - cost*rho*math.Pow(0.05, -rho-1)) * (1 - math.Exp(-0.05))
			if want := math.Log1p(math.Exp(phi)); math.Abs(float64(sigma[a][i])/want-1) > 2e-5 { // ξ has lost digits in w
				t.Fatalf("array %d, synapse %d: σ = %v, want %v", a, i, sigma[a][i], want)
			}
		}
		if mean, deviation := stat.MeanStdDev(draws, nil); math.Abs(mean) > 0.5 || math.Abs(deviation-1) > 0.3 {
			t.Errorf("array %d: ξ = %v ± %v, want 0 ± 1", a, mean, deviation)
		}
	}
}

// drawColdRule draws a rule whose optimizer makes no noise: that is for weights only.
func drawColdRule(t *rapid.T, layers []Layer) Rule {
	rule := drawRule(t, layers)
	if _, hot := rule.Optimizer.(*Langevin); hot {
		rule.Optimizer = &SGD{LearningRate: 0.1}
	}
	return rule
}

func drawStochastic(t *rapid.T) *Stochastic {
	return &Stochastic{
		Rho: rapid.SampledFrom([]float64{0.5, 2}).Draw(t, "rho"), Cost: rapid.SampledFrom([]float64{0, 1e-6}).Draw(t, "cost"),
		L1: rapid.SampledFrom([]float64{0, 1e-3}).Draw(t, "l1"), Sigma: rapid.SampledFrom([]float64{1e-4, 0.1}).Draw(t, "sigma"),
		Homogeneous: rapid.Bool().Draw(t, "homogeneous"),
	}
}

// With stochastic synapses too, the fused pass leaves the bits of the obvious
// one, on any number of cores.
func TestStochasticUpdaterEqualsReference(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		rule := drawColdRule(t, layers)
		rule.Synapse = drawStochastic(t)
		fast, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, 5, pool)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := NewReference(rule, Network{Layers: layers, Classes: classes}, 5)
		if err != nil {
			t.Fatal(err)
		}
		a, b := network(layers, 5), network(layers, 5)
		for step := range uint64(3) {
			fast.Transmit(weightsOf(a))
			slow.transmission.Transmit(weightsOf(b), step)
			differentiate(a, step)
			differentiate(b, step)
			fast.Restore(weightsOf(a))
			slow.transmission.Restore(weightsOf(b))
			fast.Present(labelled(step))
			slow.Present(labelled(step))
			if err := fast.Step(a); err != nil {
				t.Fatal(err)
			}
			if err := slow.Step(b); err != nil {
				t.Fatal(err)
			}
			if !sameBits(weights(a), weights(b)) {
				t.Fatalf("step %d: means differ", step)
			}
			if !sameBits(fast.transmission.Deviations(), slow.transmission.Deviations()) {
				t.Fatalf("step %d: deviations differ", step)
			}
		}
	})
}

// A masked synapse keeps μ, φ and σ to the bit.
func TestMaskedStochasticSynapsesKeepTheirBits(t *testing.T) {
	frozen, free := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		rule := drawColdRule(t, layers)
		synapse := drawStochastic(t)
		synapse.Homogeneous, synapse.Cost = false, 1e-6
		rule.Synapse, rule.Cache = synapse, NoCache{}
		u, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, 5, nil)
		if err != nil {
			t.Fatal(err)
		}
		twin, err := (&Rule{Mask: rule.Mask}).NewMasks(Network{Layers: layers, Classes: classes}, 5)
		if err != nil {
			t.Fatal(err)
		}
		parameters, all := network(layers, 5), Arrays(layers)
		phi := u.transmission.(*heterogeneous).phi
		for step := range uint64(3) {
			u.Transmit(weightsOf(parameters))
			differentiate(parameters, step)
			u.Restore(weightsOf(parameters))
			before := [][][]float32{weights(parameters), copied(phi), copied(u.transmission.Deviations())}
			u.Present(labelled(step))
			if err := u.Step(parameters); err != nil {
				t.Fatal(err)
			}
			after := [][][]float32{weights(parameters), phi, u.transmission.Deviations()}
			for a, s := range all {
				s.Weights, s.Gradient = before[0][a], u.all[a].Gradient
			}
			if err := Draw(twin, &Step{Number: step, Arrays: all, Presentation: labelled(step)}); err != nil {
				t.Fatal(err)
			}
			for a, s := range all {
				for i, kept := range keeps(twin, s) {
					for n, what := range []string{"μ", "φ", "σ"} {
						same := math.Float32bits(before[n][a][i]) == math.Float32bits(after[n][a][i])
						if !kept && !same {
							t.Fatalf("step %d: %s of masked synapse %d of array %d changed", step, what, i, a)
						}
						if kept && !same {
							free++
						}
					}
					if !kept {
						frozen++
					}
				}
			}
		}
	})
	if frozen < 1000 || free < 1000 {
		t.Errorf("%d masked synapses and %d changes of others, want at least 1000", frozen, free)
	}
}

func copied(arrays [][]float32) (all [][]float32) {
	for _, a := range arrays {
		all = append(all, slices.Clone(a))
	}
	return all
}

// What is transmitted depends on step and stream alone: looking changes nothing
// and draws other numbers, and a step of another number is another draw.
func TestDrawsAreOfTheirStep(t *testing.T) {
	layers := []Layer{{In: 70, Out: 80, Bias: true}}
	u, err := NewUpdater(stochasticRule(&Stochastic{Rho: 2, Cost: 1e-6, Sigma: 0.1}, 0.1), Network{Layers: layers}, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := network(layers, 3)
	means := weights(parameters)
	draw := func(transmit func([][]float32, uint64), number uint64) (drawn [][]float32) {
		transmit(weightsOf(parameters), number)
		drawn = weights(parameters)
		u.Restore(weightsOf(parameters))
		if !sameBits(weights(parameters), means) {
			t.Fatal("means changed")
		}
		return drawn
	}
	first := draw(u.transmission.Transmit, 1)
	seen := map[string][][]float32{"step 2": draw(u.transmission.Transmit, 2), "test 1": draw(u.transmission.TransmitTest, 1), "test 2": draw(u.transmission.TransmitTest, 2)}
	for name, other := range seen {
		if sameBits(other, first) {
			t.Errorf("%s is the draw of step 1", name)
		}
	}
	if !sameBits(draw(u.transmission.Transmit, 1), first) {
		t.Error("step 1 drawn again is another draw")
	}
}

// A start from which the cost would throw φ to infinity is refused.
func TestTooReliableAStart(t *testing.T) {
	rule := stochasticRule(&Stochastic{Rho: 8, Cost: 1, Sigma: 1e-6}, 0.1)
	if _, err := NewUpdater(rule, Network{Layers: []Layer{{In: 2, Out: 2}}}, 3, nil); err == nil {
		t.Error("no error for σ = 1e-6 at ρ = 8")
	} else if want := "rule.synapse.sigma"; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want it to name %s", err, want)
	}
}

func BenchmarkStochasticStep(b *testing.B) {
	layers := []Layer{{In: 784, Out: 100, Bias: true}, {In: 100, Out: 100, Bias: true}, {In: 100, Out: 10, Bias: true}}
	rule := Default()
	rule.Optimizer = &Adam{LearningRate: 5e-4, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	rule.Synapse = &Stochastic{Rho: 2, Cost: publishedCost, L1: publishedL1, Sigma: 1e-4}
	u, err := NewUpdater(rule, Network{Layers: layers}, 1, nil)
	if err != nil {
		b.Fatal(err)
	}
	parameters := network(layers, 1)
	differentiate(parameters, 0)
	b.ReportAllocs()
	for b.Loop() {
		u.Transmit(weightsOf(parameters))
		u.Restore(weightsOf(parameters))
		if err := u.Step(parameters); err != nil {
			b.Fatal(err)
		}
	}
}
