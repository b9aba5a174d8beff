package measure_test

import (
	"math"
	"testing"

	"ergon/energy/bounds"
	"ergon/graph"
	"ergon/train/measure"
)

// alone returns the moments of the gradients of the presentations that p has
// run, each run by itself in a program of batch 1.
func alone(t *testing.T, r *trained, p *graph.Program) bounds.Gradients {
	t.Helper()
	one := r.program(t, 1)
	squares, m := 0.0, 0
	var sum []float64
	for b := range p.Batch {
		if !p.IsOpen(b) {
			continue
		}
		copy(one.X, p.X[b*len(one.X):])
		copy(one.Target, p.Target[b*len(one.Target):])
		if err := one.Run(); err != nil {
			t.Fatal(err)
		}
		m++
		at := 0
		for _, parameter := range one.Parameters() {
			gradient, err := parameter.Grad()
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range gradient.Data().([]float32) {
				if at == len(sum) {
					sum = append(sum, 0)
				}
				sum[at] += float64(g)
				squares += float64(g) * float64(g)
				at++
			}
		}
	}
	mean := 0.0
	for _, s := range sum {
		mean += s / float64(m) * s / float64(m)
	}
	return bounds.EstimateGradients(squares, mean, m)
}

// What the batch tells of single presentations is what they tell themselves.
func TestGradientsAgreeWithPresentationsAlone(t *testing.T) {
	for name, settings := range map[string][]string{
		"plain":          nil,
		"no biases":      {"model.bias=false"},
		"constant units": {"model.bias=unit"},
		"tanh, mse":      {"model.activation=tanh", "model.loss=mse"},
		"gate":           {"rule.gate=lazy"},
		"error filter":   {"rule.error=meprop"},
		"convolutions":   {"model=" + tinyConvNet, "rule.gate=lazy"},
		"without biases": {"model=" + tinyConvNet, "model.bias=false", "rule.error={kind: meprop, k: 5}"},
	} {
		t.Run(name, func(t *testing.T) {
			r := begin(t, append(settings, "train.batch=16")...)
			p := r.program(t, 16)
			r.present(t, p)
			g := measure.NewGradients(r.Model, 16, nil)
			if err := g.Take(p); err != nil {
				t.Fatal(err)
			}
			all := g.All()
			got, ok := all.Moments()
			want := alone(t, r, p)
			if !ok || all.Presentations != p.Open() {
				t.Fatalf("%d presentations, want %d", all.Presentations, p.Open())
			}
			for what, pair := range map[string][2]float64{
				"⟨|g|²⟩": {got.MeanSquare, want.MeanSquare}, "tr Σ": {got.TraceVariance, want.TraceVariance}, "R": {got.Ratio(), want.Ratio()},
			} {
				if !(math.Abs(pair[0]-pair[1]) <= 1e-4*pair[1]) {
					t.Errorf("%s: %.8g, want %.8g", what, pair[0], pair[1])
				}
			}
		})
	}
}

// At batch 1 the weights are tried on the presentations to come, every ProbeInterval steps.
func TestProbesAgreeWithPresentationsAlone(t *testing.T) {
	r := begin(t, "train.batch=1")
	p := r.program(t, measure.ProbeSize)
	var steps []int
	g := measure.NewGradients(r.Model, 1, func(step, n int) (*graph.Program, error) {
		if n != p.Batch {
			t.Errorf("asked for %d presentations, want %d", n, p.Batch)
		}
		steps = append(steps, step)
		r.present(t, p)
		return p, nil
	})
	for step := range measure.ProbeInterval + 2 {
		if err := g.Probe(step); err != nil {
			t.Fatal(err)
		}
	}
	if len(steps) != 2 || steps[0] != 0 || steps[1] != measure.ProbeInterval {
		t.Errorf("probes after steps %v, want 0 and %d", steps, measure.ProbeInterval)
	}
	want, all := alone(t, r, p), g.All()
	if got, ok := all.Moments(); !ok || math.Abs(got.Ratio()-want.Ratio()) > 1e-4*want.Ratio() {
		t.Errorf("R = %g, want %g", got.Ratio(), want.Ratio())
	}
}
