//go:build slow

package likelihood

import (
	"context"
	"math"
	"testing"

	"ergon/graph/boltzmann"
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// digitLike returns a machine of the size of the published small one, 784 × 16, with weights of a
// deviation that makes its hidden units matter and visible units that are mostly silent.
func digitLike(seed uint64) *boltzmann.Machine {
	m := random(784, 16, 0.3, seed)
	for i := range m.Visible {
		m.Visible[i] -= 2
	}
	return m
}

// On machines of 784 × 16 units both annealings agree with the exact ln Z within 4 standard errors.
func TestAnnealingOfLargeMachines(t *testing.T) {
	pool := parallel.New(0)
	defer pool.Close()
	x := Exact{Pool: pool}
	for seed := range uint64(3) {
		m := digitLike(seed)
		exact, err := x.LnZ(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := x.Sample(context.Background(), m, 100, philox.New(seed, "test/samples"))
		if err != nil {
			t.Fatal(err)
		}
		others, err := x.Sample(context.Background(), m, 100, philox.New(seed, "test/base"))
		if err != nil {
			t.Fatal(err)
		}
		base, err := Biases(m, others) // of the same rows it would spoil the reverse bound
		if err != nil {
			t.Fatal(err)
		}
		a := Annealing{Base: base, Betas: Linear(1000), Chains: 100, Stream: philox.New(seed, "test/ais"), Pool: pool}
		forward, err := a.Forward(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		reverse, err := a.Reverse(context.Background(), m, rows)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("exact %.3f, forward %.3f ± %.3f (%.0f chains), reverse %.3f ± %.3f (%.0f chains)",
			exact, forward.LnZ, forward.StandardError, forward.Effective, reverse.LnZ, reverse.StandardError, reverse.Effective)
		near(t, "forward", forward.LnZ, exact, 4*forward.StandardError)
		near(t, "reverse", reverse.LnZ, exact, 4*reverse.StandardError)
	}
}

// Of 400 machines the bars of 3 standard errors hold the exact ln Z as often as those of a normal error
// would, 0.9973, less what 100 chains' own estimate of their error loses: at least 0.98.
func TestCoverageOfAnnealing(t *testing.T) {
	const machines = 400
	outside, z := [2]int{}, [2]float64{}
	for seed := range uint64(machines) {
		m := random(8, 8, 0.5, 1000+seed)
		exact := lnZ(t, m)
		forward, reverse := anneal(t, m, Annealing{Betas: Linear(60), Chains: 100}, seed)
		for i, e := range []*Estimate{forward, reverse} {
			if exact < e.Lo || exact > e.Hi {
				outside[i]++
			}
			z[i] += (e.LnZ - exact) / e.StandardError / machines
		}
	}
	t.Logf("outside: %v of %d; mean z %.3f", outside, machines, z)
	for i := range outside {
		if outside[i] > 8 || math.Abs(z[i]) > 5/math.Sqrt(machines) {
			t.Errorf("%d of %d outside, mean z %.3f", outside[i], machines, z[i])
		}
	}
}

// Twenty-four enumerated units, the most: ln Z of a machine whose units do not meet is Σ Γ of the biases.
func TestMostEnumerated(t *testing.T) {
	pool := parallel.New(0)
	defer pool.Close()
	m := random(40, MostEnumerated, 1, 1)
	clear(m.W)
	biases := make([]float64, 64)
	widen(biases, m.Visible)
	widen(biases[40:], m.Hidden)
	got, err := (&Exact{Pool: pool}).LnZ(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ln Z", got, m.VisibleUnits.LogPartition(biases), 1e-10)
}
