package graph_test

import (
	"slices"
	"testing"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/graph/ops"
	"ergon/internal/philox"
)

// convolving returns a training program of a network of two convolutions, and what
// presents step number n to it.
func convolving(t *testing.T, batch, padding int) (p *graph.Program, present func(n uint64)) {
	t.Helper()
	spec := models.ConvNet{
		Height: 9, Width: 8, Channels: []int{3, 5}, Kernel: 3, Padding: padding, Pool: 2,
		Activation: activation.ReLU{}, Output: activation.Linear{}, Bias: true, Init: models.He{}, Loss: loss.SoftmaxXent{},
	}
	model, err := spec.New(2*9*8, 4, 1)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = graph.CompileTraining(model, graphtest.Open(t, engine.Spec{Threads: 2}), batch, graph.Backward{}); err != nil {
		t.Fatal(err)
	}
	return p, func(n uint64) {
		stream := philox.New(7, "test/sight")
		for i := range p.X {
			p.X[i] = max(float32(stream.Normal(n, uint64(i))), 0)
		}
		clear(p.Target)
		for b := range batch {
			p.Target[b*4+stream.Intn(n, uint64(10000+b), 4)] = 1
		}
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
	}
}

// Patches are those of the last Run, whether somebody asked for those of earlier ones or
// not.
func TestPatchesAreOfTheLastRun(t *testing.T) {
	for _, padding := range []int{1, 2} {
		p, present := convolving(t, 3, padding)
		for n := range uint64(4) {
			present(n)
			if n == 1 {
				continue // nobody asks
			}
			for l := range 2 {
				if !p.SkipsIm2Col(l) {
					t.Fatalf("padding %d: the patches of layer %d are laid out in every run", padding, l+1)
				}
				f, images := p.ImagesOf(l)
				want := make([]float64, len(p.Presynaptic(l)))
				ops.Im2Col{Geometry: f}.Evaluate(want, []op.Array{images})
				if !slices.Equal(wide(p.Presynaptic(l)), want) {
					t.Fatalf("padding %d, run %d, layer %d: kernels do not see the images", padding, n, l+1)
				}
			}
		}
	}
}

func wide(x []float32) (y []float64) {
	for _, v := range x {
		y = append(y, float64(v))
	}
	return y
}

// Parts and blocks of a convolution's gradient are those of the gradient, to the bit.
func TestPartsOfAConvolvedGradient(t *testing.T) {
	p, present := convolving(t, 20, 1) // more than there are sums
	for n, units := range [][2][]int32{{nil, nil}, {nil, {1, 2}}, {nil, {0}}, {{0, 3, 17}, nil}, {{5}, {0, 2}}, {{}, {2}}, {{1, 2}, {}}} {
		present(uint64(n))
		one := parameterOf(p, 0)
		shape := one.Value().Shape()
		part, each := make([]float32, shape.TotalSize()), make([]float32, shape.TotalSize())
		if err := one.Part(units[0], units[1], part); err != nil {
			t.Fatal(err)
		}
		if err := one.Stream(func(r0, r1, c0, c1 int, dw []float32, stride int) {
			for r := r0; r < r1; r++ {
				copy(each[r*shape[1]+c0:r*shape[1]+c1], dw[(r-r0)*stride:])
			}
		}); err != nil {
			t.Fatal(err)
		}
		g, want := gradientOf(t, p, 0), make([]float32, 0, len(part))
		if !slices.ContainsFunc(g, func(x float32) bool { return x != 0 }) {
			t.Fatal("the gradient is zero")
		}
		for i := range shape[0] {
			for o := range shape[1] {
				if has(units[0], i) && has(units[1], o) {
					want = append(want, g[i*shape[1]+o])
				}
			}
		}
		if got := part[:len(want)]; !slices.Equal(got, want) {
			t.Errorf("units %v: the part is %v, want %v", units, got, want)
		}
		for _, v := range part[len(want):] {
			if v != 0 {
				t.Fatalf("units %v: wrote behind the part", units)
			}
		}
		if !slices.Equal(each, g) {
			t.Errorf("step %d: blocks are %v, want %v", n, each, g)
		}
	}
}

// has says whether units has unit i; nil is all.
func has(units []int32, i int) bool { return units == nil || slices.Contains(units, int32(i)) }
