package train

import (
	"math"
	"testing"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
)

// randomMachine is a machine of binary units with normal weights of a standard deviation.
func randomMachine(V, H int, deviation float64) boltzmann.Machine {
	s := philox.New(3, "test/machine")
	normals := func(step uint64, n int, deviation float64) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(deviation * s.Normal(step, uint64(i)))
		}
		return x
	}
	return boltzmann.Machine{
		VisibleUnits: unit.Bernoulli{}, HiddenUnits: unit.Bernoulli{},
		W: normals(0, V*H, deviation), Visible: normals(1, V, 0.5), Hidden: normals(2, H, 0.5),
	}
}

// Where the fields of all units are 0 their variances are ¼, and the first transition is where
// the largest singular value of W is 4.
func TestStabilityOfBalancedUnits(t *testing.T) {
	const V, H = 12, 7
	b := randomMachine(V, H, 1)
	mean := make([]float32, V)
	clear(b.Visible)
	clear(b.Hidden)
	for k, w := range b.W { // a = -½ Σ_j W, b = -½ Σ_i W
		b.Visible[k/H] -= w / 2
		b.Hidden[k%H] -= w / 2
		mean[k/H] = 0.5
	}
	got, want := stability(b, mean), weightsOf(b).SingularValues()[0]/4
	if math.Abs(*got-want) > 1e-6*want { // biases are rounded to float32, variances known to 1e-7
		t.Errorf("stability %.9g, want %.9g", *got, want)
	}
}

// At a fixed point of the mean-field equations a small deviation grows by the square of the
// stability in each round.
func TestStabilityIsGrowth(t *testing.T) {
	const V, H = 9, 6
	b := randomMachine(V, H, 0.7)
	round := func(visible []float64) []float64 {
		hidden := make([]float64, H)
		for j := range hidden {
			hidden[j] = float64(b.Hidden[j])
			for i := range V {
				hidden[j] += visible[i] * float64(b.W[i*H+j])
			}
		}
		unit.Bernoulli{}.Mean(hidden, hidden)
		next := make([]float64, V)
		for i := range next {
			next[i] = float64(b.Visible[i])
			for j := range H {
				next[i] += float64(b.W[i*H+j]) * hidden[j]
			}
		}
		unit.Bernoulli{}.Mean(next, next)
		return next
	}
	fixed := make([]float64, V)
	for range 1000 {
		fixed = round(fixed)
	}
	mean := make([]float32, V)
	for i, x := range fixed {
		mean[i] = float32(x)
	}
	const small = 1e-6
	growth, moved := 0.0, make([]float64, V)
	for i := range moved {
		moved[i] = fixed[i] + small
	}
	for range 200 {
		moved = round(moved)
		norm := 0.0
		for i := range moved {
			norm += (moved[i] - fixed[i]) * (moved[i] - fixed[i])
		}
		growth = math.Sqrt(norm) / small
		for i := range moved {
			moved[i] = fixed[i] + (moved[i]-fixed[i])/growth
		}
	}
	got := stability(b, mean)
	if want := math.Sqrt(growth); math.Abs(*got-want) > 1e-5*want { // second order in 1e-6; the mean is in float32
		t.Errorf("stability %.9g, and a deviation grows by the square of %.9g", *got, want)
	}
}

// several is a kind of unit that is three numbers.
type several struct{ unit.Bernoulli }

func (several) States() int { return 3 }

func TestStabilityOfSeveralNumbersIsNotKnown(t *testing.T) {
	b := randomMachine(6, 4, 1)
	b.VisibleUnits = several{}
	if s := stability(b, make([]float32, 6)); s != nil {
		t.Errorf("it is %g", *s)
	}
}
