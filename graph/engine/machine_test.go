package graph

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// shared is a network that uses one matrix twice, y = tanh(tanh(xW)W): two
// nodes of equal op and shape that must not be merged, and a gradient that is
// the sum of two, which Gorgonia adds with an op of its own.
type shared struct{ layer *Layer }

func (s shared) Layers() []*Layer { return []*Layer{s.layer} }
func (s shared) InputWidth() int  { return s.layer.In }
func (s shared) Express(batch int, dtype tensor.Dtype, _ Backward) (*Expression, error) {
	g, n := G.NewGraph(), s.layer.In
	e := &Expression{Graph: g}
	matrix := func(name string, rows int) *G.Node {
		return G.NewMatrix(g, dtype, G.WithName(name), G.WithShape(rows, n))
	}
	e.X, e.Y = matrix("x", batch), matrix("target", batch)
	w := matrix("W", n)
	first, err := dense{activation: Tanh{}}.node(e.X, w, nil)
	if err != nil {
		return nil, err
	}
	second, err := dense{activation: Tanh{}, needsX: true}.node(first, w, nil)
	if err != nil {
		return nil, err
	}
	e.W, e.B, e.Activity = []*G.Node{w}, []*G.Node{nil}, []*G.Node{second}
	e.Loss, err = MSE{}.Node(second, e.Y)
	return e, err
}

// A weight used twice gets the sum of both gradients, on the cpu engine through
// Gorgonia's own addition.
func TestGradientsAccumulate(t *testing.T) {
	const n = 3
	model := shared{&Layer{In: n, Out: n, W: []float32{0.5, -0.3, 0.2, 0.1, 0.7, -0.6, -0.4, 0.3, 0.9}}}
	x := []float32{0.3, -0.8, 0.5}
	loss := func() float64 {
		sum := 0.0
		y := x
		for range 2 {
			z := make([]float32, n)
			for j := range n {
				s := 0.0
				for i := range n {
					s += float64(y[i]) * float64(model.layer.W[i*n+j])
				}
				z[j] = float32(math.Tanh(s))
			}
			y = z
		}
		for _, v := range y {
			sum += float64(v) * float64(v) / 2
		}
		return sum
	}
	engine, err := EngineSpec{BLAS: "gonum", Threads: 1}.Open()
	if err != nil {
		t.Fatal(err)
	}
	p, err := CompileTraining(model, engine, 1, Backward{})
	if err != nil {
		t.Fatal(err)
	}
	copy(p.X, x)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	value, err := p.Parameters()[0].Grad()
	if err != nil {
		t.Fatal(err)
	}
	gradient := value.(*tensor.Dense).Float32s()
	for i, w := range model.layer.W {
		const h = 1e-2 // the loss is float32 inside: the step must be coarse
		model.layer.W[i] = w + h
		above := loss()
		model.layer.W[i] = w - h
		want := (above - loss()) / (2 * h)
		model.layer.W[i] = w
		if math.Abs(float64(gradient[i])-want) > 1e-3 {
			t.Errorf("gradient %d is %v, want %v", i, gradient[i], want)
		}
	}
}

// faulty is a formula that panics when it is run.
type faulty struct{ activate }

func (faulty) String() string { return "Faulty" }
func (faulty) compile(*compiler, []float32, []operand) func() {
	return func() { panic("broken kernel") }
}

// A panic in an op is an error that names the op; it does not end the process.
func TestPanicIsAnError(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(2, 3), G.WithInit(G.Zeroes()))
	if _, err := apply(faulty{activate{activation: Tanh{}}}, x); err != nil {
		t.Fatal(err)
	}
	engine, err := EngineSpec{BLAS: "gonum"}.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	machine, err := engine.Machine(g)
	if err != nil {
		t.Fatal(err)
	}
	if err := machine.RunAll(); err == nil || !strings.Contains(err.Error(), "Faulty panicked: broken kernel") {
		t.Errorf("error %v, want one that names the op and the panic", err)
	}
}

// Derivatives hold over the whole range of float32 activity, deep into
// saturation: a rule that counts changes must not take a small error for none.
func TestDerivativesInSaturation(t *testing.T) {
	for _, kind := range Activations.Kinds() {
		a, _ := Activations.New(kind.Name)
		for z := -10.05; z < 10.1; z += 0.1 { // clear of the kinks at 0
			v := z
			if a.FromOutput() {
				v = float64(float32(a.F(z)))
			}
			const h = 1e-4
			want := (a.F(z+h) - a.F(z-h)) / (2 * h)
			// The difference itself is good to h² and to the rounding of F.
			if got := a.Derivative(v); math.Abs(got-want) > 1e-6*math.Abs(want)+1e-11 {
				t.Errorf("%s at %.2f: derivative %v, central difference %v", kind.Name, z, got, want)
			}
		}
	}
}

func TestShapesThatDoNotFitAreErrors(t *testing.T) {
	g := G.NewGraph()
	matrix := func(name string, shape ...int) *G.Node {
		return G.NewMatrix(g, tensor.Float32, G.WithName(name), G.WithShape(shape...))
	}
	if _, err := (dense{activation: Linear{}}).node(matrix("x", 2, 3), matrix("w", 4, 5), nil); err == nil {
		t.Error("no error for x [2,3] with W [4,5]")
	}
	if _, err := (MSE{}).Node(matrix("y", 2, 3), matrix("t", 2, 4)); err == nil {
		t.Error("no error for output [2,3] with target [2,4]")
	}
}

func TestInitialisers(t *testing.T) {
	const in, out = 300, 200
	for _, c := range []struct {
		init      Init
		deviation float64
	}{
		{He{}, math.Sqrt(2.0 / in)},
		{Glorot{}, math.Sqrt(6.0/(in+out)) / math.Sqrt(3)},
		{&Normal{Std: 0.03}, 0.03},
		{&Uniform{Bound: 0.05}, 0.05 / math.Sqrt(3)},
		{Zero{}, 0},
	} {
		spec := &MLP{Activation: ReLU{}, Output: Linear{}, Bias: "true", Init: c.init, Loss: MSE{}}
		model, err := spec.New(in, out, 1)
		if err != nil {
			t.Fatal(err)
		}
		mean, square := 0.0, 0.0
		w := model.Layers()[0].W
		for _, v := range w {
			mean += float64(v) / float64(len(w))
			square += float64(v) * float64(v) / float64(len(w))
		}
		// 5 standard errors of the mean and of the deviation of 60 000 draws.
		if math.Abs(mean) > 5*c.deviation/math.Sqrt(in*out) || math.Abs(math.Sqrt(square)-c.deviation) > 5*c.deviation/math.Sqrt(2*in*out) {
			t.Errorf("%T: mean %v, deviation %v, want 0, %v", c.init, mean, math.Sqrt(square), c.deviation)
		}
	}
}

// Saturated and extreme logits keep the loss and its gradient finite.
func TestCrossEntropyIsStable(t *testing.T) {
	y, target := array{[]float64{1000, 0, -1000}, tensor.Shape{1, 3}}, array{[]float64{0, 0, 1}, tensor.Shape{1, 3}}
	loss, gradient := []float64{0}, make([]float64, 3)
	crossEntropy{}.evaluate(loss, []array{y, target})
	crossEntropyGradient{}.evaluate(gradient, []array{y, target, {data: []float64{1}}})
	if loss[0] != 2000 || gradient[0] != 1 || gradient[1] != 0 || gradient[2] != -1 {
		t.Errorf("loss %v and gradient %v, want 2000 and [1 0 -1]", loss[0], gradient)
	}
}
