package control

import (
	"cmp"
	"context"
	"math"

	"gonum.org/v1/gonum/optimize"

	"ergon/theory"
)

const (
	rounds     = 8    // of the augmented Lagrangian, at most
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
	pull       []float64 // derivative by the controls themselves, in units of their range
	ctx        context.Context
}

// solve returns the best course of so many pieces. Those of several begin at the best constant one.
func (c *Control) solve(ctx context.Context, pieces int) (*plan, error) {
	total := rounds * iterations
	if pieces > 1 {
		total *= 2
	}
	done := theory.ProgressCounter(ctx, total)
	one := newSearch(ctx, c, 1)
	x, err := one.run(one.first(control{0.75, min(0.6, 0.9*c.MostRate)}), done)
	if err != nil || pieces == 1 {
		return one.plan, cmp.Or(err, c.check(one.plan))
	}
	all := newSearch(ctx, c, pieces)
	if c.check(one.plan) == nil { // else it says how stiff a wall is, and nothing of what is beyond
		all.multiplier = one.multiplier
	}
	one.decode(x)
	if _, err = all.run(all.first(one.controls[0]), done); err != nil {
		return nil, err
	}
	return all.plan, c.check(all.plan)
}

func newSearch(ctx context.Context, c *Control, pieces int) *search {
	s := &search{plan: c.plan(pieces), ctx: ctx}
	for range pieces {
		s.flows = append(s.flows, newFlow(c, pieces))
	}
	return s
}

// run searches from x, in rounds between which the multiplier is adapted and controls that are stuck
// at the wrong bound, where sines have no slope, are released. It ends where neither is needed.
func (s *search) run(x []float64, done func()) ([]float64, error) {
	reported := 0
	report := func(until int) {
		for ; reported < until; reported++ {
			done()
		}
	}
	for round := range rounds {
		s.at = nil
		problem := optimize.Problem{
			Func:   func(x []float64) float64 { return s.evaluate(x).value },
			Grad:   func(to, x []float64) { copy(to, s.evaluate(x).gradient) },
			Status: func() (optimize.Status, error) { return optimize.NotTerminated, s.ctx.Err() },
		}
		settings := &optimize.Settings{
			MajorIterations: iterations, GradientThreshold: 1e-8, Concurrent: 1,
			Converger: &optimize.FunctionConverge{Absolute: 1e-9, Iterations: 10},
			Recorder:  recorder(func() { report(min(reported+1, (round+1)*iterations)) }),
		}
		// An error says that the line search found nothing better: what was found counts.
		if found, _ := optimize.Minimize(problem, x, settings, &optimize.LBFGS{Store: 20}); found != nil {
			x = found.X
		}
		if s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		s.evaluate(x)
		missed := 0.0
		if s.Aim != "error" {
			missed = s.missed()
			s.multiplier += stiffness * missed
		}
		if round == rounds-1 || !s.release(x) && math.Abs(missed) < 1e-5 {
			break
		}
	}
	s.evaluate(x)
	report(rounds * iterations)
	return x, nil
}

// release moves controls that are at a bound, and would be better within, and reports if there are.
func (s *search) release(x []float64) (any bool) {
	for i, pull := range s.pull {
		if math.Abs(math.Cos(x[i])) < 1e-3 && pull*math.Sin(x[i]) > 1e-6 {
			x[i], any = math.Asin(0.8*math.Sin(x[i])), true
		}
	}
	return any
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

// first returns the variables of constant controls, or of those that are next and within the bounds.
func (s *search) first(u control) (x []float64) {
	angle := func(share float64) float64 { return math.Asin(2*min(max(share, 0.02), 0.95) - 1) }
	for range s.controls {
		x = append(x, angle(u.p))
	}
	if s.Rate == 0 {
		for range s.controls {
			x = append(x, angle(u.rate/s.MostRate))
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
	s.gradient, s.pull = make([]float64, len(x)), make([]float64, len(x))
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
		s.pull[i] = dot(adjoint, jacobians[i].byP)
		if s.Rate == 0 {
			s.pull[len(s.controls)+i] = dot(adjoint, jacobians[i].byRate) * s.MostRate
		}
		adjoint = jacobians[i].back(adjoint)
	}
	for i, pull := range s.pull {
		s.gradient[i] = pull * math.Cos(x[i]) / 2
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
