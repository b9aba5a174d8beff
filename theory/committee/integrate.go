package committee

import (
	"fmt"
	"math"
	"slices"
)

// Integrator advances a state by the time h.
type Integrator func(e *Equations, s State, h float64)

// Integrators are the integrators by name.
var Integrators = map[string]Integrator{"euler": (*Equations).Euler, "rk4": (*Equations).RungeKutta}

// Euler takes one step along the derivative. With h = 1/N it is a simulation's
// mean step.
func (e *Equations) Euler(s State, h float64) {
	e.Derivative(s, e.slopes[0])
	s.move(s, h, e.slopes[0])
}

// RungeKutta takes one classical step of fourth order.
func (e *Equations) RungeKutta(s State, h float64) {
	e.from.Set(s)
	for i, share := range []float64{0, 0.5, 0.5, 1} {
		if i > 0 {
			s.move(e.from, share*h, e.slopes[i-1])
		}
		e.Derivative(s, e.slopes[i])
	}
	s.Set(e.from)
	for i, share := range []float64{1. / 6, 1. / 3, 1. / 3, 1. / 6} {
		s.move(s, share*h, e.slopes[i])
	}
}

// Check returns an error where a state is none of any weights, because learning
// diverges or the steps of the integration are too wide.
func (e *Equations) Check(s State) error {
	wrong := slices.ContainsFunc(s.all, func(x float64) bool { return math.IsNaN(x) || math.Abs(x) > 1e8 })
	for i := range s.Q {
		wrong = wrong || s.Q[i][i] < 0
	}
	if wrong || e.Error(s) < -1e-6 {
		return fmt.Errorf("the overlaps leave what weights can have")
	}
	return nil
}
