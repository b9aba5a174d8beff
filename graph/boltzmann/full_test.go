package boltzmann

import (
	"fmt"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/boltzmann/unit"
	"ergon/graph/engine"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/graph/op/optest"
	"ergon/internal/philox"
)

// Loops of fully connected machines compute the definitions, on any number of cores.
func TestEnumerationComputesTheDefinition(t *testing.T) {
	shape := func(of ...int) tensor.Shape { return of }
	for _, c := range []struct{ rows, visible, units int }{
		{40, 5, 8},   // more rows than chunks
		{3, 2, 13},   // 11 hidden units: a high one among them
		{5, 7, 7},    // none
		{2, 1, 1},    // no pair
		{7, 11, 12},  // one hidden unit, and high visible ones
		{1, 3, 6},    // one row
		{130, 9, 10}, // rows of more than one chunk of the reflection
	} {
		x, w, b := shape(c.rows, c.visible), shape(c.units, c.units), shape(c.units)
		phase := shape(c.rows, 1+c.units*c.units)
		optest.Chunks(t, enumeration{}, x, w, b)
		optest.Chunks(t, enumeration{model: true}, x, w, b)
		optest.Chunks(t, pseudoLikelihood{}, x, w, b)
		optest.Chunks(t, reflection{c.visible}, shape(c.rows, c.units), w, b)
		optest.Chunks(t, enumeratedMeans{c.units}, phase)
		optest.Chunks(t, enumeratedEnergies{}, phase, shape(c.rows, c.units), w, b)
		optest.Chunks(t, pairGradient{}, shape(c.rows), phase, b)
	}
}

// fullModel is a machine whose weights and biases do something, and presentations of it.
func fullModel(t *testing.T, visible, hidden int, scale float64) (m *FullModel, x []float32) {
	t.Helper()
	model, err := (&Full{Hidden: hidden, Bias: "zero", Init: &models.Normal{Std: scale}}).New(visible, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	m = model.(*FullModel)
	s := philox.New(9, "test/full")
	for i := range m.layers[0].B {
		m.layers[0].B[i] = float32(scale * s.Normal(0, uint64(i)))
	}
	x = make([]float32, fullBatch*visible)
	for i := range x {
		x[i] = float32(s.Uint32(1, uint64(i)) >> 31)
	}
	return m, x
}

const fullBatch = 5

// joint is the distribution of all states of a machine, by the textbook: p [2^N], in which
// unit i is bit i, with energies of the symmetric matrix, ½ sᵀ(W+Wᵀ)s.
func joint(m *FullModel) (p []float64, lnZ float64) {
	n, w, b := m.layers[0].In, m.layers[0].W, m.layers[0].B
	p = make([]float64, 1<<n)
	z := 0.0
	for state := range p {
		minusE := 0.0
		for i := range n {
			for j := range n {
				if (state>>i)&(state>>j)&1 == 1 {
					minusE += (float64(w[i*n+j]) + float64(w[j*n+i])) / 2
				}
			}
			minusE += float64(b[i]) * float64(state>>i&1)
		}
		p[state] = math.Exp(minusE)
		z += p[state]
	}
	for state := range p {
		p[state] /= z
	}
	return p, math.Log(z)
}

// number returns the number of a state of the visible units.
func number(v []float32) (state int) {
	for i, x := range v {
		state |= int(x) << i
	}
	return state
}

// visibleShare is p(v): the sum over hidden units.
func visibleShare(p []float64, visible, v int) (sum float64) {
	for state := v; state < len(p); state += 1 << visible {
		sum += p[state]
	}
	return sum
}

// ran is the learning program of a machine on an engine, run.
func ran(t *testing.T, device string, m graph.Generative, batch int, x, chains []float32) *graph.Program {
	t.Helper()
	e, err := engine.Spec{Device: device, BLAS: "gonum", Threads: 2}.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	p, err := graph.CompileContrast(m, e, batch, chains)
	if err != nil {
		t.Fatal(err)
	}
	copy(p.X, x)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	return p
}

// gradientsOf returns the gradients of a program's parameters.
func gradientsOf(t *testing.T, p *graph.Program) (all [][]float32) {
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

// The loss is the mean negative log-likelihood. Its gradient is the difference of the textbook,
// ⟨s_i s_j⟩ of the model less that of the data (Ackley, Hinton & Sejnowski 1985, eq. 8), and 0
// where nothing is a synapse.
func TestFullGradientsAreThoseOfTheTextbook(t *testing.T) {
	for _, c := range []struct{ visible, hidden int }{{4, 0}, {4, 3}, {1, 5}, {9, 3}} {
		m, x := fullModel(t, c.visible, c.hidden, 0.7)
		p, lnZ := joint(m)
		n := m.layers[0].In
		loss, dW, db := 0.0, make([]float64, n*n), make([]float64, n)
		add := func(state int, weight float64) {
			for i := range n {
				db[i] += weight * float64(state>>i&1)
				for j := i + 1; j < n; j++ {
					dW[i*n+j] += weight * float64((state>>i)&(state>>j)&1)
				}
			}
		}
		for r := range fullBatch {
			v := number(x[r*c.visible : (r+1)*c.visible])
			share := visibleShare(p, c.visible, v)
			loss -= math.Log(share) / fullBatch
			for state := v; state < len(p); state += 1 << c.visible {
				add(state, -p[state]/share/fullBatch)
			}
		}
		for state, weight := range p {
			add(state, weight)
		}
		if got := m.LnZ(); math.Abs(got-lnZ) > 1e-12*math.Abs(lnZ) {
			t.Errorf("%+v: ln Z = %v, want %v", c, got, lnZ)
		}
		for _, device := range []string{"reference", "cpu"} {
			program := ran(t, device, m, fullBatch, x, nil)
			if got := program.LossValue(); math.Abs(got-loss) > 1e-6*loss {
				t.Errorf("%+v, %s: loss %v, want %v", c, device, got, loss)
			}
			for a, want := range [][]float64{dW, db} {
				for k, got := range gradientsOf(t, program)[a] {
					if math.Abs(float64(got)-want[k]) > 1e-6 {
						t.Errorf("%+v, %s: gradient %d of array %d is %v, want %v", c, device, k, a, got, want[k])
					}
					if a == 0 && k/n >= k%n && math.Float32bits(got) != 0 {
						t.Errorf("%+v, %s: gradient %v of %d,%d, which is no synapse", c, device, got, k/n, k%n)
					}
				}
			}
		}
	}
}

// Gradients are the derivatives of the loss, in float64.
func TestFullGradientsAreDerivatives(t *testing.T) {
	m, x := fullModel(t, 4, 3, 0.7)
	e, err := m.BuildContrast(fullBatch, 0, tensor.Float64)
	if err != nil {
		t.Fatal(err)
	}
	bindWide(t, e.X, x)
	weights := [][]float64{bindWide(t, e.W[0], m.layers[0].W), bindWide(t, e.B[0], m.layers[0].B)}
	got := gradientsOf(t, ran(t, "cpu", m, fullBatch, x, nil))
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
			if d := math.Abs(float64(got[a][k]) - want); !(d < 1e-6) {
				t.Errorf("array %d: gradient %d is %v, central difference %v", a, k, got[a][k], want)
			}
		}
	}
}

func bindWide(t *testing.T, n *G.Node, narrow []float32) []float64 {
	t.Helper()
	wide := make([]float64, len(narrow))
	widen(wide, narrow)
	if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(wide))); err != nil {
		t.Fatal(err)
	}
	return wide
}

// Rows of the program are presentations, and one of the machine by itself: means of all units
// are what it shows, and what a rule sees as errors adds up to the gradient of the biases.
func TestFullRows(t *testing.T) {
	m, x := fullModel(t, 4, 3, 0.7)
	p := ran(t, "cpu", m, fullBatch, x, nil)
	if p.Rows() != fullBatch+1 || p.Presented() != fullBatch || !p.HasErrors() {
		t.Fatalf("%d rows, of which %d are presented, with errors: %t", p.Rows(), p.Presented(), p.HasErrors())
	}
	n := m.layers[0].In
	share, _ := joint(m)
	sums := make([]float64, n)
	for r := range p.Rows() {
		for i := range n {
			got := p.Postsynaptic(0)[r*n+i]
			sums[i] += float64(p.Error(0)[r*n+i])
			want := 0.0
			switch {
			case r == fullBatch: // the machine by itself
				for state, weight := range share {
					want += weight * float64(state>>i&1)
				}
			case i < 4:
				want = float64(x[r*4+i])
			default:
				v := number(x[r*4 : (r+1)*4])
				for state := v; state < len(share); state += 1 << 4 {
					want += share[state] * float64(state>>i&1) / visibleShare(share, 4, v)
				}
			}
			if math.Abs(float64(got)-want) > 1e-6 {
				t.Errorf("row %d: ⟨s_%d⟩ = %v, want %v", r, i, got, want)
			}
		}
	}
	for i, db := range gradientsOf(t, p)[1] {
		if math.Abs(float64(db)-sums[i]) > 1e-6 {
			t.Errorf("errors onto unit %d add up to %v, and its bias has the gradient %v", i, sums[i], db)
		}
	}
}

// What a look at examples tells: free energies, pseudo-likelihoods and reflections are those
// of the joint distribution.
func TestFullReflection(t *testing.T) {
	const visible = 4
	m, x := fullModel(t, visible, 3, 0.7)
	p, lnZ := joint(m)
	e, err := engine.Spec{Device: "cpu", BLAS: "gonum", Threads: 2}.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	look, err := graph.CompileReflection(m, e, fullBatch)
	if err != nil {
		t.Fatal(err)
	}
	copy(look.X, x)
	if err := look.Run(); err != nil {
		t.Fatal(err)
	}
	n := m.layers[0].In
	for r := range fullBatch {
		v := number(x[r*visible : (r+1)*visible])
		own := visibleShare(p, visible, v)
		if got, want := float64(look.FreeEnergies()[r]), -math.Log(own)-lnZ; math.Abs(got-want) > 1e-5 {
			t.Errorf("example %d: F = %v, want %v", r, got, want)
		}
		want := 0.0
		for i := range visible {
			want += math.Log(own / (own + visibleShare(p, visible, v^1<<i)))
			field := float64(m.layers[0].B[i])
			for j := range n {
				mean := 0.0
				for state := v; state < len(p); state += 1 << visible {
					mean += p[state] / own * float64(state>>j&1)
				}
				field += (float64(m.layers[0].W[i*n+j]) + float64(m.layers[0].W[j*n+i])) * mean
			}
			if got, want := float64(look.Reflected()[r*visible+i]), 1/(1+math.Exp(-field)); math.Abs(got-want) > 1e-6 {
				t.Errorf("example %d: unit %d is reflected as %v, want %v", r, i, got, want)
			}
		}
		if got := float64(look.PseudoLikelihoods()[r]); math.Abs(got-want) > 1e-5 {
			t.Errorf("example %d: pseudo-likelihood %v, want %v", r, got, want)
		}
	}
	if look.Fields() != nil {
		t.Error("hidden units that feel each other have fields")
	}
}

// A machine with synapses between visible and hidden units only is a restricted one: loss and
// gradients are the same.
func TestFullHasTheRestrictedMachine(t *testing.T) {
	const visible, hidden = 6, 4
	m, x := fullModel(t, visible, hidden, 0.7)
	n, own := visible+hidden, m.layers[0]
	spec := &RBM{Hidden: hidden, Units: unit.Bernoulli{}, Visible: unit.Bernoulli{}, Negative: graph.Enumerated, Bias: "zero", Init: models.Zero{}}
	model, err := spec.New(visible, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	below, above := model.Layers()[0], model.Layers()[1]
	copy(above.B, own.B)
	copy(below.B, own.B[visible:])
	for i := range n {
		for j := range n {
			if i < visible && j >= visible {
				below.W[i*hidden+j-visible] = own.W[i*n+j]
			} else {
				own.W[i*n+j] = 0
			}
		}
	}
	restricted := ran(t, "cpu", model.(graph.Generative), fullBatch, x, States(visible))
	full := ran(t, "cpu", m, fullBatch, x, nil)
	if d := math.Abs(full.LossValue() - restricted.LossValue()); d > 2e-6 {
		t.Errorf("loss %v, of the restricted machine %v", full.LossValue(), restricted.LossValue())
	}
	got, want := gradientsOf(t, full), gradientsOf(t, restricted)
	for i := range visible {
		for j := range hidden {
			if d := math.Abs(float64(got[0][i*n+visible+j]) - float64(want[0][i*hidden+j])); d > 1e-6 {
				t.Errorf("dW[%d,%d] = %v, of the restricted machine %v", i, j, got[0][i*n+visible+j], want[0][i*hidden+j])
			}
		}
	}
	for i, db := range got[1] {
		if d := math.Abs(float64(db) - float64(append(want[2], want[1]...)[i])); d > 1e-6 {
			t.Errorf("db[%d] = %v, of the restricted machine %v", i, db, append(want[2], want[1]...)[i])
		}
	}
}

// Bits with an even number of ones are independent two by two. Pairs of visible units alone
// cannot tell them from all states, ln 8 = 2.079; with hidden units the machine learns them,
// ln 4 = 1.386.
func TestParityNeedsHiddenUnits(t *testing.T) {
	even := []float32{0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0}
	for hidden, want := range map[int][2]float64{0: {math.Log(8), 1e-5}, 3: {math.Log(4), 0.05}} {
		model, err := (&Full{Hidden: hidden, Bias: "zero", Init: &models.Normal{Std: 0.5}}).New(3, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		p := ran(t, "cpu", model.(graph.Generative), 4, even, nil)
		for range 3000 {
			if err := p.Run(); err != nil {
				t.Fatal(err)
			}
			for a, g := range gradientsOf(t, p) {
				w := [][]float32{model.Layers()[0].W, model.Layers()[0].B}[a]
				for k := range w {
					w[k] -= 0.5 * g[k]
				}
			}
		}
		if got := p.LossValue(); math.Abs(got-want[0]) > want[1] {
			t.Errorf("%d hidden units: loss %v, want %v to %v", hidden, got, want[0], want[1])
		}
	}
}

// Presentations that occur twice, and such whose units are not 0 or 1, are what they are by
// themselves.
func TestRepeatedRows(t *testing.T) {
	const visible, units = 2, 4
	x := []float32{1, 0, 0, 1, 1, 0, 0.5, 1, 0.5, 1, 0, 1, 0, 0}
	rows := len(x) / visible
	fields, couplings := drawn(units, 0.7)
	in := []op.Operand{{Data: x, Shape: tensor.Shape{rows, visible}}, {Data: narrow(couplings), Shape: tensor.Shape{units, units}}, {Data: narrow(fields), Shape: tensor.Shape{units}}}
	const size = 1 + units*units
	out := make([]float32, rows*size)
	run := enumeration{}.Compile(&op.Compiler{}, out, in)
	for range 2 { // the second run does not take rows of the first for its own
		run()
		for r := range rows {
			want := make([]float64, size)
			overStates(want, []float64{float64(x[r*visible]), float64(x[r*visible+1])}, wide(in[1].Data), wide(in[2].Data))
			for k, w := range want {
				if got := float64(out[r*size+k]); math.Abs(got-w) > 1e-6*max(1, math.Abs(w)) {
					t.Errorf("row %d, number %d: %v, want %v", r, k, got, w)
				}
			}
		}
		x[0], x[1], x[4], x[5] = 1, 1, 0, 0
	}
}

func narrow(x []float64) (y []float32) {
	for _, v := range x {
		y = append(y, float32(v))
	}
	return y
}

// At the start, only pairs have weights, and biases are the log-odds of the data.
func TestFullStart(t *testing.T) {
	model, err := (&Full{Hidden: 2, Bias: "data", Init: &models.Normal{Std: 0.1}}).New(3, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	model.(graph.Generative).Start([]float32{0.5, 0.75, 0})
	layer := model.Layers()[0]
	for k, w := range layer.W {
		if pair := k/5 < k%5; pair != (w != 0) {
			t.Errorf("W[%d,%d] = %v", k/5, k%5, w)
		}
	}
	if got := layer.Parameters(); got != 5*4/2+5 {
		t.Errorf("%d parameters, want %d", got, 15)
	}
	want := []float64{0, math.Log(3), math.Log(1e-3 / (1 - 1e-3)), 0, 0}
	for i, b := range layer.B {
		if math.Abs(float64(b)-want[i]) > 1e-6 {
			t.Errorf("bias %d is %v, want %v", i, b, want[i])
		}
	}
}

// Machines that are too large are refused.
func TestFullRefuses(t *testing.T) {
	for _, c := range []struct{ visible, hidden int }{{21, 0}, {10, 11}, {784, 4}, {0, 4}} {
		_, err := (&Full{Hidden: c.hidden, Bias: "zero", Init: models.Zero{}}).New(c.visible, 1, 1)
		if want := fmt.Sprintf("%d inputs and %d hidden units", c.visible, c.hidden); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one with %q", c, err, want)
		}
	}
	m, _ := fullModel(t, 2, 1, 0.1)
	if _, err := m.Build(1, tensor.Float32, graph.Backward{}); err == nil {
		t.Error("it has a forward pass")
	}
}

// A step computes both phases and the gradients.
func BenchmarkFullStep(b *testing.B) {
	for _, c := range []struct{ visible, hidden, batch int }{{9, 3, 14}, {9, 8, 14}, {16, 4, 100}, {10, 10, 100}, {4, 16, 100}, {20, 0, 100}} {
		b.Run(fmt.Sprintf("%d+%d-units/batch-%d", c.visible, c.hidden, c.batch), func(b *testing.B) {
			model, err := (&Full{Hidden: c.hidden, Bias: "zero", Init: &models.Normal{Std: 0.3}}).New(c.visible, 1, 1)
			if err != nil {
				b.Fatal(err)
			}
			e, err := engine.Spec{Device: "cpu", BLAS: "gonum", Threads: 2}.Open()
			if err != nil {
				b.Fatal(err)
			}
			defer e.Close()
			p, err := graph.CompileContrast(model.(graph.Generative), e, c.batch, nil)
			if err != nil {
				b.Fatal(err)
			}
			for i := range p.X {
				p.X[i] = float32(philox.New(1, "bench").Uint32(0, uint64(i)) >> 31)
			}
			for b.Loop() {
				if err := p.Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
