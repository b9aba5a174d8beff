package boltzmann

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/boltzmann/unit"
	"ergon/graph/engine"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/internal/philox"
)

// specs are restricted machines of all sorts.
func specs() map[string]*RBM {
	base := RBM{Hidden: 6, Units: unit.Bernoulli{}, Visible: unit.Bernoulli{}, OffsetRate: 0.1, Bias: "data", Init: &models.Normal{Std: 0.5}}
	all := map[string]*RBM{}
	for _, negative := range []graph.Negative{graph.Enumerated, graph.Persistent} {
		for _, centred := range []bool{false, true} {
			s := base
			s.Negative, s.Centred = negative, centred
			all[fmt.Sprintf("%s, centred %t", negative, centred)] = &s
		}
	}
	for _, kind := range unit.Kinds.Kinds() {
		u, known := unit.Kinds.New(kind.Name)
		if !known || 6%u.States() != 0 {
			continue
		}
		s, v := base, base
		s.Negative, s.Units, v.Negative, v.Visible = graph.Persistent, u, graph.Persistent, u
		all["hidden "+kind.Name] = &s
		if 8%u.States() == 0 {
			all["visible "+kind.Name] = &v
		}
	}
	return all
}

const testBatch, testInputs, testChains = 3, 8, 5

// built returns the model of a spec with biases of all layers, its presentations and chains.
func built(t *testing.T, s *RBM) (m *Model, x, chains []float32) {
	t.Helper()
	model, err := s.New(testInputs, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	m = model.(*Model)
	mean := make([]float32, testInputs)
	for i := range mean {
		mean[i] = float32(i+1) / (testInputs + 2)
	}
	m.Start(mean)
	stream := philox.New(9, "test")
	for j := range m.layers[0].B {
		m.layers[0].B[j] = float32(0.3 * stream.Normal(0, uint64(j)))
	}
	x = make([]float32, testBatch*testInputs)
	m.DrawUniform(x, stream, 1)
	chains = make([]float32, testChains*testInputs)
	m.DrawUniform(chains, stream, 2)
	if s.Negative == graph.Enumerated {
		chains = States(testInputs)
	}
	return m, x, chains
}

// compiled is the contrast program of a model on an engine, run.
func compiled(t *testing.T, device string, m *Model, x, chains []float32) *graph.Program {
	t.Helper()
	e, err := engine.Spec{Device: device, BLAS: "auto", Threads: 2}.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	p, err := graph.CompileContrast(m, e, testBatch, chains)
	if err != nil {
		t.Fatal(err)
	}
	copy(p.X, x)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	return p
}

func gradients(t *testing.T, p *graph.Program) (all [][]float32) {
	t.Helper()
	for _, parameter := range p.Parameters() {
		g, err := parameter.Grad()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, op.Float32s(g))
	}
	return all
}

// phase is ⟨(v-μ)(h-λ)ᵀ⟩, ⟨v⟩ and ⟨h⟩ of weighted rows v, by the textbook.
type phase struct{ vh, v, h []float64 }

func phaseOf(m *Model, rows []float32, weight func(r int) float64) phase {
	V, H := testInputs, len(m.layers[0].B)
	mu, lambda := make([]float64, V), make([]float64, H)
	for i, x := range m.visible {
		mu[i] = float64(x)
	}
	for j, x := range m.hidden {
		lambda[j] = float64(x)
	}
	p := phase{make([]float64, V*H), make([]float64, V), make([]float64, H)}
	for r := range len(rows) / V {
		v, z, h, w := rows[r*V:(r+1)*V], make([]float64, H), make([]float64, H), weight(r)
		for j := range z {
			z[j] = float64(m.layers[0].B[j])
			for i := range v {
				z[j] += float64(v[i]) * float64(m.layers[0].W[i*H+j])
			}
		}
		m.spec.Units.Mean(h, z)
		for i := range v {
			p.v[i] += w * float64(v[i])
			for j := range h {
				p.vh[i*H+j] += w * (float64(v[i]) - mu[i]) * (h[j] - lambda[j])
			}
		}
		for j := range h {
			p.h[j] += w * h[j]
		}
	}
	return p
}

// boltzmannWeights are the probabilities of all states of the visible units, by the sum over
// all states of both layers.
func boltzmannWeights(m *Model, states []float32) func(r int) float64 {
	V, H := testInputs, len(m.layers[0].B)
	weights, z := make([]float64, len(states)/V), 0.0
	hidden := States(H)
	for r := range weights {
		v := states[r*V : (r+1)*V]
		for lo := 0; lo < len(hidden); lo += H {
			h, minusE := hidden[lo:lo+H], 0.0
			for i, x := range v {
				minusE += float64(m.layers[1].B[i]) * float64(x)
				for j, y := range h {
					minusE += float64(x) * float64(m.layers[0].W[i*H+j]) * float64(y)
				}
			}
			for j, y := range h {
				minusE += float64(m.layers[0].B[j]) * float64(y)
			}
			weights[r] += math.Exp(minusE)
		}
		z += weights[r]
	}
	return func(r int) float64 { return weights[r] / z }
}

// The graph's gradients are the differences of the textbook, minus ⟨vhᵀ⟩ of the data plus that
// of the model, of the mean or exact phases, centred or not (Melchior et al. 2016, eqs. 9-11).
func TestGradientsAreThoseOfTheTextbook(t *testing.T) {
	for name, s := range specs() {
		t.Run(name, func(t *testing.T) {
			m, x, chains := built(t, s)
			model := func(int) float64 { return 1.0 / testChains }
			if s.Negative == graph.Enumerated {
				model = boltzmannWeights(m, chains)
			}
			data := phaseOf(m, x, func(int) float64 { return 1.0 / testBatch })
			dream := phaseOf(m, chains, model)
			V, H := testInputs, len(m.layers[0].B)
			dW, db, da := make([]float64, V*H), make([]float64, H), make([]float64, V)
			for k := range dW {
				dW[k] = dream.vh[k] - data.vh[k]
			}
			for j := range db {
				db[j] = dream.h[j] - data.h[j]
				for i, mu := range m.visible {
					db[j] -= float64(mu) * dW[i*H+j]
				}
			}
			for i := range da {
				da[i] = dream.v[i] - data.v[i]
				for j, lambda := range m.hidden {
					da[i] -= dW[i*H+j] * float64(lambda)
				}
			}
			for _, device := range []string{"reference", "cpu"} {
				got := gradients(t, compiled(t, device, m, x, chains))
				for a, want := range [][]float64{dW, db, da} {
					for k := range want {
						if d := math.Abs(float64(got[a][k]) - want[k]); !(d < 1e-6*max(1, math.Abs(want[k]))) {
							t.Fatalf("%s, array %d: gradient %d = %v, want %v", device, a, k, got[a][k], want[k])
						}
					}
				}
			}
		})
	}
}

// Gradients that are not centred are the derivatives of the loss in float64.
func TestGradientsAreDerivatives(t *testing.T) {
	for name, s := range specs() {
		if s.Centred {
			continue // they are no derivatives, but point downhill all the same
		}
		t.Run(name, func(t *testing.T) {
			m, x, chains := built(t, s)
			e, err := m.BuildContrast(testBatch, len(chains)/testInputs, tensor.Float64)
			if err != nil {
				t.Fatal(err)
			}
			bind(t, e.X, x)
			bind(t, e.Chains, chains)
			weights := [][]float64{bind(t, e.W[0], m.layers[0].W), bind(t, e.B[0], m.layers[0].B), bind(t, e.B[1], m.layers[1].B)}
			got := gradients(t, compiled(t, "cpu", m, x, chains))
			machine := G.NewTapeMachine(e.Graph)
			loss := func() float64 {
				machine.Reset()
				if err := machine.RunAll(); err != nil {
					t.Fatal(err)
				}
				return e.Loss.Value().Data().(float64)
			}
			for a, w := range weights {
				for k := range w {
					const h = 1e-5
					before := w[k]
					w[k] = before + h
					above := loss()
					w[k] = before - h
					want := (above - loss()) / (2 * h)
					w[k] = before
					if d := math.Abs(float64(got[a][k]) - want); !(d < 2e-6*max(1, math.Abs(want))) {
						t.Fatalf("array %d: gradient %d = %v, want %v", a, k, got[a][k], want)
					}
				}
			}
		})
	}
}

func bind(t *testing.T, n *G.Node, narrow []float32) []float64 {
	t.Helper()
	wide := make([]float64, len(narrow))
	for i, v := range narrow {
		wide[i] = float64(v)
	}
	if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(wide))); err != nil {
		t.Fatal(err)
	}
	return wide
}

// With exact phases, the loss is the mean negative log-likelihood.
func TestLossOfExactPhases(t *testing.T) {
	m, x, chains := built(t, specs()["exact, centred true"])
	p := compiled(t, "cpu", m, x, chains)
	weight := boltzmannWeights(m, chains)
	want := 0.0
	for b := range testBatch {
		state := 0
		for i, v := range x[b*testInputs : (b+1)*testInputs] {
			state |= int(v) << i
		}
		want -= math.Log(weight(state)) / testBatch
	}
	if got := p.LossValue(); math.Abs(got-want) > 2e-6 {
		t.Errorf("loss %v, want %v", got, want)
	}
}
