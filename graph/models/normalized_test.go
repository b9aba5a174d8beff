package models_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/models"
	"ergon/internal/philox"
)

// peer is what PyTorch makes of a small network: testdata/batch_norm_torch.py.
type peer struct {
	Inputs, Weights, Gradients, Averages [][]float64
	Classes                              [][]int
	Answer                               []float64
	Loss                                 float64
}

// Loss, gradients, running averages and answers of a normalised network are PyTorch's.
func TestNormalizedIsTorchs(t *testing.T) {
	text, err := os.ReadFile("testdata/batch_norm_torch.json")
	if err != nil {
		t.Fatal(err)
	}
	var want peer
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for name, e := range graphtest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			c := small()
			model, err := c.New(60, 3, 1)
			if err != nil {
				t.Fatal(err)
			}
			for l, layer := range model.Layers() {
				narrow(layer.W, want.Weights[l])
			}
			p, err := graph.CompileTraining(model, e, 5, graph.Backward{})
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range want.Inputs {
				narrow(p.X, x)
				clear(p.Target)
				for b, class := range want.Classes[i] {
					p.Target[3*b+class] = 1
				}
				run(t, p)
				p.Average()
			}
			near(t, "loss", []float32{float32(p.LossValue())}, []float64{want.Loss})
			for l, layer := range model.Layers() {
				near(t, "gradient", gradient(t, p, l), want.Gradients[l])
				if layer.Averages != nil {
					near(t, "averages", layer.Averages, want.Averages[l])
				}
			}
			answering, err := graph.Compile(model, e, 5)
			if err != nil {
				t.Fatal(err)
			}
			narrow(answering.X, want.Inputs[2])
			if err := answering.Run(); err != nil {
				t.Fatal(err)
			}
			near(t, "answer", answering.Output(), want.Answer)
		})
	}
}

// small is the network of testdata/batch_norm_torch.py.
func small() *models.ConvNet {
	spec, _ := graph.Kinds.New("convnet")
	c := spec.(*models.ConvNet)
	c.Height, c.Width, c.Channels, c.Kernel, c.Padding, c.Pool, c.Strides = 6, 5, []int{3, 4}, 3, 1, 1, []int{1, 2}
	c.Gather, c.Norm, c.Last = "average", "batch", models.Last{Fixed: true}
	return c
}

func narrow(to []float32, from []float64) {
	for i, x := range from {
		to[i] = float32(x)
	}
}

// near compares numbers to 1e-5 of the largest.
func near(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	largest := 0.0
	for _, x := range want {
		largest = max(largest, math.Abs(x))
	}
	for i, x := range want {
		if math.Abs(float64(got[i])-x) > 1e-5*largest {
			t.Errorf("%s %d is %v, PyTorch's %v", what, i, got[i], x)
		}
	}
}

// The loss does not depend on the scale of a normalised layer's weights, and so its gradient
// is orthogonal to them, and as many times smaller as they are larger.
func TestScaleMeansNothing(t *testing.T) {
	e := graphtest.Open(t, engine.Spec{Device: "cpu", Threads: 2})
	p := compileTraining(t, e, scaleInvariant(), 20)
	for i := range p.X {
		p.X[i] = float32(philox.New(1, "test/images").Normal(0, uint64(i)))
	}
	for _, parameter := range p.Parameters()[:4] { // so long that ε is nothing beside variances
		w := parameter.Value().(*tensor.Dense).Float32s()
		for i := range w {
			w[i] *= 30
		}
	}
	for l, parameter := range p.Parameters()[:4] {
		w := parameter.Value().(*tensor.Dense).Float32s()
		run(t, p)
		loss, before := p.LossValue(), slices.Clone(gradient(t, p, l))
		along, length, size := 0.0, 0.0, 0.0
		for i, g := range before {
			along += float64(g) * float64(w[i])
			length += float64(g) * float64(g)
			size += float64(w[i]) * float64(w[i])
		}
		if cosine := along / math.Sqrt(length*size); math.Abs(cosine) > 1e-5 || length == 0 {
			t.Errorf("layer %d: cosine of gradient and weights %v", l+1, cosine)
		}
		for i := range w {
			w[i] *= 4 // which rounds nothing: a unit at its threshold stays on its side
		}
		run(t, p)
		if after := p.LossValue(); math.Abs(after-loss) > 1e-6*loss {
			t.Errorf("layer %d: loss %v, with weights four times as large %v", l+1, loss, after)
		}
		for i, g := range gradient(t, p, l) {
			if math.Abs(4*float64(g)-float64(before[i])) > 1e-3*math.Sqrt(length/float64(len(w))) {
				t.Fatalf("layer %d, synapse %d: gradient %v, and with weights four times as large %v", l+1, i, before[i], g)
			}
		}
	}
}

// Gradients and averages have the same bits on any number of cores.
func TestNormalizedOnAnyNumberOfCores(t *testing.T) {
	var want []float32
	for _, threads := range []int{1, 2, 3} {
		e := graphtest.Open(t, engine.Spec{Device: "cpu", Threads: threads})
		p := compileTraining(t, e, scaleInvariant(), 33)
		run(t, p)
		var got []float32
		for l := range p.Layers() {
			got = append(got, gradient(t, p, l)...)
		}
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("other gradients on %d cores than on one", threads)
		}
	}
}

// The fixed layer has the length that was asked for.
func TestFixedLayerHasItsNorm(t *testing.T) {
	model, err := scaleInvariant().New(784, 10, 3)
	if err != nil {
		t.Fatal(err)
	}
	last := model.Layers()[4]
	square := 0.0
	for _, x := range last.W {
		square += float64(x) * float64(x)
	}
	if !last.Fixed || last.B != nil || math.Abs(math.Sqrt(square)-10) > 1e-5 {
		t.Errorf("fixed %t, biases %v, length %v", last.Fixed, last.B, math.Sqrt(square))
	}
	if n := graph.Parameters(model); n != 72+1152+4608+18432 {
		t.Errorf("%d synapses can be learned", n)
	}
}
