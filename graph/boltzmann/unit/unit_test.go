package unit_test

import (
	"math"
	"strings"
	"testing"

	"ergon/graph/boltzmann/unit"
	"ergon/graph/boltzmann/unit/unittest"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/schema/schematest"
)

// Every kind that is registered passes the suite, at its defaults and with each setting
// changed.
func TestKinds(t *testing.T) {
	for _, v := range schematest.Variants(t, unit.Kinds) {
		t.Run(v.Name, func(t *testing.T) { unittest.Conform(t, v.Value) })
	}
	for name, u := range map[string]unit.Unit{
		"two humps": &unit.DReLU{GammaPlus: 0.5, GammaMinus: 3, ThetaPlus: -4, ThetaMinus: -2},
		"threshold": &unit.DReLU{GammaPlus: 2, GammaMinus: 1, ThetaPlus: 5, ThetaMinus: 5},
	} {
		t.Run(name, func(t *testing.T) { unittest.Conform(t, u) })
	}
}

// Kinds that are others, for some settings, give their numbers.
func TestRelations(t *testing.T) {
	for _, x := range []float64{-40, -7, -1, 0, 0.3, 5, 40} {
		equals(t, "drelu is gaussian", &unit.DReLU{GammaPlus: 1, GammaMinus: 1}, []float64{x}, unit.Gaussian{}, []float64{x}, 0)
		equals(t, "θ₊ = -θ₋ is a bias", &unit.DReLU{GammaPlus: 1, GammaMinus: 1, ThetaPlus: 0.7, ThetaMinus: -0.7}, []float64{x}, unit.Gaussian{}, []float64{x - 0.7}, 0)
		equals(t, "drelu that is never negative is relu", &unit.DReLU{GammaPlus: 1, GammaMinus: 1, ThetaMinus: 1e12}, []float64{x}, unit.ReLU{}, []float64{x}, 1e-9)
		equals(t, "two states of potts", &unit.Potts{Q: 2}, []float64{x, 0}, unit.Bernoulli{}, []float64{x}, 0)
	}
}

// equals compares Γ and the first mean, to some rounding and to what is said besides.
func equals(t *testing.T, name string, a unit.Unit, atA []float64, b unit.Unit, atB []float64, besides float64) {
	t.Helper()
	if gamma, want := a.LogPartition(atA), b.LogPartition(atB); math.Abs(gamma-want) > 1e-12*max(1, math.Abs(want))+besides {
		t.Errorf("%s: Γ(%v) = %v, want %v", name, atA, gamma, want)
	}
	a.Mean(atA, atA)
	b.Mean(atB, atB)
	if math.Abs(atA[0]-atB[0]) > 1e-12*max(1, math.Abs(atB[0]))+besides {
		t.Errorf("%s: mean %v, want %v", name, atA[0], atB[0])
	}
}

// Settings that are none are refused by name.
func TestSettings(t *testing.T) {
	for _, c := range []struct {
		settings map[string]any
		want     string
	}{
		{map[string]any{"kind": "drelu", "gamma_plus": 0}, "gamma_plus"},
		{map[string]any{"kind": "drelu", "gamma_minus": -1}, "gamma_minus"},
		{map[string]any{"kind": "drelu", "theta_plus": math.Inf(1)}, "theta_plus"},
		{map[string]any{"kind": "potts", "states": 1}, "states"},
		{map[string]any{"kind": "relu", "states": 2}, "states"},
		{map[string]any{"kind": "spin"}, "spin"},
	} {
		var s struct {
			Units unit.Unit `key:"units"`
		}
		err := schema.Decode(map[string]any{"units": c.settings}, &s, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want an error about %s", c.settings, err, c.want)
		}
	}
}

func BenchmarkKinds(b *testing.B) {
	fields, x := make([]float32, 784), make([]float32, 784)
	for i := range fields {
		fields[i] = float32(i%97)/10 - 4.8
	}
	stream := philox.New(1, "bench")
	for _, kind := range unit.Kinds.Kinds() {
		u, _ := unit.Kinds.New(kind.Name)
		n := len(fields) / u.States() * u.States()
		fields, x := fields[:n], x[:n]
		for name, call := range map[string]func(){
			"partition": func() { unit.LogPartition32(u, fields) },
			"mean":      func() { unit.Mean32(u, x, fields) },
			"sample":    func() { unit.Sample32(u, x, fields, stream, 1, 0) },
		} {
			b.Run(kind.Name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					call()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
			})
		}
	}
}
