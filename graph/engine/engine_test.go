package engine_test

import (
	"testing"

	"ergon/graph"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	_ "ergon/graph/quasistatic" // a kind of model
)

func TestEnginesConform(t *testing.T) {
	for name, e := range graphtest.Engines(t) {
		t.Run(name, func(t *testing.T) { graphtest.Conform(t, e) })
		t.Run(name+"/convolutions", func(t *testing.T) { graphtest.ConformConvolutions(t, e) })
	}
}

// The cpu engine allocates nothing in a run, neither for one presentation nor
// for a batch.
func BenchmarkRun(b *testing.B) {
	for name, e := range graphtest.Engines(b) {
		if name == "reference" {
			continue
		}
		for _, batch := range []int{1, 32} {
			b.Run(name+"/batch-"+map[int]string{1: "1", 32: "32"}[batch], func(b *testing.B) {
				p := compiled(b, e, batch)
				b.ReportAllocs()
				for b.Loop() {
					if err := p.Run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func compiled(t testing.TB, e engine.Engine, batch int) *graph.Program {
	t.Helper()
	spec, _ := graph.Kinds.New("mlp")
	model, err := spec.New(784, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := graph.CompileTraining(model, e, batch, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRunAllocatesNothing(t *testing.T) {
	for name, e := range graphtest.Engines(t) {
		if name == "reference" {
			continue
		}
		for _, batch := range []int{1, 32} {
			p := compiled(t, e, batch)
			if n := testing.AllocsPerRun(50, func() {
				if err := p.Run(); err != nil {
					t.Fatal(err)
				}
			}); n >= 1 {
				t.Errorf("%s, batch %d: %v allocations per run", name, batch, n)
			}
		}
	}
}
