package control

import (
	"math"

	"ergon/theory"
	"ergon/theory/committee"
)

// control is what a piece of a course is learned with.
type control struct{ p, rate float64 }

// plan is a course: controls for equal pieces of the time, and the states at their ends.
type plan struct {
	*Control
	controls []control
	states   [][]float64 // [pieces+1] vectors, of which the first is the start
}

// point is what is seen of a state: ε with the best scale of the output, and the cost so far.
type point struct{ error, scale, cost float64 }

func (c *Control) plan(pieces int) *plan {
	p := &plan{Control: c, controls: make([]control, pieces), states: make([][]float64, pieces+1)}
	for i := range p.states {
		p.states[i] = make([]float64, c.size())
	}
	return p
}

// size is that of a vector: Q_ik for k ≤ i, R_i, the cost.
func (c *Control) size() int { return c.K*(c.K+1)/2 + c.K + 1 }

// follow integrates the course from the start.
func (p *plan) follow() {
	f := newFlow(p.Control, len(p.controls))
	for i, u := range p.controls {
		copy(p.states[i+1], p.states[i])
		f.advance(p.states[i+1], u)
	}
}

func (p *plan) start() point { return p.at(p.states[0]) }

func (p *plan) end() point { return p.at(p.states[len(p.states)-1]) }

// at returns what is seen of a state.
func (p *plan) at(y []float64) point {
	s := committee.NewState(p.K, 1)
	unpack(y, s)
	error, scale := p.misfit(s)
	return point{error, scale, y[len(y)-1]}
}

// misfit returns ε with the best scale of the student's output, for dropout, else 1. As a function of the
// scale f it is C - Bf + Df², known from three values.
func (c *Control) misfit(s committee.State) (error, scale float64) {
	if c.Mask != "dropout" {
		l := c.learning(1, 1)
		return l.Error(s), 1
	}
	none, plus, minus := c.scaled(s, 0), c.scaled(s, 1), c.scaled(s, -1)
	slope, curve := (minus-plus)/2, (plus+minus)/2-none
	if !(curve > 0) {
		return none, 0
	}
	scale = slope / (2 * curve)
	return none - slope*scale + curve*scale*scale, scale
}

// scaled returns ε of the output times a factor, as dropout tests it.
func (c *Control) scaled(s committee.State, factor float64) float64 {
	l := c.learning(1, 1)
	l.Mask = committee.Dropout{P: factor}
	return l.Error(s)
}

// times are the ends of the pieces, and 0.
func (p *plan) times() []float64 {
	times := theory.Steps(len(p.controls))
	for i := range times {
		times[i] *= p.Time / float64(len(p.controls))
	}
	return times
}

// curves returns the columns of the table; those of the last piece's end repeat its controls.
func (p *plan) curves(simulated [][]committee.State) []theory.Curve {
	names := []string{"eps_g", "p", "eta", "q11", "r1", "cost"}
	if p.K > 1 {
		names = append(names, "q12")
	}
	curves := make([]theory.Curve, len(names))
	for i, y := range p.states {
		u := p.controls[min(i, len(p.controls)-1)]
		s := committee.NewState(p.K, 1)
		unpack(y, s)
		seen := p.seen(s)
		row := append([]float64{seen[0], u.p, u.rate, seen[1], seen[2], y[len(y)-1]}, seen[3:]...)
		for c, value := range row {
			curves[c].Name, curves[c].Predicted = names[c], append(curves[c].Predicted, value)
		}
	}
	for _, states := range simulated {
		for k, column := range []int{0, 3, 4, 6}[:len(p.seen(states[0]))] {
			var values []float64
			for _, s := range states {
				values = append(values, p.seen(s)[k])
			}
			curves[column].Simulated = append(curves[column].Simulated, values)
		}
	}
	return curves
}

// seen returns ε, the mean Q_ii and R_i, and with more than one unit the mean Q_ik.
func (p *plan) seen(s committee.State) []float64 {
	var own, teacher, other float64
	for i := range s.Q {
		own += s.Q[i][i] / float64(p.K)
		teacher += s.R[i][0] / float64(p.K)
		for k := range i {
			other += s.Q[i][k] / float64(p.K*(p.K-1)/2)
		}
	}
	e, _ := p.misfit(s)
	if p.K == 1 {
		return []float64{e, own, teacher}
	}
	return []float64{e, own, teacher, other}
}

// unpack writes a vector to a state whose second layer is 1.
func unpack(y []float64, s committee.State) {
	for i := range s.Q {
		for k := range i + 1 {
			s.Q[i][k], s.Q[k][i] = y[0], y[0]
			y = y[1:]
		}
	}
	for i := range s.R {
		s.R[i][0], s.V[i] = y[0], 1
		y = y[1:]
	}
}

// pack is the reverse; the cost is left as it is.
func pack(s committee.State, y []float64) {
	for i := range s.Q {
		y = y[copy(y, s.Q[i][:i+1]):]
	}
	for i := range s.R {
		y[i] = s.R[i][0]
	}
}

// flow integrates pieces; it is of one goroutine.
type flow struct {
	*Control
	equations *committee.Equations
	state     committee.State
	steps     int
	h         float64
}

// newFlow returns the flow of pieces of the time, by Runge and Kutta's steps of fourth order. What K units
// learn together changes at rates of about ηK, beyond which steps must not go.
func newFlow(c *Control, pieces int) *flow {
	span, fastest := c.Time/float64(pieces), c.Rate
	if fastest == 0 {
		fastest = c.MostRate
	}
	steps := max(1, int(math.Ceil(span/min(widest, 1/(fastest*float64(c.K)))-1e-9)))
	return &flow{
		Control: c, equations: committee.NewEquations(c.learning(1, 1), c.K), state: committee.NewState(c.K, 1),
		steps: steps, h: span / float64(steps),
	}
}

// advance takes a vector through a piece. The work of a step, η·Σ_i ⟨M_i δ_i²⟩ = ηpK·s in a unit of t,
// tells the mean square s.
func (f *flow) advance(y []float64, u control) {
	l := f.learning(u.p, u.rate)
	f.equations.Mask, f.equations.Rate = l.Mask, l.Rate
	unpack(y, f.state)
	f.state.Work[0] = 0
	for range f.steps {
		before := f.state.Work[0]
		f.equations.RungeKutta(f.state, f.h)
		if f.Aim == "m1" {
			work := max(0, f.state.Work[0]-before)
			y[len(y)-1] += 2 / math.Pi * math.Sqrt(f.h*u.p*u.rate*work/float64(f.K))
		} else {
			y[len(y)-1] += f.h * u.p
		}
	}
	pack(f.state, y)
}

// scaledAt is ε of a vector, the output times a factor.
func (p *plan) scaledAt(y []float64, factor float64) float64 {
	s := committee.NewState(p.K, 1)
	unpack(y, s)
	return p.scaled(s, factor)
}
