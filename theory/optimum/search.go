package optimum

import (
	"context"
	"math"

	"gonum.org/v1/gonum/optimize"

	"ergon/theory"
)

const (
	evaluations = 250  // predictions of one search
	errorWeight = 50.0 // weight of an error above the target relative to cost, both as logarithms
	tieWeight   = 0.01 // weight of the other energy, which decides between plans that cost the same
	failed      = 1e3  // of a plan that cannot be computed
)

// stepCounts are the numbers of steps that are tried: all up to 4, then each about
// a third more than the one before.
func (o *Optimum) stepCounts() (list []int) {
	for n := 1; n <= o.Steps; n = max(n+1, n*4/3) {
		list = append(list, n)
	}
	return list
}

// search returns the best plan for each horizon.
func (o *Optimum) search(ctx context.Context) ([]candidate, error) {
	horizons := o.stepCounts()
	plans := make([]candidate, len(horizons))
	done := theory.ProgressCounter(ctx, len(horizons))
	err := theory.Parallel(ctx, len(horizons), func(i int) {
		plans[i] = o.best(ctx, horizons[i])
		done()
	})
	return plans, err
}

// best searches with and without a clip, from a small and from a large density.
func (o *Optimum) best(ctx context.Context, steps int) candidate {
	best, least := candidate{}, math.Inf(1)
	for _, clipped := range []bool{false, true} {
		for _, p := range []float64{1, min(0.5, 0.7/float64(steps))} {
			found := o.nelderMead(ctx, plan{steps: steps, p: p, first: min(1, o.MostEta), last: min(1, o.MostEta), clip: math.Inf(1)}, clipped)
			if value := o.objective(found.predicted); value < least {
				best, least = found, value
			}
		}
	}
	return best
}

// nelderMead improves a plan by Nelder and Mead's simplex method, over the logarithms of p/(1-p), the first rate, their ratio where there are two steps
// or more, the clip.
func (o *Optimum) nelderMead(ctx context.Context, start plan, clipped bool) candidate {
	decode := func(x []float64) plan {
		p := start
		p.p = 1 / (1 + math.Exp(-x[0]))
		p.first = min(o.MostEta, math.Exp(x[1]))
		p.last = p.first
		if x = x[2:]; p.steps > 1 {
			p.last = min(o.MostEta, p.first*math.Exp(x[0]))
			x = x[1:]
		}
		if clipped {
			p.clip = math.Exp(x[0])
		}
		return p
	}
	x := []float64{min(4, math.Log(start.p/(1-start.p))), math.Log(start.first)}
	if start.steps > 1 {
		x = append(x, 0)
	}
	if clipped {
		x = append(x, 0)
	}
	problem := optimize.Problem{
		Func:   func(x []float64) float64 { return o.objective(o.predict(ctx, decode(x), o.Paths)) },
		Status: func() (optimize.Status, error) { return optimize.NotTerminated, ctx.Err() },
	}
	// An error says that the budget is spent or the context's end: what was found counts.
	found, _ := optimize.Minimize(problem, x, &optimize.Settings{FuncEvaluations: evaluations, Concurrent: 1}, &optimize.NelderMead{SimplexSize: 0.7})
	if found == nil {
		return candidate{plan: start}
	}
	p := decode(found.X)
	return candidate{plan: p, predicted: o.predict(ctx, p, 10*o.Paths)}
}

// objective is what the search minimises.
func (o *Optimum) objective(a account) float64 {
	other := a.m0 * a.m1 / o.cost(a)
	value := math.Log(o.cost(a)) + tieWeight*math.Log(other) + errorWeight*max(0, math.Log(a.error/(o.Target*(1-o.Margin))))
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return failed
	}
	return value
}

// predict returns the predicted account of a plan. All plans use the same random numbers,
// so that the objective is a smooth function of the plan.
func (o *Optimum) predict(ctx context.Context, p plan, paths int) account {
	trajectory, err := o.problem(p).Solve(ctx, paths, o.Seed)
	if err != nil {
		return account{error: math.NaN(), m0: math.NaN(), m1: math.NaN()}
	}
	return atEnd(trajectory, o.Target)
}
