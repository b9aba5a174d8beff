package control

import (
	"context"
	"math"

	"gonum.org/v1/gonum/optimize"

	"ergon/theory"
)

const (
	rounds     = 6    // of the augmented Lagrangian
	iterations = 120  // of L-BFGS in a round
	stiffness  = 30.  // ρ of the augmented Lagrangian
	difference = 1e-6 // of finite differences
)

// search is the optimisation of a plan. Its variables are angles x: p = (1 + sin x)/2 of each
// piece and, if η is a control, η likewise.
type search struct {
	*plan
	flows      []*flow // of each piece
	multiplier float64 // μ of the augmented Lagrangian
	at         []float64
	value      float64
	gradient   []float64
	ctx        context.Context
}

// solve returns the best course of so many pieces.
func (c *Control) solve(ctx context.Context, pieces int) (*plan, error) {
	s := &search{plan: c.plan(pieces), ctx: ctx}
	for range pieces {
		s.flows = append(s.flows, newFlow(c, pieces))
	}
	x := s.first()
	n := 1
	if c.Aim != "error" {
		n = rounds
	}
	total := n * iterations
	done := theory.ProgressCounter(ctx, total)
	reported := 0
	for round := range n {
		s.at = nil
		problem := optimize.Problem{
			Func:   func(x []float64) float64 { return s.evaluate(x).value },
			Grad:   func(to, x []float64) { copy(to, s.evaluate(x).gradient) },
			Status: func() (optimize.Status, error) { return optimize.NotTerminated, ctx.Err() },
		}
		settings := &optimize.Settings{
			MajorIterations: iterations, GradientThreshold: 1e-8, Concurrent: 1,
			Converger: &optimize.FunctionConverge{Absolute: 1e-10, Iterations: 15},
			Recorder: recorder(func() {
				if reported < total {
					reported++
					done()
				}
			}),
		}
		// An error says that the line search found nothing better: what was found counts.
		found, _ := optimize.Minimize(problem, x, settings, &optimize.LBFGS{Store: 20})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if found != nil {
			x = found.X
		}
		s.evaluate(x)
		if c.Aim != "error" {
			s.multiplier += stiffness * s.missed()
		}
		for ; reported < (round+1)*iterations; reported++ {
			done()
		}
	}
	return s.plan, c.check(s.plan)
}

// recorder calls a function for each iteration.
type recorder func()

// Init implements optimize.Recorder.
func (recorder) Init() error { return nil }

// Record implements optimize.Recorder.
func (r recorder) Record(_ *optimize.Location, op optimize.Operation, _ *optimize.Stats) error {
	if op == optimize.MajorIteration {
		r()
	}
	return nil
}

// first returns where the search begins: p = 0.75 and η = 0.6, if there are no bounds below.
func (s *search) first() (x []float64) {
	for range s.controls {
		x = append(x, math.Asin(0.5))
	}
	if s.Rate == 0 {
		for range s.controls {
			x = append(x, math.Asin(2*min(0.6/s.MostRate, 0.9)-1))
		}
	}
	return x
}

// decode sets the controls that variables stand for.
func (s *search) decode(x []float64) {
	for i := range s.controls {
		s.controls[i] = control{(1 + math.Sin(x[i])) / 2, s.Rate}
		if s.Rate == 0 {
			s.controls[i].rate = s.MostRate * (1 + math.Sin(x[len(s.controls)+i])) / 2
		}
	}
}

// missed is ln(ε/target) at the end.
func (s *search) missed() float64 { return math.Log(s.end().error / s.Target) }

// goal returns what is minimised, of the last state: ln ε; or ln cost + μc + ρc²/2, c being ln(ε/target).
func (s *search) goal(y []float64) float64 {
	seen := s.plan.at(y)
	if s.Aim == "error" {
		return math.Log(seen.error)
	}
	missed := math.Log(seen.error / s.Target)
	return math.Log(seen.cost) + s.multiplier*missed + stiffness/2*missed*missed
}

// evaluate computes value and gradient at x, unless it did so last. A course that diverges has a value
// that is large and a gradient of 0, from which a line search turns back.
func (s *search) evaluate(x []float64) *search {
	if equal(s.at, x) {
		return s
	}
	s.at = append(s.at[:0], x...)
	s.decode(x)
	s.follow()
	last := s.states[len(s.states)-1]
	s.gradient = make([]float64, len(x))
	if s.value = s.goal(last); math.IsNaN(s.value) || math.IsInf(s.value, 0) {
		s.value = 1e6
		return s
	}
	jacobians := make([]jacobian, len(s.controls))
	if theory.Parallel(s.ctx, len(jacobians), func(i int) { jacobians[i] = s.flows[i].differentiate(s.states[i], s.states[i+1], s.controls[i]) }) != nil {
		return s
	}
	adjoint := slope(s.goal, last)
	for i := len(jacobians) - 1; i >= 0; i-- {
		s.gradient[i] = dot(adjoint, jacobians[i].byP) * math.Cos(x[i]) / 2
		if s.Rate == 0 {
			k := len(s.controls) + i
			s.gradient[k] = dot(adjoint, jacobians[i].byRate) * s.MostRate * math.Cos(x[k]) / 2
		}
		adjoint = jacobians[i].back(adjoint)
	}
	return s
}

// jacobian is the derivative of a piece's end by its start, [size][size] by columns, and by the controls.
type jacobian struct {
	byState     [][]float64
	byP, byRate []float64
}

// differentiate takes forward differences of a flow from start to end.
func (f *flow) differentiate(start, end []float64, u control) (j jacobian) {
	moved := func(change func(y []float64, u *control)) []float64 {
		y, v := append([]float64(nil), start...), u
		change(y, &v)
		f.advance(y, v)
		for i := range y {
			y[i] = (y[i] - end[i]) / difference
		}
		return y
	}
	for i := range start {
		j.byState = append(j.byState, moved(func(y []float64, _ *control) { y[i] += difference }))
	}
	j.byP = moved(func(_ []float64, u *control) { u.p += difference })
	if f.Rate == 0 {
		j.byRate = moved(func(_ []float64, u *control) { u.rate += difference })
	}
	return j
}

// back returns the derivative by the start, given that by the end.
func (j jacobian) back(adjoint []float64) (before []float64) {
	for _, column := range j.byState {
		before = append(before, dot(adjoint, column))
	}
	return before
}

// slope is the derivative of f by central differences.
func slope(f func(y []float64) float64, y []float64) []float64 {
	to, at := make([]float64, len(y)), append([]float64(nil), y...)
	for i := range y {
		at[i] = y[i] + difference
		above := f(at)
		at[i] = y[i] - difference
		to[i] = (above - f(at)) / (2 * difference)
		at[i] = y[i]
	}
	return to
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func equal(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
