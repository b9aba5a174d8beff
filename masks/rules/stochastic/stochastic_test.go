package stochastic_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"ergon/internal/parallel"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	"ergon/masks/reference"
	"ergon/masks/rules"
	"ergon/masks/rules/stochastic"
)

// weightsOf returns the parameters' own weights.
func weightsOf(parameters []G.ValueGrad) (all [][]float32) {
	for _, p := range parameters {
		all = append(all, p.(maskstest.Parameter).Weights())
	}
	return all
}

// stochasticRule returns plain gradient descent with stochastic synapses.
func stochasticRule(synapse *stochastic.Stochastic, rate float64) masks.Rule {
	rule := rules.Default()
	rule.Synapse, rule.Optimizer = synapse, &rules.SGD{LearningRate: rate}
	return rule
}

// Trained on a quadratic loss ½ Σ H (w-w*)², the rule ends at σ^(ρ+2) = cρ/H, to 1 %
// for each H and ρ; log σ² falls with log H at slope -2/(ρ+2) (Malkin et al. 2024, eq.
// 54). The optimizer is plain gradient descent at a small rate: its fixed point has mean
// gradient zero, while Adam's has zero mean of g/√⟨g²⟩.
func TestDeviationsFollowTheCurvature(t *testing.T) {
	const copies, steps, settled = 256, 3000, 2000
	curvatures := []float64{0.3, 1, 3, 10}
	layer := masks.Layer{In: len(curvatures), Out: copies}
	for _, rho := range []float64{1. / 2, 2. / 3, 4. / 3, 2} {
		// c such that σ = 0.3 at H = 1
		cost := math.Pow(0.3, rho+2) / rho
		u, err := cpu.NewUpdater(stochasticRule(&stochastic.Stochastic{Rho: rho, Cost: cost, Sigma: 0.3}, 0.02), masks.Network{Layers: []masks.Layer{layer}}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		parameters := maskstest.Parameters([]masks.Layer{layer}, 1)
		w, g := parameters[0].(maskstest.Parameter).Weights(), parameters[0].(maskstest.Parameter).Gradient()
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

// A shared σ follows the mean curvature, since all synapses contribute to ∂E/∂φ.
func TestOneDeviationFollowsTheMeanCurvature(t *testing.T) {
	const copies, rho = 1024, 2.0
	curvatures := []float64{0.5, 1, 4.5} // mean 2
	layer := masks.Layer{In: len(curvatures), Out: copies}
	cost := 0.3 * 0.3 * 0.3 * 0.3
	synapse := &stochastic.Stochastic{Rho: rho, Cost: cost, Sigma: 0.2, Homogeneous: true}
	u, err := cpu.NewUpdater(stochasticRule(synapse, 0.02/copies), masks.Network{Layers: []masks.Layer{layer}}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := maskstest.Parameters([]masks.Layer{layer}, 1)
	w, g := parameters[0].(maskstest.Parameter).Weights(), parameters[0].(maskstest.Parameter).Gradient()
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

// One step equals the formulas in float64, the penalty on |μ| included.
func TestStochasticStep(t *testing.T) {
	const rate, lambda, rho, cost = 0.1, 0.01, 4. / 3, 1e-3
	layers := []masks.Layer{{In: 60, Out: 80, Bias: true}} // more than a chunk
	synapse := &stochastic.Stochastic{Rho: rho, Cost: cost, L1: lambda, Sigma: 0.05}
	u, err := cpu.NewUpdater(stochasticRule(synapse, rate), masks.Network{Layers: layers}, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := maskstest.Parameters(layers, 3)
	before, sigma := maskstest.Weights(parameters), u.Transmission().Deviations()
	u.Transmit(weightsOf(parameters))
	sent := maskstest.Weights(parameters)
	u.Restore(weightsOf(parameters))
	if !maskstest.SameBits(maskstest.Weights(parameters), before) {
		t.Fatal("Restore does not bring the means back")
	}
	maskstest.Differentiate(parameters, 0)
	if err := u.Step(parameters); err != nil {
		t.Fatal(err)
	}
	for a, after := range maskstest.Weights(parameters) {
		gradient := parameters[a].(maskstest.Parameter).Gradient()
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

// drawRule draws a rule of any kinds that can be combined with stochastic synapses, and
// sets these.
func drawRule(t *rapid.T, net masks.Network, synapse *stochastic.Stochastic) masks.Rule {
	for range 100 {
		rule := maskstest.DrawRule(t, net)
		rule.Synapse = synapse
		if _, err := rule.Limits(net); err == nil {
			return rule
		}
	}
	t.Skip("none of a hundred rules goes with stochastic synapses")
	return masks.Rule{}
}

func drawStochastic(t *rapid.T) *stochastic.Stochastic {
	return &stochastic.Stochastic{
		Rho: rapid.SampledFrom([]float64{0.5, 2}).Draw(t, "rho"), Cost: rapid.SampledFrom([]float64{0, 1e-6}).Draw(t, "cost"),
		L1: rapid.SampledFrom([]float64{0, 1e-3}).Draw(t, "l1"), Sigma: rapid.SampledFrom([]float64{1e-4, 0.1}).Draw(t, "sigma"),
		Homogeneous: rapid.Bool().Draw(t, "homogeneous"),
	}
}

// With stochastic synapses, cpu.Updater has the same bits as the reference, on any
// number of cores.
func TestStochasticUpdaterEqualsReference(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	rapid.Check(t, func(t *rapid.T) {
		net := masks.Network{Layers: maskstest.DrawLayers(t), Classes: maskstest.Classes}
		rule := drawRule(t, net, drawStochastic(t))
		fast, err := cpu.NewUpdater(rule, net, 5, pool)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := reference.NewUpdater(rule, net, 5)
		if err != nil {
			t.Fatal(err)
		}
		a, b := maskstest.NewNetwork(net.Layers, 5), maskstest.NewNetwork(net.Layers, 5)
		for step := range uint64(3) {
			transmitted(t, fast, a, step)
			transmitted(t, slow, b, step)
			if !maskstest.SameBits(a.Weights(), b.Weights()) {
				t.Fatalf("step %d: means differ", step)
			}
			if !maskstest.SameBits(fast.Transmission().Deviations(), slow.Transmission().Deviations()) {
				t.Fatalf("step %d: deviations differ", step)
			}
		}
	})
}

// Of each synapse φ is read to transmit, and of those kept read and written to learn, with
// what the optimizer remembers of μ and of φ: 0, 1 or 2 numbers each. What is written has changed
// beside the weights.
func TestTrafficOfNoisySynapses(t *testing.T) {
	layers := []masks.Layer{{In: 6, Out: 5, Bias: true}, {In: 5, Out: 3}}
	net := masks.Network{Layers: layers}
	for numbers, optimizer := range []masks.OptimizerSpec{
		&rules.SGD{LearningRate: 0.1}, &rules.Momentum{LearningRate: 0.1, Momentum: 0.9},
		&rules.Adam{LearningRate: 0.1, Beta1: 0.9, Beta2: 0.99, Epsilon: 1e-8},
	} {
		rule := rules.Default()
		rule.Optimizer, rule.Mask = optimizer, []masks.MaskSpec{&rules.Bernoulli{P: 0.5, Redraw: "step", Scope: masks.Scope{Biases: true}}}
		rule.Synapse = &stochastic.Stochastic{Rho: 1, Cost: 0.1, Sigma: 0.5}
		u, err := cpu.NewUpdater(rule, net, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		parameters := maskstest.Parameters(layers, 1)
		weights := weightsOf(parameters)
		u.Transmit(weights)
		u.Restore(weights)
		var before [][]float32
		for _, phi := range stochastic.Phi(u.Transmission()) {
			before = append(before, slices.Clone(phi))
		}
		maskstest.Differentiate(parameters, 0)
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		synapses, learned := make([]int64, 2), make([]int64, 2)
		for a, s := range masks.Arrays(layers) {
			for i, phi := range stochastic.Phi(u.Transmission())[a] {
				synapses[s.Layer]++
				if phi != before[a][i] {
					learned[s.Layer]++
				}
			}
		}
		for l, got := range u.Traffic() {
			writes := learned[l] * int64(1+2*numbers)
			if want := (masks.Traffic{Reads: synapses[l] + writes, Writes: writes}); got != want || learned[l] == 0 || learned[l] == synapses[l] {
				t.Errorf("%s, layer %d: %+v, want %+v of %d synapses, %d learned", masks.Optimizers.Name(optimizer), l+1, got, want, synapses[l], learned[l])
			}
			bits := 32 * synapses[l] * int64(1+2*numbers)
			if a := u.Accumulations()[l]; a != (masks.Accumulation{Updates: writes}) || u.AccumulatorBits(l) != bits {
				t.Errorf("%s, layer %d: %+v in %d bits, want %d updates in %d", masks.Optimizers.Name(optimizer), l+1, a, u.AccumulatorBits(l), writes, bits)
			}
		}
		u.Rest(1)
		for l, got := range u.Traffic() {
			if want := (masks.Traffic{Reads: synapses[l]}); got != want {
				t.Errorf("behind a shut gate, layer %d: %+v, want %+v", l+1, got, want)
			}
		}
	}
}

// transmitted makes a step of a network on transmitted weights, and returns the
// presentation.
func transmitted(t *rapid.T, u maskstest.Stepper, n *maskstest.Network, step uint64) masks.Presentation {
	t.Helper()
	u.Transmit(n.Weights())
	presented, err := n.Present(step, 2, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	u.Restore(n.Weights())
	u.Present(presented)
	if err := u.Step(n.Parameters); err != nil {
		t.Fatal(err)
	}
	return presented
}

// A masked synapse keeps μ, φ and σ to the bit.
func TestMaskedStochasticSynapsesKeepTheirBits(t *testing.T) {
	frozen, free := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		net := masks.Network{Layers: maskstest.DrawLayers(t), Classes: maskstest.Classes}
		synapse := drawStochastic(t)
		synapse.Homogeneous, synapse.Cost = false, 1e-6
		rule := drawRule(t, net, synapse)
		rule.Cache = masks.NoCache{}
		u, err := cpu.NewUpdater(rule, net, 5, nil)
		if err != nil {
			t.Fatal(err)
		}
		twin, err := rule.NewMasks(net, 5)
		if err != nil {
			t.Fatal(err)
		}
		objective, err := rule.NewTransmission(net, 5, nil)
		if err != nil {
			t.Fatal(err)
		}
		n, all := maskstest.NewNetwork(net.Layers, 5), masks.Arrays(net.Layers)
		phi := stochastic.Phi(u.Transmission())
		for step := range uint64(3) {
			before := [][][]float32{copied(n.Weights()), copied(phi), copied(u.Transmission().Deviations())}
			presented := transmitted(t, u, n, step)
			after := [][][]float32{n.Weights(), phi, u.Transmission().Deviations()}
			for a, s := range all {
				if _, _, err := s.Bind(a, n.Parameters[a], false); err != nil {
					t.Fatal(err)
				}
				s.Weights = before[0][a]
			}
			objective.Begin(all) // whose gradients masks look at
			if err := masks.Draw(twin, &masks.Step{Number: step, Arrays: all, Presentation: presented}); err != nil {
				t.Fatal(err)
			}
			for a, s := range all {
				for i, kept := range maskstest.Keeps(twin, s) {
					for part, what := range []string{"μ", "φ", "σ"} {
						same := math.Float32bits(before[part][a][i]) == math.Float32bits(after[part][a][i])
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

// What is transmitted depends on step and stream alone. Evaluations draw other numbers
// and change nothing, and another step is another draw.
func TestDrawsAreOfTheirStep(t *testing.T) {
	layers := []masks.Layer{{In: 70, Out: 80, Bias: true}}
	u, err := cpu.NewUpdater(stochasticRule(&stochastic.Stochastic{Rho: 2, Cost: 1e-6, Sigma: 0.1}, 0.1), masks.Network{Layers: layers}, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := maskstest.Parameters(layers, 3)
	means := maskstest.Weights(parameters)
	draw := func(transmit func([][]float32, uint64), number uint64) (drawn [][]float32) {
		transmit(weightsOf(parameters), number)
		drawn = maskstest.Weights(parameters)
		u.Restore(weightsOf(parameters))
		if !maskstest.SameBits(maskstest.Weights(parameters), means) {
			t.Fatal("means changed")
		}
		return drawn
	}
	first := draw(u.Transmission().Transmit, 1)
	seen := map[string][][]float32{"step 2": draw(u.Transmission().Transmit, 2), "test 1": draw(u.Transmission().TransmitTest, 1), "test 2": draw(u.Transmission().TransmitTest, 2)}
	for name, other := range seen {
		if maskstest.SameBits(other, first) {
			t.Errorf("%s is the draw of step 1", name)
		}
	}
	if !maskstest.SameBits(draw(u.Transmission().Transmit, 1), first) {
		t.Error("step 1 drawn again is another draw")
	}
}

// An initial σ at which the slope of the cost overflows is refused.
func TestTooReliableAStart(t *testing.T) {
	rule := stochasticRule(&stochastic.Stochastic{Rho: 8, Cost: 1, Sigma: 1e-6}, 0.1)
	if _, err := cpu.NewUpdater(rule, masks.Network{Layers: []masks.Layer{{In: 2, Out: 2}}}, 3, nil); err == nil {
		t.Error("no error for σ = 1e-6 at ρ = 8")
	} else if want := "rule.synapse.sigma"; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want it to name %s", err, want)
	}
}

func BenchmarkStochasticStep(b *testing.B) {
	layers := []masks.Layer{{In: 784, Out: 100, Bias: true}, {In: 100, Out: 100, Bias: true}, {In: 100, Out: 10, Bias: true}}
	rule := rules.Default()
	rule.Optimizer = &rules.Adam{LearningRate: 5e-4, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	rule.Synapse, _ = masks.SynapseKinds.New("stochastic")
	u, err := cpu.NewUpdater(rule, masks.Network{Layers: layers}, 1, nil)
	if err != nil {
		b.Fatal(err)
	}
	parameters := maskstest.Parameters(layers, 1)
	maskstest.Differentiate(parameters, 0)
	b.ReportAllocs()
	for b.Loop() {
		u.Transmit(weightsOf(parameters))
		u.Restore(weightsOf(parameters))
		if err := u.Step(parameters); err != nil {
			b.Fatal(err)
		}
	}
}
