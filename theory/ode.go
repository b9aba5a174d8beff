package theory

import (
	"context"
	"fmt"
	"math"
)

// Derivative writes dy/dt at time t into slope.
type Derivative func(t float64, y, slope []float64)

// The scheme of Dormand and Prince (1980): six stages for a step of order five, and a
// seventh, the first of the next step, for the difference to one of order four.
var (
	stageTimes   = [7]float64{0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1}
	stageWeights = [7][6]float64{
		{},
		{1. / 5},
		{3. / 40, 9. / 40},
		{44. / 45, -56. / 15, 32. / 9},
		{19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
		{9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
		{35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
	}
	errorWeights = [7]float64{71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40}
)

// SolveODE integrates dy/dt = f(t, y) from start at times[0] and returns y at all times,
// which must not decrease. Steps are chosen so that each adds to a component an error
// below tolerance times the larger of 1 and its size. A solution that changes too fast
// to be followed, because it diverges, is an error.
func SolveODE(ctx context.Context, f Derivative, start, times []float64, tolerance float64) ([][]float64, error) {
	o := newODE(f, times[0], start, tolerance)
	span := times[len(times)-1] - times[0]
	o.step = span / 100
	solution := make([][]float64, len(times))
	for i, end := range times {
		for o.t < end {
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case !(o.step > 1e-14*span):
				return nil, fmt.Errorf("the equations cannot be followed beyond t = %g, where the solution changes too fast", o.t)
			}
			o.advance(end)
		}
		solution[i] = append([]float64(nil), o.y...)
	}
	return solution, nil
}

// ode is where an integration stands.
type ode struct {
	f         Derivative
	tolerance float64
	t, step   float64
	y, trial  []float64
	slopes    [7][]float64 // of the stages
}

func newODE(f Derivative, t float64, y []float64, tolerance float64) *ode {
	o := &ode{f: f, tolerance: tolerance, t: t, y: append([]float64(nil), y...), trial: make([]float64, len(y))}
	for stage := range o.slopes {
		o.slopes[stage] = make([]float64, len(y))
	}
	f(t, o.y, o.slopes[0])
	return o
}

// advance tries a step, not beyond end, and sets the size of the next.
func (o *ode) advance(end float64) {
	h, last := o.step, false
	if o.t+h >= end {
		h, last = end-o.t, true
	}
	off := o.try(h)
	if off <= 1 {
		o.t += h
		if last {
			o.t = end
		}
		o.y, o.trial = o.trial, o.y
		o.slopes[0], o.slopes[6] = o.slopes[6], o.slopes[0]
	}
	change := 0.9 * math.Pow(off, -1./5)
	if !(change > 0.2) { // or no number
		change = 0.2
	}
	if next := h * min(change, 5); off > 1 || next > o.step || !last {
		o.step = next
	}
}

// try makes the step h from o.y to o.trial and returns its error as a multiple of
// the tolerated one.
func (o *ode) try(h float64) (off float64) {
	for stage := 1; stage < len(o.slopes); stage++ {
		for i, y := range o.y {
			sum := 0.0
			for s, weight := range stageWeights[stage][:stage] {
				sum += weight * o.slopes[s][i]
			}
			o.trial[i] = y + h*sum
		}
		o.f(o.t+stageTimes[stage]*h, o.trial, o.slopes[stage])
	}
	for i, y := range o.y {
		difference := 0.0
		for stage, weight := range errorWeights {
			difference += weight * o.slopes[stage][i]
		}
		scale := o.tolerance * max(1, math.Abs(y), math.Abs(o.trial[i]))
		off = max(off, math.Abs(h*difference)/scale)
	}
	return off
}
