package sweep

import (
	"math"

	"gonum.org/v1/plot/vg"

	"ergon/train/rundir"
)

// likelihoodOf is what curves of Boltzmann machines show: the log-likelihood of the test set.
func likelihoodOf(m *rundir.Metrics) *float64 {
	if m.Boltzmann == nil || m.Boltzmann.Likelihood == nil {
		return nil
	}
	return &m.Boltzmann.Likelihood.Test
}

// likelihoods draws the log-likelihood against a cost: the mean of each rule over its seeds, and the
// seeds themselves as thin lines. linear is for costs of either sign.
func (r *Report) likelihoods(curves []curve, x string, linear bool, cost func(rundir.Metrics) float64) *figure {
	f := newFigure(r.Name, x, "log-likelihood of the test set, nats")
	if r.Likelihood == nil {
		return f
	}
	f.linear = linear
	for i, c := range curves {
		for _, run := range c.runs {
			if len(c.runs) > 1 {
				f.trace(i, points(run, cost, likelihoodOf), math.Inf(-1), "", vg.Points(0.5))
			}
		}
		f.trace(i, c.mean(cost, likelihoodOf), math.Inf(-1), c.label, vg.Points(1.6))
	}
	if f.empty() {
		return f
	}
	if linear {
		f.plot.X.Min, f.plot.X.Max = f.low, f.high
	} else {
		f.logarithmic()
	}
	for _, goal := range r.Likelihood.Goals {
		if goal >= f.plot.Y.Min && goal <= f.plot.Y.Max {
			f.goal(goal)
		}
	}
	return f
}

// workOf is the mean work on the chains up to an evaluation, in kT; NaN where there are none.
func workOf(m rundir.Metrics) float64 {
	if m.Boltzmann == nil || m.Boltzmann.Work == nil {
		return math.NaN()
	}
	return *m.Boltzmann.Work
}
