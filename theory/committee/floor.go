package committee

import (
	"context"
	"math"
)

// Floor returns the error ε that the noise of the labels leaves in the long run:
// that of the stationary state which is reached from the teacher's own weights,
// units beyond the teacher's silent. It is NaN where the teacher is none of the
// states of k units with the second layer v, and where ε does not come to rest in
// the time 2000/η, over the share that the mask lets pass.
func (e *Equations) Floor(ctx context.Context, v []float64) float64 {
	s, ok := e.solution(v)
	if !ok {
		return math.NaN()
	}
	if e.Noise == 0 {
		return 0
	}
	if e.cubature != nil { // which a time of 2000/η would keep too long
		return math.NaN()
	}
	h := 0.1 / (max(e.Rate, e.SecondRate) * e.Mask.Linear(0, Outside)) // a tenth of what learning takes, or less
	before := e.Error(s)
	for range 2000 {
		for range 10 {
			e.RungeKutta(s, h)
		}
		now := e.Error(s)
		if e.Check(s) != nil || ctx.Err() != nil {
			return math.NaN()
		}
		if math.Abs(now-before) <= 1e-9*now {
			return now
		}
		before = now
	}
	return math.NaN()
}

// solution returns the state in which the student is the teacher.
func (e *Equations) solution(v []float64) (State, bool) {
	k, m := len(v), len(e.A)
	if _, silent := e.Activation.(ReLU); k < m || silent && k > m || e.Mask.Test() != 1 || e.Decay != 0 {
		return State{}, false
	}
	s := NewState(k, m)
	for n, a := range e.A {
		if v[n] != a {
			return State{}, false
		}
		copy(s.R[n], e.T[n])
		copy(s.Q[n], e.T[n])
	}
	copy(s.V, v)
	return s, true
}
