package rbmmodes

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// gradient is that of the mean log-likelihood of the data by a machine's own W, θ and c: the
// centred gradient of Montavon & Müller 2012 with the offsets ⟨v⟩ and ½.
type gradient struct {
	w        [][]float64 // [H][V] ⟨(v-⟨v⟩)(h-½)⟩ of the data, less that of the machine
	theta, c []float64   // [V], [H] ⟨v⟩ and ⟨h⟩ of the data, less those of the machine
	states   [][]float64 // [2^H][V] scratch
}

func newGradient(visible, hidden int) *gradient {
	return &gradient{
		w: matrix(hidden, visible), theta: make([]float64, visible), c: make([]float64, hidden),
		states: matrix(1<<hidden, visible),
	}
}

// matrix returns rows of zeros.
func matrix(rows, columns int) [][]float64 {
	all := make([]float64, rows*columns)
	m := make([][]float64, rows)
	for i := range m {
		m[i] = all[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return m
}

// set computes the gradient of a machine whose law is l.
func (g *gradient) set(m *machine, d *data, l *law) {
	for j := range g.w {
		clear(g.w[j])
		g.c[j] = 0
	}
	for _, v := range d.centred {
		g.addExample(m, v, 1/float64(len(d.centred)))
	}
	g.subtractMachine(l, m.centre)
}

// addExample adds v-⟨v⟩ of an example times the mean h-½ given it.
func (g *gradient) addExample(m *machine, centred []float64, weight float64) {
	for j, w := range m.w {
		active := weight * (logistic(m.c[j]+floats.Dot(w, centred)) - 0.5)
		floats.AddScaled(g.w[j], active, centred)
		g.c[j] += active
	}
}

// logistic is 1/(1+e^-x).
func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// subtractMachine subtracts the machine's means. Half of the states have the highest hidden
// unit active and half have not: their difference is what the means need of that unit, and
// their sum is what they need of the others.
func (g *gradient) subtractMachine(l *law, centre []float64) {
	for s, p := range l.p {
		floats.SubTo(g.states[s], l.active[s], centre)
		floats.Scale(p, g.states[s])
		for j := range g.c {
			g.c[j] -= p * deviation(s, j)
		}
	}
	for j := len(g.w) - 1; j >= 0; j-- {
		for s := range 1 << j {
			silent, active := g.states[s], g.states[s|1<<j]
			floats.AddScaled(g.w[j], 0.5, silent)
			floats.AddScaled(g.w[j], -0.5, active)
			floats.Add(silent, active)
		}
	}
	copy(g.theta, g.states[0])
	floats.Scale(-1, g.theta)
}
