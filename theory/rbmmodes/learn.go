package rbmmodes

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/theory"
)

// learner is a machine that learns by the exact gradient under a mask.
type learner struct {
	*machine
	data     *data
	law      *law
	gradient *gradient
	mask     mask
	plain    bool
	rate     float64     // ε
	slope    [][]float64 // [H][V] what the weights follow
	plastic  [][]bool    // [H][V]
	update   uint64
	changes  float64 // M0, changed synapses of all updates
	change   float64 // M1, Σ|ΔW| of all updates
}

// learner returns machine number i under a mask. Its first weights do not depend on the
// mask. Along each mode they have the same length scale·√H, in a random direction.
func (r *RBMModes) learner(d *data, name string, i int) *learner {
	m := newMachine(d, r.H)
	for k, u := range d.modes {
		for j, z := range r.direction(i, k) {
			floats.AddScaled(m.w[j], r.Scale*math.Sqrt(float64(r.H))*z, u)
		}
	}
	plastic := make([][]bool, r.H)
	for j := range plastic {
		plastic[j] = make([]bool, r.V)
	}
	return &learner{
		machine: m, data: d, law: newLaw(r.V, r.H), gradient: newGradient(r.V, r.H), rate: r.Rate, plain: r.Gradient == "plain",
		mask: masks[name].new(r.P, philox.New(r.Seed, fmt.Sprintf("rbm-modes/%d/%s", i, name))), slope: matrix(r.H, r.V), plastic: plastic,
	}
}

// direction returns the unit vector of hidden units along which the first weights of machine
// i have mode k.
func (r *RBMModes) direction(i, k int) []float64 {
	stream := philox.New(r.Seed, fmt.Sprintf("rbm-modes/%d/weights/%d", i, k))
	z := theory.Normals(stream, r.H)
	floats.Scale(1/floats.Norm(z, 2), z)
	return z
}

// look computes law and gradient.
func (l *learner) look() {
	l.law.set(l.machine)
	l.gradient.set(l.machine, l.data, l.law)
}

// learn makes an update by the gradient that was looked at.
//
// The plain gradient is that by a, b and W: ⟨vh⟩ of the data less that of the machine is the
// centred one and ⟨v_i⟩ times the difference of ⟨h_j⟩, ½ times that of ⟨v_i⟩. As W moves,
// θ = a + ½ΣW and c = b + Wᵀ⟨v⟩ move along. Masks are for synapses, not for fields.
func (l *learner) learn() {
	g := l.gradient
	for j, slope := range l.slope {
		copy(slope, g.w[j])
		if l.plain {
			floats.AddScaled(slope, g.c[j], l.centre)
			floats.AddScaled(slope, 0.5, g.theta)
		}
	}
	l.mask.draw(l.update, l.slope, l.plastic)
	floats.AddScaled(l.theta, l.rate, g.theta)
	floats.AddScaled(l.c, l.rate, g.c)
	for j, slope := range l.slope {
		for i, s := range slope {
			if l.plastic[j][i] && s != 0 {
				l.move(j, i, l.rate*s)
			}
		}
	}
	l.update++
}

// move changes a synapse.
func (l *learner) move(j, i int, step float64) {
	l.w[j][i] += step
	l.changes++
	l.change += math.Abs(step)
	if l.plain {
		l.theta[i] += step / 2
		l.c[j] += step * l.centre[i]
	}
}
