package quasistatic

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/models"
)

// at returns entry (b, i) of an activity.
func (r *clampedRun) at(l, b, i int) float64 {
	v := r.expression.Activity[l].Value()
	return values(v)[b*v.Shape()[1]+i]
}

// summed returns y of layer l and presentation b, from the activity below it.
func (r *clampedRun) summed(l, b int) []float64 {
	in, out := r.expression.W[l].Shape()[0], r.expression.W[l].Shape()[1]
	y := append([]float64(nil), r.arrays[2*l+1]...)
	for i := range in {
		x := 0.0
		if l == 0 {
			x = r.x[b*in+i]
		} else {
			x = r.at(l-1, b, i)
		}
		for o := range out {
			y[o] += x * r.arrays[2*l][i*out+o]
		}
	}
	return y
}

// At rest every hidden unit is in balance: its own stress, by Hooke's law (eq. 8),
// is what the units above pull at it with, σ = f'(y) Σ wσ (eq. 10).
func TestHiddenUnitsAreInBalance(t *testing.T) {
	const ratio = 0.3
	f := activation.Tanh{}
	r := newClampedRun(t, built(t, elastic(f, ratio, 12, 10)), false)
	for b := range clampedBatch {
		above := r.summed(2, b)
		for o := range above {
			above[o] = ratio * (above[o] - r.target[b*clampedOutputs+o])
		}
		for l := 1; l >= 0; l-- {
			y := r.summed(l, b)
			stress := make([]float64, len(y))
			for i := range y {
				stress[i] = (f.F(y[i]) - r.at(l, b, i)) * f.Derivative(y[i])
				pull := 0.0
				for o, s := range above {
					pull += r.arrays[2*(l+1)][i*len(above)+o] * s
				}
				if residual := math.Abs(stress[i] - f.Derivative(y[i])*pull); residual > 1e-10 {
					t.Errorf("presentation %d, layer %d, unit %d: residual %v", b, l+1, i, residual)
				}
			}
			above = stress
		}
	}
}

// A linear network is springs in series: H_min = ½ eᵀ (1/κ_output + Σ JJᵀ/κ_hidden)⁻¹ e,
// where e is the error of the free output and J = ∂output/∂x of each hidden layer.
func TestSpringsInSeries(t *testing.T) {
	const ratio = 0.7
	m := built(t, elastic(activation.Linear{}, ratio, 6, 5))
	free, r := newClampedRun(t, m, true), newClampedRun(t, m, false)
	w3 := mat.NewDense(5, clampedOutputs, r.arrays[4])
	var w23, compliance, inverse mat.Dense
	w23.Mul(mat.NewDense(6, 5, r.arrays[2]), w3)
	compliance.Mul(w3.T(), w3)
	var second mat.Dense
	second.Mul(w23.T(), &w23)
	compliance.Add(&compliance, &second)
	for o := range clampedOutputs {
		compliance.Set(o, o, compliance.At(o, o)+1/ratio)
	}
	if err := inverse.Inverse(&compliance); err != nil {
		t.Fatal(err)
	}
	want := 0.0
	for b := range clampedBatch {
		e := mat.NewVecDense(clampedOutputs, nil)
		for o := range clampedOutputs {
			e.SetVec(o, free.at(2, b, o)-r.target[b*clampedOutputs+o])
		}
		want += mat.Inner(e, &inverse, e) / (2 * ratio * clampedBatch)
	}
	if got := r.run(); math.Abs(got-want) > 1e-8*want {
		t.Errorf("energy %v, springs in series have %v", got, want)
	}
}

// The gradient is that of min H by every parameter.
func TestGradientOfLeastEnergy(t *testing.T) {
	for name, spec := range map[string]*Spec{
		"tanh": elastic(activation.Tanh{}, 0.5, 6, 5), "relu": elastic(activation.ReLU{}, 0.1, 6), "soft output": {
			Hidden: []int{6}, Activation: activation.Softplus{}, Output: activation.Sigmoid{}, Bias: "true", Init: models.LeCun{},
			KappaHidden: 2, KappaOutput: 0.5, Residual: 1e-6, Iterations: 500, Stuck: "error",
		},
	} {
		r := newClampedRun(t, built(t, spec), false)
		gradient := r.gradient()
		for _, array := range r.arrays {
			for i, w := range array {
				const h = 1e-5
				array[i] = w + h
				above := r.run()
				array[i] = w - h
				want := (above - r.run()) / (2 * h)
				array[i] = w
				if math.Abs(gradient[0]-want) > 1e-7 {
					t.Errorf("%s: gradient %v, central difference %v", name, gradient[0], want)
				}
				gradient = gradient[1:]
			}
		}
	}
}

// The batched relaxation of the cpu engine finds the state that the definition
// does, from soft outputs to stiff ones.
func TestEnginesRelaxAlike(t *testing.T) {
	for _, spec := range []*Spec{
		elastic(activation.Tanh{}, 0.01, 12), elastic(activation.ReLU{}, 0.01, 12), elastic(activation.Tanh{}, 0.3, 12, 10), elastic(activation.Softplus{}, 1, 9, 8, 7), elastic(activation.ReLU{}, 10, 12),
	} {
		m := built(t, spec)
		want := newClampedRun(t, m, false)
		for _, device := range []string{"cpu", "reference"} {
			p := trainingProgram(t, device, m)
			fill(p.X, want.x)
			fill(p.Target, want.target)
			for range 2 { // the second run must not see the first
				if err := p.Run(); err != nil {
					t.Fatal(err)
				}
			}
			if loss := want.run(); math.Abs(p.LossValue()-loss) > 1e-5*loss {
				t.Errorf("%s: loss %v, by definition %v", device, p.LossValue(), loss)
			}
			var got []float64
			for _, parameter := range p.Parameters() {
				g, err := parameter.Grad()
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, values(g)...)
			}
			if relative, _ := distance(got, want.gradient()); relative > 2e-5 {
				t.Errorf("%s, ratio %g, hidden %v: gradient off by %v", device, spec.KappaOutput, spec.Hidden, relative)
			}
			t.Logf("%s, ratio %g, hidden %v: %+v", device, spec.KappaOutput, spec.Hidden, *p.Relaxation)
		}
	}
}

func fill(narrow []float32, wide []float64) {
	for i, x := range wide {
		narrow[i] = float32(x)
	}
}

func trainingProgram(t *testing.T, device string, m graph.Model) *graph.Program {
	t.Helper()
	e := graphtest.Open(t, engine.Spec{Device: device, BLAS: "gonum"})
	p, err := graph.CompileTraining(m, e, clampedBatch, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A presentation that does not come to rest is an error that says what to do,
// or counted where the model puts up with it.
func TestStuckPresentations(t *testing.T) {
	spec := elastic(activation.Tanh{}, 1, 12, 10)
	spec.Iterations = 2
	p := trainingProgram(t, "cpu", built(t, spec))
	fill(p.X, []float64{1, -2, 3})
	err := p.Run()
	if err == nil || !strings.Contains(err.Error(), "model.stuck=count") {
		t.Errorf("error %v, want one that names the way out", err)
	}
	spec.Stuck = "count"
	p = trainingProgram(t, "cpu", built(t, spec))
	fill(p.X, []float64{1, -2, 3})
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	if p.Relaxation.Stuck == 0 || p.Relaxation.Presentations != clampedBatch || p.Relaxation.Largest <= spec.Residual {
		t.Errorf("account %+v, want stuck presentations", *p.Relaxation)
	}
}

// Looking at a network does not clamp it: its loss is MSE, and nothing is relaxed.
func TestLookingIsFree(t *testing.T) {
	m := built(t, elastic(activation.Tanh{}, 1, 12))
	e := graphtest.Open(t, engine.Spec{BLAS: "gonum"})
	p, err := graph.Compile(m, e, clampedBatch)
	if err != nil {
		t.Fatal(err)
	}
	want := newClampedRun(t, m, true)
	fill(p.X, want.x)
	fill(p.Target, want.target)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	if loss := want.run(); math.Abs(p.LossValue()-loss) > 1e-5*loss || p.Relaxation != nil {
		t.Errorf("loss %v, want %v, and no relaxation", p.LossValue(), loss)
	}
}

// everyOther is a gate that opens for every other presentation and keeps what it saw.
type everyOther struct{ seen [][]float32 }

func (g *everyOther) Opens(output, _ []float32) bool {
	g.seen = append(g.seen, append([]float32(nil), output...))
	return len(g.seen)%2 == 0
}

// A gate sees the free output, and a presentation it keeps out has no stress.
func TestGateSeesFreeOutput(t *testing.T) {
	m := built(t, elastic(activation.Tanh{}, 1, 12))
	free := newClampedRun(t, m, true)
	e := graphtest.Open(t, engine.Spec{BLAS: "gonum"})
	gate := new(everyOther)
	p, err := graph.CompileTraining(m, e, clampedBatch, graph.Backward{Gate: gate})
	if err != nil {
		t.Fatal(err)
	}
	fill(p.X, free.x)
	fill(p.Target, free.target)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	for b, seen := range gate.seen {
		for o, y := range seen {
			if math.Abs(float64(y)-free.at(1, b, o)) > 1e-5 {
				t.Errorf("presentation %d: the gate saw %v, free output is %v", b, y, free.at(1, b, o))
			}
		}
		for _, e := range p.Error(1)[b*clampedOutputs : (b+1)*clampedOutputs] {
			if (e != 0) != p.IsOpen(b) {
				t.Errorf("presentation %d, open %t: error %v", b, p.IsOpen(b), e)
			}
		}
	}
	if len(gate.seen) != clampedBatch {
		t.Errorf("the gate was asked %d times", len(gate.seen))
	}
}

// There is no kernel: on a GPU a clamped network is an error that says so, a free one runs.
func TestRelaxingNeedsTheCPU(t *testing.T) {
	e := graphtest.OnDevice(t)
	m := built(t, elastic(activation.ReLU{}, 0.1, 12))
	if _, err := graph.CompileTraining(m, e, clampedBatch, graph.Backward{}); err == nil || !strings.Contains(err.Error(), "has no kernel for the GPU") {
		t.Errorf("error %v, want one that names what has no kernel", err)
	}
	if _, err := graph.Compile(m, e, clampedBatch); err != nil {
		t.Error(err)
	}
}

func TestRelaxAllocatesNothing(t *testing.T) {
	p := trainingProgram(t, "cpu", built(t, elastic(activation.Tanh{}, 0.1, 12, 10)))
	fill(p.X, []float64{1, -2, 3})
	if n := testing.AllocsPerRun(20, func() {
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
	}); n >= 1 {
		t.Errorf("%v allocations per run", n)
	}
}

// The residual is judged in float64 of a float32 state: the default must be
// within reach of a network as large as those of MNIST.
func TestDefaultResidualIsWithinReach(t *testing.T) {
	spec, _ := graph.Kinds.New("quasistatic")
	m, err := spec.New(784, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := trainingProgram(t, "cpu", m)
	for i := range p.X {
		p.X[i] = float32(i%7) / 7
	}
	if err := p.Run(); err != nil {
		t.Error(err)
	}
	t.Logf("%+v", *p.Relaxation)
}

// Forces beyond all numbers end the relaxation, and the loss says so: neither
// engine goes on for ever, nor complains of what is not at rest.
func TestRelaxationOverflows(t *testing.T) {
	for _, device := range []string{"cpu", "reference"} {
		for _, size := range []float32{1e20, float32(math.Inf(1)), float32(math.NaN())} {
			m := built(t, elastic(activation.ReLU{}, 0.1, 12))
			p := trainingProgram(t, device, m)
			fill(p.X, []float64{1, -2, 3})
			for _, layer := range m.Layers() {
				for i := range layer.W {
					layer.W[i] *= size
				}
			}
			if err := p.Run(); err != nil {
				t.Errorf("%s, weights of %g: %v", device, size, err)
			}
			if loss := p.LossValue(); !math.IsNaN(loss) && !math.IsInf(loss, 0) {
				t.Errorf("%s, weights of %g: loss %v, want one that is not finite", device, size, loss)
			}
		}
	}
}
