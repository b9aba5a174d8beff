package committee

import "ergon/internal/tails"

// cut writes the time derivative of a state under a mask that cuts. The update of a synapse,
// δ_i·x where |x| > c_i, correlates with a field as δ_i·A(c_i) does, and two units
// change together what is beyond the cuts of both:
//
//	dR_in/dt = η⟨δ_i A(c_i) ρ_n⟩,
//	dQ_ik/dt = η⟨δ_i A(c_i) λ_k + δ_k A(c_k) λ_i⟩ + η²⟨δ_i δ_k A(max(c_i, c_k))⟩,
//
// with A(c) = ⟨x²⟩ of |x| > c, x ~ N(0,1). A step changes the share ⟨P(c_i)⟩ of unit i's
// synapses.
func (e *Equations) cut(mask Cutting, s, to State) {
	clear(to.all)
	root, _ := e.c.Root()
	q := e.cubature
	for n, z := range q.points {
		e.at(z, root, s)
		mask.Cuts(q.errors, q.cuts)
		for i, c := range q.cuts {
			tail := tails.Beyond(c)
			q.tails[i] = [2]float64{tail.Square, tail.Share}
		}
		e.add(q.weight[n], to)
	}
	for i := range to.Q {
		for k := range i {
			to.Q[k][i] = to.Q[i][k]
		}
	}
}

// at computes the fields and the errors at a point of the cubature.
func (e *Equations) at(z []float64, root Covariance, s State) {
	q, k := e.cubature, len(s.Q)
	delta := 0.0
	if e.Noise > 0 {
		delta = e.Noise * z[len(q.fields)]
	}
	for a, row := range root {
		field := 0.0
		for j, weight := range row {
			field += weight * z[j]
		}
		q.fields[a] = field
		if a < k {
			delta -= s.V[a] * e.Activation.Value(field)
		} else {
			delta += e.A[a-k] * e.Activation.Value(field)
		}
	}
	for i, v := range s.V {
		q.errors[i] = v * e.Activation.Slope(q.fields[i]) * delta
	}
}

// add adds a point of the cubature to the derivative.
func (e *Equations) add(weight float64, to State) {
	q, k := e.cubature, len(to.Q)
	for i, err := range q.errors {
		step := weight * e.Rate * err
		pull := step * q.tails[i][0]
		for n := range to.R[i] {
			to.R[i][n] += pull * q.fields[k+n]
		}
		for j := range i + 1 {
			both := min(q.tails[i][0], q.tails[j][0]) // A falls with c
			to.Q[i][j] += pull*q.fields[j] + weight*e.Rate*q.errors[j]*q.tails[j][0]*q.fields[i] + step*e.Rate*q.errors[j]*both
		}
		to.Work[0] += step * err * q.tails[i][0]
		to.M0[0] += weight * q.tails[i][1] / float64(k)
	}
}
