package rbmmodes

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// unknown stands for a prediction that there is not. It is written as nothing, as NaN would be,
// but is equal to itself.
var unknown = math.Inf(1)

// share is the part of the synapses that learn in an update, on average.
func (r *RBMModes) share(mask string) float64 {
	if mask == "none" {
		return 1
	}
	return r.P
}

// rate returns ln(1 + pελ/4), by which mode k grows in an update while weights are small.
func (r *RBMModes) rate(d *data, k int, p float64) float64 {
	return math.Log1p(p * r.Rate * d.growth[k] / 4)
}

// uniformRate returns by how much the part of mode k that all hidden units share grows in an
// update, on average over the first n. The centred gradient makes no difference to it.
//
// The plain one does. With w the part of uᵀW along (1, …, 1)/√H, and u·θ = u·logit⟨v⟩ + ϑ, it is to first
// order
//
//	dw/dt = λ/4·w - √H/2·Dϑ,   dϑ/dt = -Dϑ + √H/2·dw/dt,
//
// since the machine's ⟨v⟩ follow θ, and θ = a + ½ΣW. The other parts of W see no ϑ. That holds for
// one D = ⟨v⟩(1-⟨v⟩) of all units; else it is unknown.
func (r *RBMModes) uniformRate(d *data, k, n int, p float64) float64 {
	if r.Gradient == "centred" {
		return r.rate(d, k, p)
	}
	variance := d.variance[0]
	if floats.Max(d.variance)-floats.Min(d.variance) > 1e-12 {
		return unknown
	}
	half, w, theta := math.Sqrt(float64(r.H))/2, 1.0, 0.0
	for range n {
		step := p * r.Rate * (d.growth[k]/4*w - half*variance*theta)
		theta += half*step - r.Rate*variance*theta
		w += step
	}
	return math.Log(w) / float64(n)
}

// start returns the largest singular value of D_v^½ W D_h^½ that mode k of the first weights has
// alone.
func (r *RBMModes) start(d *data, k int) float64 {
	return r.Scale * math.Sqrt(float64(r.H)) / 2 * math.Sqrt(d.along(k))
}

// along returns uᵀDu of mode k.
func (d *data) along(k int) (sum float64) {
	for i, u := range d.modes[k] {
		sum += u * u * d.variance[i]
	}
	return sum
}

// crossing returns the update at which growth without end would take mode k to the
// transition; unknown if it does not grow.
func (r *RBMModes) crossing(d *data, k int, p float64) float64 {
	if d.growth[k] <= 0 {
		return unknown
	}
	return -math.Log(r.start(d, k)) / r.rate(d, k, p)
}

// tapThreshold returns the s at which a machine with W = 4s·uzᵀ, all |u_i| and all |z_j| alike, ⟨v⟩ = ½, loses
// the stability of no order by the equations of Thouless, Anderson and Palmer. Their reaction
// adds Σ_j W_ij²·D_h to the curvature 1/D of the entropy of a visible unit, and so for a hidden one:
//
//	s² = (1 + s²/V)(1 + s²/H).
//
// Few units order at more than 1; NaN if so few that they never do.
func tapThreshold(visible, hidden int) float64 {
	v, h := float64(visible), float64(hidden)
	b := 1 - 1/v - 1/h
	return math.Sqrt(2 / (b + math.Sqrt(b*b-4/(v*h))))
}

// weighted returns the unit vector of D^½u of mode k: that of visible units in D_v^½ W D_h^½.
func (d *data) weighted(k int) []float64 {
	x := make([]float64, len(d.variance))
	for i, u := range d.modes[k] {
		x[i] = math.Sqrt(d.variance[i]) * u
	}
	floats.Scale(1/floats.Norm(x, 2), x)
	return x
}
