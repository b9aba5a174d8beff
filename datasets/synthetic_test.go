package datasets

import (
	"math"
	"strings"
	"testing"
)

// Two clusters: projected on the axis v, x is ±|v|/√N + √Δ·z, so the classifier
// sign(v·x) errs with probability erfc(|v|/√(2NΔ))/2.
func TestMixtureOfTwoClusters(t *testing.T) {
	const n, dim, delta = 20000, 60, 0.5
	spec := Mixture{Synthetic{Inputs: dim, Train: n, Test: 10}, 2, delta}
	d, err := spec.Load(3)
	if err != nil {
		t.Fatal(err)
	}
	centres := spec.Centres(3)
	v, norm := centres[dim:], 0.0
	for j := range v {
		norm += float64(v[j]) * float64(v[j])
		if centres[j] != -v[j] {
			t.Fatal("the clusters are not opposite each other")
		}
	}
	norm = math.Sqrt(norm)
	x, wrong, along, squares := make([]float32, dim), 0.0, 0.0, 0.0
	for i := range n {
		d.Train.Gather([]int32{int32(i)}, x, dim, nil)
		projection := 0.0
		for j := range x {
			projection += float64(v[j]) / norm * float64(x[j])
			squares += float64(x[j]) * float64(x[j])
		}
		label, _ := d.Train.Label(i)
		if (projection > 0) != (label == 1) {
			wrong++
		}
		along += projection * float64(2*label-1)
	}
	signal := norm / math.Sqrt(dim)
	rate := math.Erfc(signal/math.Sqrt(2*delta)) / 2
	if math.Abs(wrong/n-rate) > 5*math.Sqrt(rate*(1-rate)/n) {
		t.Errorf("error rate %v, want %v", wrong/n, rate)
	}
	if math.Abs(along/n-signal) > 5*math.Sqrt(delta/n) {
		t.Errorf("mean along the axis %v, want %v", along/n, signal)
	}
	// |x|² has mean signal² + NΔ and variance 4·signal²Δ + 2NΔ².
	want, deviation := signal*signal+dim*delta, math.Sqrt((4*signal*signal*delta+2*dim*delta*delta)/n)
	if math.Abs(squares/n-want) > 5*deviation {
		t.Errorf("mean |x|² %v, want %v", squares/n, want)
	}
}

func TestMixtureOfManyClusters(t *testing.T) {
	const n, dim, clusters = 30000, 20, 5
	spec := Mixture{Synthetic{Inputs: dim, Train: n, Test: 1}, clusters, 0.01}
	d, err := spec.Load(1)
	if err != nil {
		t.Fatal(err)
	}
	centres, means, counts, x := spec.Centres(1), make([]float64, clusters*dim), make([]float64, clusters), make([]float32, dim)
	for i := range n {
		d.Train.Gather([]int32{int32(i)}, x, dim, nil)
		label, _ := d.Train.Label(i)
		counts[label]++
		for j := range x {
			means[label*dim+j] += float64(x[j])
		}
	}
	chi2 := 0.0
	for k, c := range counts {
		chi2 += (c - n/clusters) * (c - n/clusters) / (n / clusters)
		for j := range dim {
			want := float64(centres[k*dim+j]) / math.Sqrt(dim)
			if got := means[k*dim+j] / c; math.Abs(got-want) > 5*0.1/math.Sqrt(c) {
				t.Errorf("cluster %d, axis %d: mean %v, want %v", k, j, got, want)
			}
		}
	}
	if chi2 > clusters-1+5*math.Sqrt(2*(clusters-1)) {
		t.Errorf("the clusters are not equally likely: %v", counts)
	}
	if d.Classes != clusters || d.Train.Outputs() != clusters {
		t.Errorf("%d classes, want %d", d.Classes, clusters)
	}
}

// Targets recomputed in the plainest way, for every activation.
func TestTeacherTargets(t *testing.T) {
	const dim, units = 30, 3
	for name, g := range map[string]func(float64) float64{
		"erf":    func(z float64) float64 { return math.Erf(z / math.Sqrt(2)) },
		"linear": func(z float64) float64 { return z },
		"tanh":   math.Tanh,
		"relu":   func(z float64) float64 { return math.Max(0, z) },
	} {
		for _, readout := range []string{"ones", "normal"} {
			spec := Teacher{Synthetic{Inputs: dim, Train: 50, Test: 20}, units, name, readout, 0}
			d, err := spec.Load(9)
			if err != nil {
				t.Fatal(err)
			}
			b, v := spec.Weights(9)
			x, y := make([]float32, dim), make([]float32, 1)
			for _, set := range []*Set{d.Train, d.Test} {
				for i := range set.Len() {
					set.Gather([]int32{int32(i)}, x, dim, y)
					want := 0.0
					for m := range units {
						field := 0.0
						for j := range x {
							field += float64(b[m*dim+j]) * float64(x[j])
						}
						weight := 1.0
						if readout == "normal" {
							weight = float64(v[m])
						}
						want += weight * g(field/math.Sqrt(dim))
					}
					if math.Abs(float64(y[0])-want) > 1e-6*(1+math.Abs(want)) {
						t.Fatalf("%s, %s: target %v, want %v", name, readout, y[0], want)
					}
				}
			}
			if _, ok := d.Train.Label(0); ok || d.Train.Labels() != nil || d.Classes != 0 || d.Train.Outputs() != 1 {
				t.Error("real-valued targets look like classes")
			}
		}
	}
}

// For one erf unit the target's second moment is (2/π)·asin(T/(1+T)) with
// T = B·B/N (Saad & Solla 1995), and noise adds σ² to the training targets only.
func TestTeacherMoments(t *testing.T) {
	const n, dim, sigma = 40000, 20, 0.5
	spec := Teacher{Synthetic{Inputs: dim, Train: n, Test: n}, 1, "erf", "ones", sigma}
	d, err := spec.Load(2)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := spec.Weights(2)
	overlap := 0.0
	for _, w := range b {
		overlap += float64(w) * float64(w) / dim
	}
	want := 2 / math.Pi * math.Asin(overlap/(1+overlap))
	for name, c := range map[string]struct {
		set    *Set
		moment float64
	}{"train": {d.Train, want + sigma*sigma}, "test": {d.Test, want}} {
		sum := 0.0
		for _, y := range c.set.targets {
			sum += float64(y) * float64(y)
		}
		if math.Abs(sum/n-c.moment) > 0.02 { // the deviation of the mean is below 0.004
			t.Errorf("%s: second moment %v, want %v", name, sum/n, c.moment)
		}
	}
}

func TestSyntheticSizes(t *testing.T) {
	d, err := Mixture{Synthetic{Inputs: 3}, 2, 1}.Load(0)
	if err != nil || d.Train.Len() != 10000 || d.Test.Len() != 2000 {
		t.Errorf("default sizes %+v, error %v, want 10000 and 2000 as documented", d, err)
	}
	for name, spec := range map[string]Spec{
		"train":      Mixture{Synthetic{Inputs: 1e6, Train: 1e8}, 2, 1},
		"clusters":   Mixture{Synthetic{Inputs: 3}, 300, 1},
		"delta":      Mixture{Synthetic{Inputs: 3}, 2, -1},
		"units":      Teacher{Synthetic{Inputs: 3}, 0, "erf", "ones", 0},
		"activation": Teacher{Synthetic{Inputs: 3}, 1, "step", "ones", 0},
		"readout":    Teacher{Synthetic{Inputs: 3}, 1, "erf", "zeros", 0},
	} {
		if _, err := spec.Load(0); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: error %v, want one about %s", spec, err, name)
		}
	}
	if err := (Synthetic{Inputs: 1e6, Train: 1e8, Test: 1e8}).Validate(); err == nil {
		t.Error("2·10^14 numbers pass validation")
	}
}
