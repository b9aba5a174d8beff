package models_test

import (
	"testing"

	"ergon/graph"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/models"
)

// BenchmarkConvNet is a step, without the update, of 28×28 → 8@5×5 → pool →
// 16@5×5 → pool → 10, for 128 presentations.
func BenchmarkConvNet(b *testing.B) {
	for name, e := range graphtest.Engines(b) {
		if name == "reference" {
			continue
		}
		b.Run(name, func(b *testing.B) {
			p := convNet(b, e, 128)
			b.ReportAllocs()
			for b.Loop() {
				run(b, p)
			}
		})
	}
}

// convNet compiles the default network, with images of noise.
func convNet(t testing.TB, e engine.Engine, batch int) *graph.Program {
	t.Helper()
	spec, _ := graph.Kinds.New("convnet")
	return compileTraining(t, e, spec, batch)
}

// compileTraining compiles a network of images of 28×28, with images of noise.
func compileTraining(t testing.TB, e engine.Engine, spec graph.Spec, batch int) *graph.Program {
	t.Helper()
	model, err := spec.New(784, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := graph.CompileTraining(model, e, batch, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.X {
		p.X[i] = float32(i*7919%997) / 997
	}
	for b := range batch {
		p.Target[b*10+b%10] = 1
	}
	return p
}

// run is a pass forth and back with all gradients.
func run(t testing.TB, p *graph.Program) {
	t.Helper()
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	for _, parameter := range p.Parameters() {
		if _, err := parameter.Grad(); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkScaleInvariant is a step, without the update, of the preset scale-invariant.
func BenchmarkScaleInvariant(b *testing.B) {
	e := graphtest.Open(b, engine.Spec{Device: "cpu"})
	p := compileTraining(b, e, scaleInvariant(), 128)
	b.ReportAllocs()
	for b.Loop() {
		run(b, p)
		p.Average()
	}
}

// scaleInvariant is the network of the preset scale-invariant.
func scaleInvariant() *models.ConvNet {
	spec, _ := graph.Kinds.New("convnet")
	c := spec.(*models.ConvNet)
	c.Channels, c.Kernel, c.Padding, c.Pool, c.Strides = []int{8, 16, 32, 64}, 3, 1, 1, []int{1, 2, 2, 2}
	c.Gather, c.Norm, c.Last = "average", "batch", models.Last{Fixed: true, Norm: 10}
	return c
}
