package likelihood

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// anneal returns both estimates of ln Z, the reverse one from independent samples.
func anneal(t testing.TB, m *boltzmann.Machine, a Annealing, seed uint64) (forward, reverse *Estimate) {
	t.Helper()
	a.Stream = philox.New(seed, "test/ais")
	forward, err := a.Forward(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	reverse, err = a.Reverse(context.Background(), m, samples(t, m, a.Chains, seed))
	if err != nil {
		t.Fatal(err)
	}
	return forward, reverse
}

// Of 24 machines, the exact ln Z is within the bars of 3 standard errors, but for one at most, and the
// errors are as large as they are said to be: Σ z² has the mean 24 and the deviation √48, of
// which the test allows 4.
func TestAnnealingHoldsTheExact(t *testing.T) {
	const machines = 24
	outside, chi2 := [2]int{}, [2]float64{}
	for seed := range uint64(machines) {
		m := random(8, 8, 0.5, seed)
		exact := lnZ(t, m)
		forward, reverse := anneal(t, m, Annealing{Betas: Linear(60), Chains: 100}, seed)
		for i, e := range []*Estimate{forward, reverse} {
			if exact < e.Lo || exact > e.Hi {
				outside[i]++
			}
			z := (e.LnZ - exact) / e.StandardError
			chi2[i] += z * z
			if e.Chains != 100 || e.Betas != 60 || e.Effective < 50 || e.Effective > 100 {
				t.Errorf("%+v, want 100 chains, most of them effective, and 60 inverse temperatures", *e)
			}
		}
	}
	for i, what := range []string{"forward", "reverse"} {
		t.Logf("%s: %d of %d outside, χ² = %.1f", what, outside[i], machines, chi2[i])
		if outside[i] > 1 || math.Abs(chi2[i]-machines) > 4*math.Sqrt(2*machines) {
			t.Errorf("%s: the exact ln Z of %d of %d machines is outside the bars; χ² = %.1f", what, outside[i], machines, chi2[i])
		}
	}
}

// Few chains that pass quickly have large errors. Their ln Z is then too low on average, that of
// reversed ones too high, and it is their w that are right on average: within 4 standard errors.
func TestBounds(t *testing.T) {
	const tries = 300
	m := random(6, 6, 1.5, 5)
	exact := lnZ(t, m)
	var low, high, up, down []float64
	for seed := range uint64(tries) {
		forward, reverse := anneal(t, m, Annealing{Betas: Linear(4), Chains: 5}, seed)
		low, high = append(low, forward.LnZ-exact), append(high, reverse.LnZ-exact)
		up, down = append(up, math.Exp(forward.LnZ-exact)), append(down, math.Exp(exact-reverse.LnZ))
	}
	forward, reverse := newMean(low), newMean(high)
	t.Logf("forward %.3f ± %.3f, reverse %.3f ± %.3f from ln Z", forward.Value, forward.StandardError, reverse.Value, reverse.StandardError)
	if forward.Value > -4*forward.StandardError || reverse.Value < 4*reverse.StandardError {
		t.Error("want forward below and reverse above")
	}
	for what, w := range map[string]Mean{"w": newMean(up), "w of reversed chains": newMean(down)} {
		near(t, "⟨"+what+"⟩ over Z", w.Value, 1, 4*w.StandardError)
	}
}

// Any kinds of unit can be annealed.
func TestAnnealingOfOtherUnits(t *testing.T) {
	for i, kinds := range [][2]unit.Unit{{gaussian{}, unit.Bernoulli{}}, {potts{}, unit.Bernoulli{}}, {unit.Bernoulli{}, gaussian{}}, {unit.Bernoulli{}, potts{}}} {
		m := random(6, 6, 0.4, uint64(i))
		m.VisibleUnits, m.HiddenUnits = kinds[0], kinds[1]
		exact := lnZ(t, m)
		forward, reverse := anneal(t, m, Annealing{Betas: Linear(60), Chains: 200}, 1)
		for what, e := range map[string]*Estimate{"forward": forward, "reverse": reverse} {
			near(t, fmt.Sprintf("%s ln Z of %T, %T", what, kinds[0], kinds[1]), e.LnZ, exact, 4*e.StandardError)
			if e.StandardError > 0.1 {
				t.Errorf("standard error %v, want less than 0.1", e.StandardError)
			}
		}
	}
}

// A machine without weights is its base: every chain has the weight 1.
func TestBaseOfItsOwn(t *testing.T) {
	m := random(9, 4, 1, 1)
	clear(m.W)
	clear(m.Hidden)
	a := Annealing{Betas: Linear(2), Chains: 3}
	e, err := a.Forward(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ln Z", e.LnZ, lnZ(t, m), 1e-13)
	near(t, "standard error", e.StandardError, 0, 1e-13)
	near(t, "effective chains", e.Effective, 3, 1e-13)
}

// The number of cores does not change a bit, and another base gives another estimate of the same.
func TestAnnealingIsItsNumbers(t *testing.T) {
	m := random(8, 8, 0.5, 1)
	pool := parallel.New(3)
	defer pool.Close()
	a := Annealing{Betas: Linear(20), Chains: 30}
	forward, reverse := anneal(t, m, a, 3)
	a.Pool = pool
	again, back := anneal(t, m, a, 3)
	if *again != *forward || *back != *reverse {
		t.Errorf("on three cores %+v and %+v, on one %+v and %+v", again, back, forward, reverse)
	}
	biases, err := Biases(m, samples(t, m, 100, 4))
	if err != nil {
		t.Fatal(err)
	}
	a.Base = biases
	other, _ := anneal(t, m, a, 3)
	if other.LnZ == forward.LnZ {
		t.Error("the base changes nothing")
	}
	near(t, "ln Z from the data's base", other.LnZ, lnZ(t, m), 4*other.StandardError)
}

// Biases give independent units the means of the data, of which two examples more, at rest, are part.
func TestBiases(t *testing.T) {
	m := random(3, 2, 1, 1)
	got, err := Biases(m, []float32{0, 1, 1, 0, 1, 0})
	if err != nil {
		t.Fatal(err)
	}
	for i, mean := range []float64{1. / 4, 3. / 4, 2. / 4} { // (Σv + 1)/(n + 2)
		near(t, "bias", got[i], math.Log(mean/(1-mean)), 1e-14)
	}
	m.VisibleUnits = gaussian{}
	if got, err = Biases(m, []float32{-4000, 3, 1, 0, 1, 0}); err != nil {
		t.Fatal(err)
	}
	near(t, "bias of a Gaussian unit", got[0], -1000, 1e-9)
	m.VisibleUnits = potts{}
	if got, err = Biases(m, []float32{1, 0, 0}); err != nil {
		t.Fatal(err)
	}
	near(t, "bias of a Potts unit", got[0]-got[1], math.Log(5./2), 1e-13) // (1 + 2/3)/3 and (2/3)/3
	m.VisibleUnits = unit.Bernoulli{}
	_, err = Biases(m, []float32{1, 9, 0})
	refused(t, err, "visible unit 1", "mean")
}

// What is no path, and what has no spread, is refused.
func TestAnnealingRefuses(t *testing.T) {
	ctx, m := context.Background(), random(4, 3, 1, 1)
	for words, a := range map[string]Annealing{
		"chains":   {Betas: Linear(5), Chains: 1},
		"betas: 0": {Chains: 9},
		"betas: 2": {Betas: []float64{0, 0.5}, Chains: 9},
		"grow":     {Betas: []float64{0, 0.5, 0.5, 1}, Chains: 9},
		"NaN":      {Betas: []float64{0, math.NaN(), 1}, Chains: 9},
		"base: 3":  {Betas: Linear(5), Chains: 9, Base: make([]float64, 3)},
		"bias 2":   {Betas: Linear(5), Chains: 9, Base: []float64{0, 0, math.Inf(1), 0}},
	} {
		_, err := a.Forward(ctx, m)
		refused(t, err, words)
	}
	a := Annealing{Betas: Linear(5)}
	_, err := a.Reverse(ctx, m, []float32{0, 1, 0, 1})
	refused(t, err, "1 samples", "2 or more")
	_, err = a.Reverse(ctx, m, []float32{0, 1, 0, 1, 1})
	refused(t, err, "5 numbers", "rows of 4")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	a.Chains = 2
	if _, err := a.Forward(ended, m); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

func BenchmarkForward(b *testing.B) {
	pool := parallel.New(0)
	defer pool.Close()
	for _, hidden := range []int{16, 500} {
		b.Run(fmt.Sprintf("784x%d", hidden), func(b *testing.B) {
			m := random(784, hidden, 0.1, 1)
			for i := range m.Visible {
				m.Visible[i] -= 2
			}
			for range b.N {
				a := Annealing{Betas: Linear(100), Chains: 100, Pool: pool}
				if _, err := a.Forward(context.Background(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
