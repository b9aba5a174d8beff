package rbmmodes

import (
	"fmt"
	"math"
	"slices"

	"ergon/theory"
)

// rateRows are the rows of rates: for each mask, a row for each mode. Without a mask nothing is
// random but the direction of the first weights, on which rates do not depend: there is an
// excess over the prediction and no z.
func (r *RBMModes) rateRows(d *data, growths [][]growth) (rows [][]theory.Quantity, labels []string) {
	for n, mask := range r.Masks {
		p, updates := r.share(mask), r.window(d, mask)
		for k := range r.Strengths {
			own := theory.Quantity{Name: "rate", Predicted: r.rate(d, k, p)}
			uniform := theory.Quantity{Name: "rate_uniform", Predicted: r.uniformRate(d, k, updates, p)}
			if !masks[mask].blind {
				own.Predicted, uniform.Predicted = unknown, unknown
			}
			row := []theory.Quantity{theory.Value("lambda", d.growth[k]), theory.Value("p", p), theory.Value("updates", float64(updates))}
			if r.Simulate > 0 {
				own.Simulations = theory.Simulated(rateOf(growths[n], k, updates, mask == "none", func(g growth) ([]float64, []float64) { return g.own, nil }))
				uniform.Simulations = theory.Simulated(rateOf(growths[n], k, updates, mask == "none", func(g growth) ([]float64, []float64) { return g.uniform, g.weight }))
			}
			row = append(row, own, uniform)
			if r.Simulate > 0 {
				row = append(row, theory.Value("rate_simulated_excess", excess(own)))
			}
			rows, labels = append(rows, row), append(labels, fmt.Sprintf("%s, mode %d", mask, k+1))
		}
	}
	return rows, labels
}

// excess returns by what part a simulation lies above its prediction.
func excess(q theory.Quantity) float64 {
	if q.Predicted == unknown {
		return math.NaN()
	}
	return q.Simulations[0].Value/q.Predicted - 1
}

// rateOf returns the logarithm of the mean growth of mode k over machines, for each update.
func rateOf(growths []growth, k, updates int, certain bool, of func(growth) (now, before []float64)) theory.Estimate {
	now, before := make([]float64, len(growths)), make([]float64, len(growths))
	for i, g := range growths {
		a, b := of(g)
		now[i], before[i] = a[k], 1
		if b != nil {
			before[i] = b[k]
		}
	}
	mean := theory.EstimateRatio(now, before)
	n := float64(updates)
	e := theory.Estimate{Value: math.Log(mean.Value) / n, StandardError: mean.StandardError / mean.Value / n}
	if certain {
		e.StandardError = math.NaN()
	}
	return e
}

// measured returns the mean of the samples that are known, and its error, as columns without
// z: what is predicted beside them, if anything, is not the same thing to all orders.
func measured(name string, samples []float64) []theory.Quantity {
	e := theory.EstimateMean(known(samples))
	return []theory.Quantity{theory.Value(name+"_simulated", e.Value), theory.Value(name+"_simulated_error", e.StandardError)}
}

// known returns the samples that are not NaN.
func known(samples []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(samples), math.IsNaN)
}

// curveRows are the rows of curves: for each mask, a row for each point.
func (r *RBMModes) curveRows(d *data, courses [][]*course) (rows [][]theory.Quantity, labels []string) {
	for n, mask := range r.Masks {
		for at, updates := range r.grid(mask) {
			rows = append(rows, r.curveRow(d, mask, updates, at, courses[n]))
			labels = append(labels, mask)
		}
	}
	return rows, labels
}

// curveRow is the row of a point of a mask.
func (r *RBMModes) curveRow(d *data, mask string, updates float64, at int, courses []*course) []theory.Quantity {
	p := r.share(mask)
	row := []theory.Quantity{theory.Value("updates", updates), theory.Value("m0", p*updates)}
	for k := range r.Strengths {
		s := r.start(d, k) * math.Exp(updates*r.rate(d, k, p))
		if s > 1 || !masks[mask].blind {
			s = unknown
		}
		row = append(row, theory.Value(fmt.Sprintf("s%d", k+1), s))
	}
	if r.Simulate == 0 {
		return row
	}
	over := func(name string, of func(*course) []float64) {
		samples := make([]float64, len(courses))
		for i, c := range courses {
			samples[i] = of(c)[at]
		}
		row = append(row, measured(name, samples)...)
	}
	over("m0", func(c *course) []float64 { return c.m0 })
	over("m1", func(c *course) []float64 { return c.m1 })
	for k := range r.Strengths {
		over(fmt.Sprintf("s%d", k+1), func(c *course) []float64 { return c.s[k] })
		over(fmt.Sprintf("chi%d", k+1), func(c *course) []float64 { return c.chi[k] })
	}
	return row
}
