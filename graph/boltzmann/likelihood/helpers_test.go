package likelihood

import (
	"context"
	"math"
	"strings"
	"testing"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
)

// random returns a machine of Bernoulli units whose weights and biases are N(0, deviation²).
func random(visible, hidden int, deviation float32, seed uint64) *boltzmann.Machine {
	m := &boltzmann.Machine{
		VisibleUnits: unit.Bernoulli{}, HiddenUnits: unit.Bernoulli{},
		W: make([]float32, visible*hidden), Visible: make([]float32, visible), Hidden: make([]float32, hidden),
	}
	for k, x := range [][]float32{m.W, m.Visible, m.Hidden} {
		philox.New(seed, "test/machine").Normals(uint64(k), 0, x)
		for i := range x {
			x[i] *= deviation
		}
	}
	return m
}

// digits returns the n lowest bits of x, the lowest first.
func digits(x, n int) []float32 {
	b := make([]float32, n)
	for i := range b {
		b[i] = float32(x >> i & 1)
	}
	return b
}

// everything returns all states of n binary units [2ⁿ,n].
func everything(n int) (rows []float32) {
	for x := range 1 << n {
		rows = append(rows, digits(x, n)...)
	}
	return rows
}

// definition returns ln Σ_v,h e^-E, state by state.
func definition(m *boltzmann.Machine) float64 {
	v, h := len(m.Visible), len(m.Hidden)
	sum := 0.0
	for x := range 1 << v {
		for y := range 1 << h {
			sum += math.Exp(-m.Energy(digits(x, v), digits(y, h)))
		}
	}
	return math.Log(sum)
}

func lnZ(t testing.TB, m *boltzmann.Machine) float64 {
	t.Helper()
	z, err := new(Exact).LnZ(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func samples(t testing.TB, m *boltzmann.Machine, n int, seed uint64) []float32 {
	t.Helper()
	rows, err := new(Exact).Sample(context.Background(), m, n, philox.New(seed, "test/samples"))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// refused fails unless err has all of these words.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error; want one about %q", words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not mention %q", err, w)
		}
	}
}

func near(t *testing.T, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision) {
		t.Errorf("%s = %.15g, want %.15g ± %g", what, got, want, precision)
	}
}

// gaussian units have U = x²/2: Γ = I²/2 + ½ ln 2π, x ~ N(I, 1).
type gaussian struct{}

func (gaussian) States() int { return 1 }

func (gaussian) Potential(x []float64) (sum float64) {
	for _, v := range x {
		sum += v * v / 2
	}
	return sum
}

func (gaussian) LogPartition(fields []float64) (sum float64) {
	for _, f := range fields {
		sum += f*f/2 + math.Log(2*math.Pi)/2
	}
	return sum
}

func (gaussian) Mean(mean, fields []float64) { copy(mean, fields) }

func (gaussian) Sample(x, fields []float64, words []uint32) {
	for i, f := range fields {
		x[i] = f + math.Sqrt2*math.Erfinv(2*(float64(words[i])+0.5)*0x1p-32-1)
	}
}

// potts units are one of three states: Γ = ln Σ e^I.
type potts struct{}

func (potts) States() int                 { return 3 }
func (potts) Potential([]float64) float64 { return 0 }

func (potts) LogPartition(fields []float64) (sum float64) {
	for ; len(fields) > 0; fields = fields[3:] {
		sum += math.Log(math.Exp(fields[0]) + math.Exp(fields[1]) + math.Exp(fields[2]))
	}
	return sum
}

func (p potts) Mean(mean, fields []float64) {
	for i := 0; i < len(fields); i += 3 {
		gamma := p.LogPartition(fields[i : i+3])
		for s := i; s < i+3; s++ {
			mean[s] = math.Exp(fields[s] - gamma)
		}
	}
}

func (p potts) Sample(x, fields []float64, words []uint32) {
	p.Mean(x, fields)
	for i := 0; i < len(x); i += 3 {
		u, state := (float64(words[i])+0.5)*0x1p-32, i
		for state < i+2 && u > x[state] {
			u -= x[state]
			state++
		}
		clear(x[i : i+3])
		x[state] = 1
	}
}

func stream(name string) philox.Stream { return philox.New(7, "test/"+name) }
