//go:build slow

package mixture

import (
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// ruleTrials are rules of every sort that is local, each with a setting that is a tenth too large in wrong.
var ruleTrials = []struct {
	name         string
	right, wrong []string
}{
	{"sgd", []string{"rule.optimizer.lr=0.2"}, []string{"rule.optimizer.lr=0.22"}},
	{"bernoulli", []string{"rule.optimizer.lr=0.2", "rule.mask={kind: bernoulli, p: 0.5}"}, []string{"rule.optimizer.lr=0.2", "rule.mask={kind: bernoulli, p: 0.55}"}},
	{"competitive", []string{"rule.optimizer.lr=0.5", "rule.mask={kind: competitive, p: [0.1]}"}, []string{"rule.optimizer.lr=0.5", "rule.mask={kind: competitive, p: [0.11]}"}},
	{"manhattan", []string{"rule.optimizer={kind: manhattan, step: 0.05, threshold: 0.2}"}, []string{"rule.optimizer={kind: manhattan, step: 0.05, threshold: 0.22}"}},
	{"mixed precision", []string{"rule.optimizer.lr=0.2", "rule.cache={kind: mixed_precision, epsilon: 0.2}"}, []string{"rule.optimizer.lr=0.2", "rule.cache={kind: mixed_precision, epsilon: 0.22}"}},
	{"synaptic cache", []string{"rule.optimizer.lr=0.2", "rule.cache={kind: synaptic, theta: 0.2, tau: 20}"}, []string{"rule.optimizer.lr=0.2", "rule.cache={kind: synaptic, theta: 0.22, tau: 20}"}},
	{"momentum", []string{"rule.optimizer={kind: momentum, lr: 0.05, momentum: 0.8}"}, []string{"rule.optimizer={kind: momentum, lr: 0.05, momentum: 0.88}"}},
	{"stochastic rounding", []string{"rule.optimizer.lr=0.2", "rule.cache={kind: stochastic_rounding, epsilon: 0.1}"}, []string{"rule.optimizer.lr=0.2", "rule.cache={kind: stochastic_rounding, epsilon: 0.11}"}},
	{"clip value", []string{"rule.optimizer.lr=0.2", "rule.clip={kind: value, bound: [0.05]}"}, []string{"rule.optimizer.lr=0.2", "rule.clip={kind: value, bound: [0.055]}"}},
	{"clip norm", []string{"rule.optimizer.lr=0.2", "rule.clip={kind: norm, bound: 0.05}"}, []string{"rule.optimizer.lr=0.2", "rule.clip={kind: norm, bound: 0.055}"}},
}

// Each sort of rule against 32 simulations of 2000 weights, all columns of 11 times; a setting that is wrong by a
// tenth is refused. Run with -v for the table of docs/theory/mixture-rules.md.
func TestRulesAgainstSimulations(t *testing.T) {
	large := []string{"steps=10", "paths=50000", "d=2000", "simulate=32"}
	for _, c := range ruleTrials {
		t.Run(c.name, func(t *testing.T) {
			m := ruled(t, slices.Concat(c.right, large)...)
			trajectories, err := m.simulate(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			r := beside(t, trajectories, m)
			last := r.Rows[10]
			for _, column := range []string{"m", "c", "m0_total", "m1_total", "accumulate_total", "permanent_m0_total"} {
				if i := slices.Index(r.Columns, column); i >= 0 {
					t.Logf("%s %.4f simulated %.4f ± %.4f", column, last[i], last[i+1], last[i+2])
				}
			}
			t.Logf("p_value %.2g, worst z %.2f of %.0f", *r.Scalars["p_value"], *r.Scalars["worst_z"], *r.Scalars["comparisons"])
			if *r.Scalars["p_value"] <= 0.05 {
				t.Errorf("p_value %.3g", *r.Scalars["p_value"])
			}
			wrong := *beside(t, trajectories, ruled(t, slices.Concat(c.wrong, large)...)).Scalars["p_value"]
			t.Logf("p_value of a setting wrong by a tenth: %.2g", wrong)
			if wrong > 1e-3 {
				t.Error("a setting that is wrong by a tenth is not refused")
			}
		})
	}
}

// What simulations elsewhere gave, of which the deviations are those of 8 simulations of 2000 weights:
// plain SGD at η = 0.2, and the largest tenth at η = 0.5, after 10 steps.
func TestRuleReferences(t *testing.T) {
	for i, want := range [][3][2]float64{
		{{1.032, 0.010}, {1.333, 0.007}, {0.9226, 0.0043}},
		{{0.864, 0.007}, {1.273, 0.015}, {0.5440, 0.0016}},
	} {
		c := solved(t, ruled(t, append(ruleTrials[2*i].right, "steps=10", "paths=50000")...).Problem(), 50_000)
		for k, got := range []float64{c.M[10], c.C[10], c.M1Total()[10]} {
			within(t, "m, C, M1", got, want[k][0], 3*want[k][1])
		}
	}
}

// The noise of averages over paths, which more of them would take away: half a percent of m at 20 000.
func TestNoiseOfPaths(t *testing.T) {
	for _, c := range ruleTrials {
		var m, m1 []float64
		for seed := range uint64(6) {
			one := ruled(t, append(c.right, "steps=10")...)
			one.Seed = seed
			trajectory := learnedBy(t, one)
			m, m1 = append(m, trajectory.M[10]), append(m1, trajectory.M1Total()[10])
		}
		spread := func(list []float64) float64 {
			mean, deviation := stat.MeanStdDev(list, nil)
			return deviation / mean
		}
		t.Logf("%s: m %.2g %%, M1 %.2g %%", c.name, 100*spread(m), 100*spread(m1))
		if spread(m) > 0.005 || spread(m1) > 0.005 {
			t.Errorf("%s: m varies by %.2g, M1 by %.2g", c.name, spread(m), spread(m1))
		}
	}
}

// learnedBy solves a theory with its own paths and seed.
func learnedBy(t *testing.T, m *Mixture) *Trajectory {
	t.Helper()
	c, err := m.Problem().Solve(t.Context(), m.Paths, m.Seed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
