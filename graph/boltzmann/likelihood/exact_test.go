package likelihood

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"ergon/graph/boltzmann"
	"ergon/internal/parallel"
)

// Enumeration of one side gives the sum over all states of both.
func TestLnZ(t *testing.T) {
	for _, shape := range [][2]int{{1, 1}, {8, 8}, {3, 11}, {12, 4}, {12, 1}} {
		for seed, deviation := range []float32{0.1, 0.5, 2, 8} {
			m := random(shape[0], shape[1], deviation, uint64(seed))
			near(t, fmt.Sprintf("ln Z of %d × %d units, deviation %v", shape[0], shape[1], deviation), lnZ(t, m), definition(m), 1e-10)
		}
	}
}

// Either side gives the same, over several chunks of states.
func TestEitherSide(t *testing.T) {
	m := random(12, 13, 1, 5)
	var got [2]float64
	for i, hidden := range []bool{true, false} {
		sums, err := new(Exact).sums(context.Background(), newEnumeration(m, hidden))
		if err != nil {
			t.Fatal(err)
		}
		if want := 1 << []int{3, 2}[i]; len(sums) != want {
			t.Fatalf("%d chunks, want %d", len(sums), want)
		}
		all := newLogSum()
		for _, s := range sums {
			all.addSum(s)
		}
		got[i] = all.value()
	}
	near(t, "ln Z by the visible units", got[1], got[0], 1e-12*got[0])
}

// The integral over two Gaussian visible units, by the trapezoidal rule, which converges
// exponentially for such functions; and over two Potts units, state by state.
func TestLnZOfOtherVisibleUnits(t *testing.T) {
	m := random(2, 11, 0.7, 3)
	m.VisibleUnits = gaussian{}
	const step = 0.125
	sum := 0.0
	for x := -20.0; x <= 20; x += step {
		for y := -20.0; y <= 20; y += step {
			sum += math.Exp(-m.FreeEnergy([]float32{float32(x), float32(y)})) * step * step
		}
	}
	near(t, "ln Z of Gaussian units", lnZ(t, m), math.Log(sum), 1e-12*20)

	m = random(6, 5, 1, 4)
	m.VisibleUnits = potts{}
	sum = 0
	for s := range 9 {
		v := make([]float32, 6)
		v[s%3], v[3+s/3] = 1, 1
		sum += math.Exp(-m.FreeEnergy(v))
	}
	near(t, "ln Z of Potts units", lnZ(t, m), math.Log(sum), 1e-12)

	m = random(7, 2, 0.7, 3) // hidden units that cannot be enumerated
	m.HiddenUnits = gaussian{}
	sum = 0
	for x := range 1 << 7 {
		sum += math.Exp(-m.FreeEnergy(digits(x, 7)))
	}
	near(t, "ln Z of Gaussian hidden units", lnZ(t, m), math.Log(sum), 1e-12)
}

// The number of cores does not change a bit.
func TestAnyNumberOfCores(t *testing.T) {
	m := random(20, 13, 1, 9)
	alone, rows := lnZ(t, m), samples(t, m, 50, 1)
	pool := parallel.New(3)
	defer pool.Close()
	x := Exact{Pool: pool}
	if got, err := x.LnZ(context.Background(), m); err != nil || got != alone {
		t.Errorf("ln Z = %v, %v on three cores, %v on one", got, err, alone)
	}
	f, err := FreeEnergies(nil, m, everythingOf(m, rows))
	if err != nil {
		t.Fatal(err)
	}
	g, err := FreeEnergies(pool, m, everythingOf(m, rows))
	if err != nil {
		t.Fatal(err)
	}
	for i := range f {
		if f[i] != g[i] {
			t.Fatalf("free energy %d = %v on three cores, %v on one", i, g[i], f[i])
		}
	}
}

// everythingOf returns some rows many times over, more than one core takes at a time.
func everythingOf(m *boltzmann.Machine, rows []float32) (all []float32) {
	for len(all) < 5*rowsAtOnce*len(m.Visible) {
		all = append(all, rows...)
	}
	return all
}

// What cannot be enumerated is refused with a hint, and so is what is no machine.
func TestLnZRefuses(t *testing.T) {
	ctx, x := context.Background(), new(Exact)
	big := random(MostEnumerated+1, MostEnumerated+2, 1, 1)
	_, err := x.LnZ(ctx, big)
	refused(t, err, "25 visible and 26 hidden", "at most 24", "annealed importance sampling")
	small := random(5, 5, 1, 1)
	small.VisibleUnits, small.HiddenUnits = gaussian{}, gaussian{}
	_, err = x.LnZ(ctx, small)
	refused(t, err, "neither side")

	for what, spoil := range map[string]func(m *boltzmann.Machine){
		"kind":               func(m *boltzmann.Machine) { m.HiddenUnits = nil },
		"0 visible":          func(m *boltzmann.Machine) { m.Visible = nil },
		"19 weights":         func(m *boltzmann.Machine) { m.W = m.W[1:] },
		"whole units":        func(m *boltzmann.Machine) { m.VisibleUnits = potts{} },
		"NaN or infinite":    func(m *boltzmann.Machine) { m.W[3] = float32(math.NaN()) },
		"biases are NaN":     func(m *boltzmann.Machine) { m.Hidden[1] = float32(math.Inf(1)) },
		"has diverged":       func(m *boltzmann.Machine) { m.Visible[1] = float32(math.Inf(-1)) },
		"4 visible and 5 hi": func(m *boltzmann.Machine) { m.W = nil },
	} {
		m := random(4, 5, 1, 1)
		spoil(m)
		_, err := x.LnZ(ctx, m)
		refused(t, err, what)
	}
}

// Progress counts the chunks, and a context that ends stops the work.
func TestProgressAndCancellation(t *testing.T) {
	m, told := random(14, 13, 1, 1), 0
	x := Exact{Progress: func(done, total int) {
		if told++; done != told || total != 8 {
			t.Errorf("progress %d of %d, want %d of 8", done, total, told)
		}
	}}
	if _, err := x.LnZ(context.Background(), m); err != nil || told != 8 {
		t.Errorf("told %d times, %v", told, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	x.Progress = func(done, _ int) {
		if done == 3 {
			cancel()
		}
		if done > 3 {
			t.Error("went on after the end")
		}
	}
	if _, err := x.LnZ(ctx, m); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	if _, err := x.Sample(ctx, m, 1, stream("")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of samples, want that of the context", err)
	}
}

func BenchmarkLnZ(b *testing.B) {
	pool := parallel.New(0)
	defer pool.Close()
	for _, hidden := range []int{16, 20} {
		b.Run(fmt.Sprintf("784x%d", hidden), func(b *testing.B) {
			m, x := random(784, hidden, 0.5, 1), Exact{Pool: pool}
			for range b.N {
				if _, err := x.LnZ(context.Background(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
