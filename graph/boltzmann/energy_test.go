package boltzmann

import (
	"math"
	"testing"

	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
)

// random returns a machine of Bernoulli units whose weights and biases are N(0, deviation²).
func random(visible, hidden int, deviation float32, seed uint64) *Machine {
	m := &Machine{
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

// bits returns the n lowest bits of x, the lowest first.
func bits(x, n int) []float32 {
	b := make([]float32, n)
	for i := range b {
		b[i] = float32(x >> i & 1)
	}
	return b
}

// The energy is the sum over all pairs of units.
func TestEnergy(t *testing.T) {
	m := random(5, 3, 1, 1)
	for x := range 1 << 8 {
		v, h := bits(x, 5), bits(x>>5, 3)
		want := 0.0
		for i := range v {
			want -= float64(m.Visible[i]) * float64(v[i])
			for j := range h {
				want -= float64(v[i]) * float64(m.W[3*i+j]) * float64(h[j])
			}
		}
		for j := range h {
			want -= float64(m.Hidden[j]) * float64(h[j])
		}
		if got := m.Energy(v, h); math.Abs(got-want) > 1e-14*8 {
			t.Fatalf("E(%v, %v) = %v, want %v", v, h, got, want)
		}
	}
}

// e^-F(v) is the sum of e^-E(v,h) over h, in one row and in many.
func TestFreeEnergy(t *testing.T) {
	m := random(6, 4, 2, 2)
	var rows []float32
	for x := range 1 << 6 {
		rows = append(rows, bits(x, 6)...)
	}
	f := make([]float64, 1<<6)
	m.FreeEnergies(f, rows)
	for x := range f {
		sum := 0.0
		for h := range 1 << 4 {
			sum += math.Exp(-m.Energy(bits(x, 6), bits(h, 4)))
		}
		if math.Abs(f[x]+math.Log(sum)) > 1e-12 {
			t.Fatalf("F of state %d = %v, want %v", x, f[x], -math.Log(sum))
		}
		if got := m.FreeEnergy(bits(x, 6)); got != f[x] {
			t.Fatalf("F of state %d = %v alone, %v among others", x, got, f[x])
		}
	}
}
