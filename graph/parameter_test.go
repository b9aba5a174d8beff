package graph_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/internal/philox"
)

// deferring returns a training program of a network with two layers of weights, and
// what presents step number n to it.
func deferring(t *testing.T, batch int, rule graph.Backward) (p *graph.Program, present func(n uint64)) {
	t.Helper()
	spec := models.MLP{Hidden: []int{19}, Activation: activation.ReLU{}, Output: activation.Linear{}, Bias: "true", Init: models.He{}, Loss: loss.SoftmaxXent{}}
	model, err := spec.New(23, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = graph.CompileTraining(model, graphtest.Open(t, engine.Spec{Threads: 2}), batch, rule); err != nil {
		t.Fatal(err)
	}
	return p, func(n uint64) {
		stream := philox.New(7, "test/deferred")
		for i := range p.X {
			p.X[i] = float32(stream.Normal(n, uint64(i)))
		}
		clear(p.Target)
		for b := range batch {
			p.Target[b*5+stream.Intn(n, uint64(1000+b), 5)] = 1
		}
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
	}
}

// parameter is what a parameter of weights offers beside its gradient.
type parameter interface {
	G.ValueGrad
	Factors() (x, dz []float32, ok bool)
	Part(pre, post []int32, part []float32) error
	Stream(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error
}

func parameterOf(p *graph.Program, array int) parameter { return p.Parameters()[array].(parameter) }

// gradientOf asks for a gradient, and copies it.
func gradientOf(t *testing.T, p *graph.Program, array int) []float32 {
	t.Helper()
	g, err := p.Parameters()[array].Grad()
	if err != nil {
		t.Fatal(err)
	}
	return append([]float32(nil), op.Float32s(g)...)
}

// A gradient is the last Run's, whether those of earlier ones were asked for or
// not, and has factors until then.
func TestDeferredGradientIsOfTheLastRun(t *testing.T) {
	for _, batch := range []int{1, 6} {
		p, present := deferring(t, batch, graph.Backward{})
		for n := range uint64(4) {
			present(n)
			if n == 1 {
				continue // nobody asks
			}
			other, presentOther := deferring(t, batch, graph.Backward{})
			presentOther(n)
			for _, array := range []int{0, 2} {
				one := parameterOf(p, array)
				if _, _, ok := one.Factors(); !ok {
					t.Fatalf("step %d: array %d has no factors after a run", n, array)
				}
				got, want := gradientOf(t, p, array), gradientOf(t, other, array)
				if _, _, ok := one.Factors(); ok {
					t.Fatalf("step %d: array %d has factors still, with its gradient there", n, array)
				}
				for i := range want {
					if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
						t.Fatalf("batch %d, step %d, array %d: gradient %d is %v, want %v", batch, n, array, i, got[i], want[i])
					}
				}
			}
		}
	}
}

// A part is the rows and columns of the gradient, and leaves it to be computed.
func TestPartOfAGradient(t *testing.T) {
	p, present := deferring(t, 6, graph.Backward{})
	const in, out = 23, 19
	all := func(n int) (units []int32) {
		for i := range n {
			units = append(units, int32(i))
		}
		return units
	}
	for n, units := range [][2][]int32{
		{nil, nil}, {{0, 3, 22}, nil}, {nil, {1, 18}}, {{5}, {0}}, {{}, {2}}, {{1, 2}, {}}, {all(in), all(out)},
	} {
		present(uint64(n))
		one, part := parameterOf(p, 0), make([]float32, in*out)
		if err := one.Part(units[0], units[1], part); err != nil {
			t.Fatal(err)
		}
		if _, _, ok := one.Factors(); !ok {
			t.Fatal("a part takes the place of the gradient")
		}
		pre, post := units[0], units[1]
		if pre == nil {
			pre = all(in)
		}
		if post == nil {
			post = all(out)
		}
		g := gradientOf(t, p, 0)
		for r, i := range pre {
			for c, o := range post {
				got, want := part[r*len(post)+c], g[int(i)*out+int(o)]
				if math.Abs(float64(got-want)) > 1e-6 {
					t.Errorf("units %v: the gradient of %d to %d is %v, want %v", units, i, o, got, want)
				}
			}
		}
		for _, v := range part[len(pre)*len(post):] {
			if v != 0 {
				t.Fatalf("units %v: wrote behind the part", units)
			}
		}
	}
}
