package committee

import (
	"fmt"
	"math"
	"testing"

	"ergon/internal/philox"
)

// Weights have the overlaps that are wanted, also where those are singular.
func TestWeights(t *testing.T) {
	c := Covariance{{1, 0, 0.6}, {0, 1, 0.8}, {0.6, 0.8, 1}}
	w, err := weights(c, 70, philox.New(0, "committee/test/weights"))
	if err != nil {
		t.Fatal(err)
	}
	for a, row := range overlaps(w, w) {
		for b := range row {
			near(t, fmt.Sprint(a, b), row[b], c[a][b], 1e-8)
		}
	}
	c[2][2] = 0.9
	for n, want := range map[int]string{
		70: "no weights have these overlaps: their matrix has the eigenvalue -0.0512", 2: "3 units do not have independent weights of 2 inputs",
	} {
		if _, err := weights(c, n, philox.New(0, "")); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// Random weights are as wide as they are said to be, and all alike.
func TestRandom(t *testing.T) {
	const n = 10_000
	s := Random(3, 2, n, 0.5, philox.New(0, "committee/test/random"))
	for i := range s.Q {
		for k := range s.Q {
			want, deviation := 0.0, 0.25/math.Sqrt(n)
			if i == k {
				want, deviation = 0.25, 0.25*math.Sqrt(2./n)
			}
			if math.Abs(s.Q[i][k]-want) > 4*deviation || s.Q[i][k] != s.Q[k][i] {
				t.Errorf("Q is %v", s.Q)
			}
		}
		for _, r := range s.R[i] {
			if r == 0 || math.Abs(r) > 4*0.5/math.Sqrt(n) {
				t.Errorf("R is %v", s.R)
			}
		}
	}
}

// Simulations of every mask and activation, of networks larger and smaller than
// their teacher, with both layers learning and weights that decay, have the
// overlaps of the equations: no mean is five standard errors off, which by chance
// one in 16 of a t distribution is with a probability of 2e-4.
func TestSimulationsFollowEquations(t *testing.T) {
	const n, simulations, time = 300, 16, 2
	for _, c := range []struct {
		k, m int
		g    Activation
		mask Mask
	}{
		{2, 2, Erf{}, None{}}, {2, 3, Erf{}, Element{0.5}}, {3, 2, Erf{}, Row{0.5}}, {2, 2, Erf{}, Column{0.3}}, {3, 2, Erf{}, Dropout{0.7}},
		{2, 2, ReLU{}, Element{0.5}}, {3, 1, ReLU{}, Dropout{0.7}}, {1, 2, Linear{}, Row{0.5}},
		{2, 2, Erf{}, NewTopNeuron(0.1)}, {2, 1, ReLU{}, NewTopNeuron(0.1)}, {2, 2, Erf{}, NewTopLayer(0.1)}, {3, 1, Erf{}, NewTopLayer(0.5)},
		{2, 2, Linear{}, NewTopLayer(0.1)}, {2, 2, Erf{}, Threshold{Kappa: 0.8}}, {1, 1, Linear{}, Threshold{Kappa: 1.5}},
	} {
		e, start := whole(c.k, c.m, c.g, c.mask)
		if _, ok := c.mask.(Selecting); ok {
			e.SecondRate = 0
		}
		if _, ok := c.mask.(Cutting); ok {
			e.Decay, e.cubature = 0, newCubature(c.k, c.m, true, 4096)
		}
		s := start.Clone()
		if e.cubature != nil { // which takes milliseconds a step
			until(e, s, (*Equations).RungeKutta, 0, time, 0.2)
		} else {
			until(e, s, (*Equations).Euler, 0, time, 1./n)
		}
		sums, squares := make([]float64, len(s.all)), make([]float64, len(s.all))
		for i := range simulations {
			simulation, err := NewSimulation(e.Learning, start, n, 0, i)
			if err != nil {
				t.Fatal(err)
			}
			for range n * time {
				simulation.Step()
			}
			end := start.Clone()
			simulation.State(end)
			for j, x := range end.all {
				sums[j], squares[j] = sums[j]+x/simulations, squares[j]+x*x/simulations
			}
		}
		for j, mean := range sums {
			deviation := math.Sqrt((squares[j] - mean*mean) / (simulations - 1))
			if math.Abs(mean-s.all[j]) <= 1e-7 && deviation < 1e-9 { // it cannot be otherwise
				continue
			}
			if z := (mean - s.all[j]) / deviation; !(math.Abs(z) < 5) {
				t.Errorf("%d from %d, %T, %T: number %d is %.4f, simulated %.4f ± %.4f", c.k, c.m, c.g, c.mask, j, s.all[j], mean, deviation)
			}
		}
	}
}

func BenchmarkStep(b *testing.B) {
	for name, make := range Masks {
		b.Run(name, func(b *testing.B) {
			e, s := pair(Learning{Mask: make(0.5), Rate: 1.5, Noise: 0.1}, 0.25, 0.05, 0.2, 0.05)
			simulation, err := NewSimulation(e.Learning, s, 1000, 0, 0)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				simulation.Step()
			}
		})
	}
}
