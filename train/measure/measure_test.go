package measure_test

import (
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/train/measure"
)

// gradients returns copies of the gradients of a program, array by array.
func gradients(t *testing.T, p *graph.Program) (all [][]float32) {
	t.Helper()
	for _, parameter := range p.Parameters() {
		g, err := parameter.Grad()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, slices.Clone(g.(*tensor.Dense).Float32s()))
	}
	return all
}

// The shares are those of a count, also over several batches; nothing is known before
// the first.
func TestActivity(t *testing.T) {
	r := begin(t)
	p, a := r.program(t, 7), measure.NewActivity(r.Model)
	if a.Shares() != nil {
		t.Error("shares before the first presentation")
	}
	r.present(t, p)
	a.Observe(p)
	a.Reset()
	if a.Shares() != nil {
		t.Error("shares after a reset")
	}
	a.Observe(p)
	a.Observe(p)
	var want []float64
	for l, layer := range r.Model.Layers() {
		for i := range layer.Units() {
			active := 0.0
			for b := range p.Batch {
				if p.Postsynaptic(l)[b*layer.Units()+i] != 0 {
					active++
				}
			}
			want = append(want, active/float64(p.Batch))
		}
	}
	if got := a.Shares(); !slices.Equal(got, want) {
		t.Errorf("shares %v, want %v", got, want)
	}
}

// Averages are over the steps from a number on; before, nothing is known.
func TestSynapseAverages(t *testing.T) {
	r := begin(t)
	p := r.program(t, 8)
	r.present(t, p)
	s := measure.NewSynapses(measure.Reliability{Rho: 2, Cost: 1}, r.Model, 5)
	for step := range 5 {
		if err := s.Observe(step, p); err != nil {
			t.Fatal(err)
		}
	}
	if fisher, _, _ := s.Means(); !math.IsNaN(fisher[0][0]) {
		t.Errorf("H = %v before the first step that counts", fisher[0][0])
	}
	for step := 5; step < 8; step++ {
		if err := s.Observe(step, p); err != nil {
			t.Fatal(err)
		}
	}
	fisher, gradient, rate := s.Means()
	for a, g := range gradients(t, p) {
		for i, x := range g {
			x := float64(x)
			if math.Abs(fisher[a][i]-x*x) > 1e-12*x*x || math.Abs(gradient[a][i]-math.Abs(x)) > 1e-12*math.Abs(x) {
				t.Fatalf("array %d, synapse %d: ⟨g²⟩ = %v, ⟨|g|⟩ = %v of g = %v", a, i, fisher[a][i], gradient[a][i], x)
			}
		}
	}
	for l, layer := range r.Model.Layers() {
		for i, got := range rate[l] {
			want := 0.0
			for b := range p.Batch {
				want += math.Abs(float64(p.Presynaptic(l)[b*layer.In+i])) / float64(p.Batch)
			}
			if math.Abs(got-want) > 1e-12*want {
				t.Fatalf("layer %d, input %d: rate %v, want %v", l, i, got, want)
			}
		}
	}
}
