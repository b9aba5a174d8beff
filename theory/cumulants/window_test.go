package cumulants

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// z is how many standard errors the mean of some numbers lies above a value.
func z(numbers []float64, value float64) float64 {
	mean, deviation := stat.MeanStdDev(numbers, nil)
	return (mean - value) / deviation * math.Sqrt(float64(len(numbers)))
}

// In one step leading order is exact: drift p, noise p(1-p). A p that is 10 % off
// is found out.
func TestOneStep(t *testing.T) {
	plan := Plan{Windows: []int{1}, Replicas: 1000}
	for _, c := range []struct {
		rule string
		p    float64 // of the first layer's weights and biases
	}{
		{"rule.mask=[{kind: bernoulli, p: 0.3}]", 0.3},
		{"rule.mask=[{kind: neurons, p: 0.4, side: post}]", 0.4},
		{"rule.clip={kind: value, bound: 0.001}", 0.3},
	} {
		directory := trained(t, c.rule)
		first := measured(t, opened(t, directory), 20, plan)[0].Layers[0]
		if math.Abs(first.Drift.Predicted-c.p) > 1e-12 || math.Abs(first.Noise.Predicted-c.p*(1-c.p)) > 1e-12 {
			t.Errorf("%s: drift %v, noise %v, want %v and p(1-p)", c.rule, first.Drift.Predicted, first.Noise.Predicted, c.p)
		}
		if zd, zn := z(first.Drift.Measured, c.p), z(first.Noise.Measured, c.p*(1-c.p)); max(math.Abs(zd), math.Abs(zn)) > 3.5 {
			t.Errorf("%s: drift z %.2f, noise z %.2f of a right prediction", c.rule, zd, zn)
		}
		r := opened(t, directory)
		for _, p := range r.Law.Fractions {
			scale(p, 1.1)
		}
		wrong := measured(t, r, 20, plan)[0].Layers[0]
		if zd := z(wrong.Drift.Measured, wrong.Drift.Predicted); math.Abs(zd) < 5 {
			t.Errorf("%s: drift z %.2f of a prediction that is 10 %% off", c.rule, zd)
		}
	}
}

// Where a clip is, u is the clipped update.
func TestClip(t *testing.T) {
	law := &Law{rate: 0.5, bounds: []float32{0.25, float32(math.Inf(1))}}
	u := make([]float32, 3)
	for array, want := range [][3]float32{{0.25, -0.25, 0.05}, {1, -1, 0.05}} {
		if law.updates(array, []float32{2, -2, 0.1}, u); [3]float32(u) != want {
			t.Errorf("array %d: %v, want %v", array, u, want)
		}
	}
}

// Masks that are not random leave plain learning: replicas follow the path to
// rounding, and there is no noise.
func TestMasksThatAreNotRandom(t *testing.T) {
	for _, rule := range []string{"rule.mask=full", "rule.mask=[{kind: subnet, k: [5]}]"} {
		windows := measured(t, opened(t, trained(t, rule)), 10, Plan{Windows: []int{1, 50}, Replicas: 3, Tangents: 2})
		for _, w := range windows {
			for l, layer := range w.Layers {
				for _, drift := range layer.Drift.Measured {
					if math.Abs(drift/layer.Drift.Predicted-1) > 1e-4 {
						t.Errorf("%s, %d steps, layer %d: drift %v, want %v", rule, w.Steps, l+1, drift, layer.Drift.Predicted)
					}
				}
				if layer.Noise.Predicted != 0 || layer.Noise.Next[0] != 0 || layer.Noise.Measured[0] != 0 {
					t.Errorf("%s, %d steps, layer %d: noise %+v, want none", rule, w.Steps, l+1, layer.Noise)
				}
			}
		}
	}
}

// A layer that does not move has drift 0, and none that could be measured.
func TestFrozen(t *testing.T) {
	r := opened(t, trained(t, "rule.mask=[{kind: frozen, layers: [1]}, {kind: bernoulli, p: 0.5}]"))
	layers := measured(t, r, 0, Plan{Windows: []int{2}, Replicas: 3, Tangents: 2})[0].Layers
	if d := layers[0].Drift; d.Predicted != 0 || !math.IsNaN(d.Measured[0]) || d.Next[0] != 0 {
		t.Errorf("drift of the frozen layer %+v", d)
	}
	if d := layers[1].Drift; math.Abs(d.Predicted-0.5) > 1e-12 {
		t.Errorf("drift of the other layer %v", d.Predicted)
	}
}

// The pseudo-values are the jackknife's, by leaving out one replica after another.
func TestJackknife(t *testing.T) {
	places := [][]float32{{1, 2}, {3, -1}, {0, 0.5}, {-2, 4}, {1, 1}}
	var all []*replica
	for _, place := range places {
		all = append(all, &replica{weights: [][]float32{place}})
	}
	p := &path{from: [][]float32{{0, 0}}, moved: [][]float64{{2, 0}}}
	variance := func(replicas []*replica) (sum float64) {
		for i := range 2 {
			var numbers []float64
			for _, r := range replicas {
				numbers = append(numbers, float64(r.weights[0][i]))
			}
			sum += stat.Variance(numbers, nil)
		}
		return sum
	}
	d := deviations{along: make([]float64, 5), spread: make([]float64, 5)}
	d.observe(all, p, 0)
	values := d.variances()
	for k := range all {
		without := append(append([]*replica(nil), all[:k]...), all[k+1:]...)
		if want := 5*variance(all) - 4*variance(without); math.Abs(values[k]-want) > 1e-12 {
			t.Errorf("pseudo-value %d is %v, want %v", k, values[k], want)
		}
	}
	if drifts := d.drifts(); drifts[1] != 1.5 || drifts[3] != -1 {
		t.Errorf("drifts %v, want half of the first weights", drifts)
	}
}

// distance is by how many standard errors of both the mean of some numbers lies above
// that of others.
func distance(numbers, others []float64) float64 {
	mean, deviation := stat.MeanStdDev(numbers, nil)
	other, deviationOther := stat.MeanStdDev(others, nil)
	return (mean - other) / math.Hypot(stat.StdErr(deviation, float64(len(numbers))), stat.StdErr(deviationOther, float64(len(others))))
}

// Where leading order fails next order does not: what was left out is what was
// missing. The settings make each of its terms large enough to be missed.
func TestNextOrder(t *testing.T) {
	for _, rule := range []string{"rule.mask=[{kind: bernoulli, p: 0.2}]", "rule.mask=[{kind: neurons, p: 0.3}]"} {
		r := opened(t, trained(t, rule, "train.batch=1", "rule.optimizer.lr=0.1"))
		window := measured(t, r, 0, Plan{Windows: []int{40}, Replicas: 1000, Tangents: 400})[0]
		for l, layer := range window.Layers {
			if leading := z(layer.Noise.Measured, layer.Noise.Predicted); math.Abs(leading) < 5 {
				t.Errorf("%s, layer %d: noise z %.2f of leading order after 40 steps: the test sees too little", rule, l+1, leading)
			}
			drift, noise := distance(layer.Drift.Measured, layer.Drift.Next), distance(layer.Noise.Measured, layer.Noise.Next)
			if max(math.Abs(drift), math.Abs(noise)) > 3 {
				t.Errorf("%s, layer %d: drift z %.2f, noise z %.2f of next order", rule, l+1, drift, noise)
			}
		}
	}
}
