package ridge

import (
	"context"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// modes are the modes of XᵀX/d. With D the distance of a mode from where its
// mean tends, D(t) = aᵗ·D(0) + what the masks have added. All slices are [modes].
type modes struct {
	theory.Quadrature           // over the eigenvalues x
	rate              []float64 // x + λ
	keep              []float64 // a = 1 - pη(x+λ)
	teacher           []float64 // f, part of the teacher that is learned
	labels            []float64 // s²x/(x+λ)², variance of what is learned of the labels' noise
	start             []float64 // ⟨D(0)²⟩
	power             []float64 // aᵗ
	noise             []float64 // ⟨D(t)²⟩ - a²ᵗ⟨D(0)²⟩, of the masks
	variance          float64   // η²p(1-p), of what a mask adds per ⟨G²⟩
}

// modes returns the modes at the start. After t steps means are over polynomials in x of
// degree up to 2t + 3; there are enough modes for all of them to be exact.
func (r *Ridge) modes() *modes {
	e := marchenkoPastur(r.Alpha).eigenvalues(r.Steps + 4)
	n := len(e.X)
	all := make([]float64, 7*n)
	part := func(i int) []float64 { return all[i*n : (i+1)*n] }
	m := &modes{
		Quadrature: e, rate: part(0), keep: part(1), teacher: part(2), labels: part(3),
		start: part(4), power: part(5), noise: part(6),
		variance: r.LearningRate * r.LearningRate * r.P * (1 - r.P),
	}
	for i, x := range e.X {
		m.rate[i] = x + r.Lambda
		m.keep[i], m.power[i] = 1-r.P*r.LearningRate*m.rate[i], 1
		if m.rate[i] > 0 { // else the mode never moves, and D is w itself
			m.teacher[i], m.labels[i] = x/m.rate[i], r.Noise*r.Noise*x/(m.rate[i]*m.rate[i])
		}
		away := r.Overlap - m.teacher[i]
		m.start[i] = away*away + r.Spread + m.labels[i]
	}
	return m
}

// square returns ⟨D²⟩ of mode i.
func (m *modes) square(i int) float64 {
	return m.power[i]*m.power[i]*m.start[i] + m.noise[i]
}

// gradient returns ⟨G²⟩ per synapse.
func (m *modes) gradient() float64 {
	return m.Mean(func(i int) float64 { return m.rate[i] * m.rate[i] * m.square(i) })
}

// step makes a step; gradient is the ⟨G²⟩ before it.
func (m *modes) step(gradient float64) {
	for i, a := range m.keep {
		m.power[i] *= a
		m.noise[i] = a*a*m.noise[i] + m.variance*gradient
	}
}

// predict computes the trajectory.
func (r *Ridge) predict(ctx context.Context) (*trajectory, error) {
	c, squares, err := r.moments(ctx)
	if err != nil || r.P == 1 {
		return c, err
	}
	shape, straight, err := r.synapses(ctx, squares)
	if err != nil {
		return nil, err
	}
	for t, s := range shape {
		c.m1[t] *= s.Value / theory.MeanAbsNormal
		c.gaussianExcess = max(c.gaussianExcess, theory.MeanAbsNormal/s.Value-1)
		c.sampling = max(c.sampling, s.StandardError/s.Value)
	}
	for t, way := range sumsBefore(c.m1) {
		c.displacement[t] = straight[t] * way
	}
	return c, nil
}

// moments returns the trajectory and the ⟨G²⟩ of each step. All is exact except m1 and
// displacement of masked learning, which it takes from Gaussians of the right variance.
func (r *Ridge) moments(ctx context.Context) (c *trajectory, squares []float64, err error) {
	modes, rate := r.modes(), r.P*r.LearningRate
	c, squares = newTrajectory(r.Steps), make([]float64, r.Steps+1)
	done := theory.ProgressCounter(ctx, len(squares))
	for t := range squares {
		square := modes.gradient()
		if !(square <= theory.DivergedAbove) { // NaN too
			return nil, nil, schema.Fieldf("steps", "learning diverges: the mean squared gradient is above %g at step %d; give fewer steps or a smaller eta", theory.DivergedAbove, t)
		}
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		r.observe(modes, c, t)
		squares[t], c.m0[t], c.dissipation[t] = square, r.P, rate*square
		c.m1[t] = rate * theory.MeanAbsNormal * math.Sqrt(square)
		modes.step(square)
		done()
	}
	return c, squares, nil
}

// observe enters order parameters, losses and displacement at step t. A mode of w is the
// sum of four independent parts: of the teacher, the first weights, the labels' noise
// and the masks.
func (r *Ridge) observe(m *modes, c *trajectory, t int) {
	learned := func(i int) float64 { return m.teacher[i] + (r.Overlap-m.teacher[i])*m.power[i] }
	gone := func(i int) float64 { return 1 - m.power[i] }
	// square is |w - k·w*|² of a mode.
	square := func(i int, k float64) float64 {
		away := learned(i) - k
		return away*away + r.Spread*m.power[i]*m.power[i] + m.labels[i]*gone(i)*gone(i) + m.noise[i]
	}
	c.overlap[t] = m.Mean(learned)
	c.norm[t] = m.Mean(func(i int) float64 { return square(i, 0) })
	c.distance[t] = m.Mean(func(i int) float64 { return square(i, 1) })
	fitted := m.Mean(func(i int) float64 { return m.X[i]*square(i, 1) - 2*m.rate[i]*m.labels[i]*gone(i) })
	noise := r.Noise * r.Noise
	c.training[t] = (fitted/r.Alpha + noise) / 2
	c.test[t] = (c.distance[t] + noise) / 2
	c.displacement[t] = theory.MeanAbsNormal * math.Sqrt(m.Mean(func(i int) float64 {
		return gone(i)*gone(i)*m.start[i] + m.noise[i]
	}))
}
