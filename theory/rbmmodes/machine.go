package rbmmodes

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// machine is a restricted Boltzmann machine of V visible and H hidden units 0 or 1,
//
//	p(v, h) ∝ exp(θ·v + c·(h-½) + (v-⟨v⟩)ᵀ W (h-½)).
//
// Its synapses see deviations alone. In the usual energy -a·v - b·h - vᵀWh it has
// the fields a_i = θ_i - ½Σ_j W_ij and b_j = c_j - Σ_i W_ij⟨v_i⟩.
type machine struct {
	centre   []float64   // [V] ⟨v⟩ of the data
	w        [][]float64 // [H][V] W, the synapses onto each hidden unit
	theta, c []float64   // [V], [H]
}

// newMachine returns a machine of independent units with the means of the data.
func newMachine(d *data, hidden int) *machine {
	m := &machine{centre: d.mean, w: matrix(hidden, len(d.mean)), theta: make([]float64, len(d.mean)), c: make([]float64, hidden)}
	for i, q := range d.mean {
		m.theta[i] = math.Log(q / (1 - q))
	}
	return m
}

// law is the law of a machine's hidden units: all 2^H states h, whose bit j is hidden unit
// j, with what the visible units do in each.
type law struct {
	p      []float64   // [2^H] probabilities
	active [][]float64 // [2^H][V] ⟨v|h⟩
}

func newLaw(visible, hidden int) *law {
	return &law{p: make([]float64, 1<<hidden), active: matrix(1<<hidden, visible)}
}

// deviation returns h_j - ½ in a state.
func deviation(state, j int) float64 { return float64(state>>j&1) - 0.5 }

// set computes the law of a machine: with x_i = Σ_j W_ij (h_j - ½),
//
//	p(h) ∝ e^{c·(h-½)} Π_i e^{-⟨v_i⟩x_i} (1 + e^{θ_i+x_i}),   ⟨v_i|h⟩ = 1/(1 + e^{-θ_i-x_i}).
func (l *law) set(m *machine) {
	l.setOdds(m)
	for s, odds := range l.active {
		l.p[s] = logSum(odds)
	}
	for j, w := range m.w {
		pull := m.c[j] - floats.Dot(w, m.centre)
		for s := range l.p {
			l.p[s] += pull * deviation(s, j)
		}
	}
	normaliser := floats.LogSumExp(l.p)
	for s, odds := range l.active {
		l.p[s] = math.Exp(l.p[s] - normaliser)
		for i, r := range odds {
			odds[i] = r / (1 + r)
		}
	}
}

// setOdds writes e^{θ+x} of all states to active. That of a state is that of the same state without its
// highest unit times e^W of this unit.
func (l *law) setOdds(m *machine) {
	silent := l.active[0]
	copy(silent, m.theta)
	for _, w := range m.w {
		floats.AddScaled(silent, -0.5, w)
	}
	exponentiate(silent, silent)
	factor := make([]float64, len(silent))
	for j, w := range m.w {
		exponentiate(factor, w)
		for s := range 1 << j {
			floats.MulTo(l.active[s|1<<j], l.active[s], factor)
		}
	}
}

// exponentiate writes e^x to dst, which may be x.
func exponentiate(dst, x []float64) {
	for i, value := range x {
		dst[i] = math.Exp(value)
	}
}

// logSum returns Σ ln(1+r), by products as long as these are small enough.
func logSum(odds []float64) (sum float64) {
	product := 1.0
	for _, r := range odds {
		if product *= 1 + r; product > 1e150 {
			sum, product = sum+math.Log(product), 1
		}
	}
	return sum + math.Log(product)
}
