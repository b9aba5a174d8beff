package twolayer

import (
	"context"
	"fmt"
	"math"

	"ergon/theory"
	"ergon/theory/committee"
)

// times are those of the table.
func (w *TwoLayer) times() []float64 {
	times := theory.Steps(w.Points)
	for i := range times {
		times[i] *= w.Time / float64(w.Points)
	}
	return times
}

// names are the names of the observables, in the order of [TwoLayer.observables].
func (w *TwoLayer) names() []string {
	element := func(name string, i, k int) string {
		if max(w.K, w.M) > 9 {
			return fmt.Sprintf("%s%d_%d", name, i+1, k+1)
		}
		return fmt.Sprintf("%s%d%d", name, i+1, k+1)
	}
	names := []string{"eps_g", "specialisation"}
	for i := range w.K {
		for k := i; k < w.K; k++ {
			names = append(names, element("q", i, k))
		}
	}
	for i := range w.K {
		for n := range w.M {
			names = append(names, element("r", i, n))
		}
	}
	if w.SecondRate > 0 {
		for i := range w.K {
			names = append(names, fmt.Sprintf("v%d", i+1))
		}
	}
	names = append(names, "work")
	if w.selects() {
		names = append(names, "m0_total")
	}
	return names
}

// observables returns what is observed of a state.
func (w *TwoLayer) observables(l *committee.Learning, s committee.State, of pairing) []float64 {
	seen := []float64{l.Error(s), of.specialisation(s)}
	for i := range s.Q {
		seen = append(seen, s.Q[i][i:]...)
	}
	for i := range s.R {
		seen = append(seen, s.R[i]...)
	}
	if w.SecondRate > 0 {
		seen = append(seen, s.V...)
	}
	seen = append(seen, s.Work...)
	if w.selects() {
		seen = append(seen, s.M0[0]*float64(w.N))
	}
	return seen
}

// integrate integrates the equations from s. It returns the states at the times, and the
// plateau on the way.
func (w *TwoLayer) integrate(ctx context.Context, e *committee.Equations, s committee.State, done func()) ([]committee.State, *plateau, error) {
	advance, flat := committee.Integrators[w.Integrator], newPlateau(e.Error(s))
	gap := w.Time / float64(w.Points)
	steps := int(math.Ceil(gap/w.Step - 1e-9))
	h := gap / float64(steps)
	states := []committee.State{s.Clone()}
	for point := range w.Points {
		for step := range steps {
			if ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}
			advance(e, s, h)
			flat.observe(float64(point*steps+step+1)*h, h, e.Error(s))
		}
		if err := e.Check(s); err != nil {
			return nil, nil, fmt.Errorf("learning diverges before t = %g: %w; give a smaller eta, or a smaller dt", float64(point+1)*gap, err)
		}
		states = append(states, s.Clone())
		done()
	}
	return states, flat, nil
}

// withSharedMask returns the curve of eps_g for one mask that all units share.
func (w *TwoLayer) withSharedMask(ctx context.Context, s committee.State) (theory.Curve, error) {
	l := w.learning()
	l.Mask = committee.Column{P: w.P}
	states, _, err := w.integrate(ctx, committee.NewEquations(l, w.K), s, func() {})
	if err != nil {
		return theory.Curve{}, fmt.Errorf("with a mask that all units share: %w", err)
	}
	shared := theory.Curve{Name: "eps_g_column"}
	for _, s := range states {
		shared.Predicted = append(shared.Predicted, l.Error(s))
	}
	return shared, nil
}

// curves returns the curves of all observables, given the predicted states, [times], and
// those of simulations, [simulations][times].
func (w *TwoLayer) curves(predicted []committee.State, simulated [][]committee.State) []theory.Curve {
	l, names := w.learning(), w.names()
	pairs := newPairing(predicted[w.Points], &l)
	curves := make([]theory.Curve, len(names))
	for c, values := range w.series(&l, predicted, pairs) {
		curves[c] = theory.Curve{Name: names[c], Predicted: values}
	}
	for _, states := range simulated {
		for c, values := range w.series(&l, states, pairs) {
			curves[c].Simulated = append(curves[c].Simulated, values)
		}
	}
	return curves
}

// series returns the observables of states, [names][times].
func (w *TwoLayer) series(l *committee.Learning, states []committee.State, of pairing) [][]float64 {
	series := make([][]float64, len(w.names()))
	for _, s := range states {
		for c, value := range w.observables(l, s, of) {
			series[c] = append(series[c], value)
		}
	}
	return series
}
