package optimum

import (
	"fmt"
	"math"

	"ergon/theory"
)

// result returns the table of all candidates, of which the first plans are the search's
// and the others the grid's, and compares number best with the grid.
func (o *Optimum) result(all []candidate, plans, best int) *theory.Result {
	rows := make([][]theory.Quantity, len(all))
	for i := range all {
		rows[i] = o.row(&all[i], i >= plans)
	}
	result := theory.Table(rows)
	for i := range all {
		result.Labels = append(result.Labels, all[i].label(i >= plans))
	}
	o.compare(result, &all[best], all[plans:])
	result.Notes = o.notes(all[best])
	return result
}

// label names a row.
func (t *candidate) label(ofGrid bool) string {
	if ofGrid {
		return fmt.Sprintf("grid p=%.3g eta=%.3g", t.p, t.first)
	}
	return fmt.Sprintf("best of %d steps", t.steps)
}

// row returns the row of a candidate: simulations at the step at which it was predicted to
// end, and at which step and cost the simulations' mean reached the target.
func (o *Optimum) row(t *candidate, ofGrid bool) []theory.Quantity {
	a := t.predicted
	row := []theory.Quantity{
		theory.Value("grid", indicator(ofGrid)), theory.Value("steps", float64(a.steps)),
		theory.Value("p", t.p), theory.Value("eta", t.first), theory.Value("eta_last", t.last), theory.Value("clip", t.clip),
		theory.Value("reached", indicator(a.reached)),
		{Name: "error", Predicted: a.error}, {Name: "m0", Predicted: a.m0}, {Name: "m1", Predicted: a.m1},
	}
	if o.Simulate == 0 {
		return row
	}
	missing := theory.Estimate{Value: math.NaN(), StandardError: math.NaN()}
	estimates := []theory.Estimate{missing, missing, missing}
	if len(t.simulated) > 0 {
		errors, m0, m1 := until(t.simulated, a.steps)
		estimates = []theory.Estimate{theory.EstimateMean(errors), theory.EstimateShare(m0, t.simulated[0].Grain, a.m0), theory.EstimateMean(m1)}
	}
	for i, estimate := range estimates {
		row[len(row)-3+i].Simulations = theory.Simulated(estimate)
	}
	steps, cost := o.measuredCost(t, ofGrid)
	return append(row, theory.Value("steps_simulated", steps), theory.Value("cost_simulated", cost.Value), theory.Value("cost_simulated_error", cost.StandardError))
}

// measuredCost is what the simulations of a candidate cost until their mean error reached the
// target: at the end of a plan, at any step of a cell of the grid. It is unknown if they
// did not reach it or one of them diverged.
func (o *Optimum) measuredCost(t *candidate, ofGrid bool) (steps float64, cost theory.Estimate) {
	unknown := theory.Estimate{Value: math.NaN(), StandardError: math.NaN()}
	if len(t.simulated) < o.Simulate {
		return math.NaN(), unknown
	}
	mean, end := meanTrajectory(t.simulated), atEnd
	if ofGrid {
		end = atGoal
	}
	a := end(mean, o.Target)
	if !a.reached {
		return math.NaN(), unknown
	}
	_, m0, m1 := until(t.simulated, a.steps)
	if o.Energy == "m1" {
		return float64(a.steps), theory.EstimateMean(m1)
	}
	return float64(a.steps), theory.EstimateMean(m0)
}

// compare states the best plan, and by what factor the best cell of the grid
// costs more, as predicted and as measured.
func (o *Optimum) compare(r *theory.Result, best *candidate, cells []candidate) {
	a := best.predicted
	for name, value := range map[string]float64{
		"steps": float64(a.steps), "p": best.p, "eta": best.first, "eta_last": best.last, "clip": best.clip,
		"error": a.error, "m0": a.m0, "m1": a.m1,
	} {
		r.Scalars[name] = theory.Known(value)
	}
	if at := o.cheapest(cells); at >= 0 {
		cost := o.cost(cells[at].predicted)
		r.Scalars["grid_cost"], r.Scalars["gain"] = theory.Known(cost), theory.Known(cost/o.cost(a))
	}
	if o.Simulate == 0 {
		return
	}
	errors, _, _ := until(best.simulated, a.steps)
	error := theory.EstimateMean(errors)
	r.Scalars["error_simulated"], r.Scalars["error_simulated_error"] = theory.Known(error.Value), theory.Known(error.StandardError)
	_, own := o.measuredCost(best, false)
	r.Scalars["cost_simulated"] = theory.Known(own.Value)
	if other := o.cheapestMeasured(cells); other != nil {
		gain := other.Value / own.Value
		r.Scalars["grid_cost_simulated"], r.Scalars["gain_simulated"] = theory.Known(other.Value), theory.Known(gain)
		r.Scalars["gain_simulated_error"] = theory.Known(gain * math.Hypot(own.StandardError/own.Value, other.StandardError/other.Value))
	}
}

// cheapestMeasured is the least cost of a cell whose simulations reached the
// target, nil if there is none.
func (o *Optimum) cheapestMeasured(cells []candidate) (least *theory.Estimate) {
	for i := range cells {
		if _, cost := o.measuredCost(&cells[i], true); !math.IsNaN(cost.Value) && (least == nil || cost.Value < least.Value) {
			least = &cost
		}
	}
	return least
}

func (o *Optimum) notes(best candidate) []string {
	notes := []string{
		"m0 and m1 are sums over the steps, per synapse; clip is κ, of the gradient, unknown where there is none: in a config the bound of Δw is η·κ",
		"cells of the grid pay until they first reach the target; reached says whether they do",
	}
	if best.first >= 0.98*o.MostEta || best.last >= 0.98*o.MostEta {
		notes = append(notes, fmt.Sprintf("the best learning rate is the largest that was tried, eta_most = %g", o.MostEta))
	}
	if o.Simulate > 0 && !o.reachedMeasured(best) {
		notes = append(notes, "the simulations of the best plan did not reach the target: give a larger margin, more paths, or a larger d")
	}
	return notes
}

// reachedMeasured says whether the simulations of a plan reached the target.
func (o *Optimum) reachedMeasured(t candidate) bool {
	steps, _ := o.measuredCost(&t, false)
	return !math.IsNaN(steps)
}

func indicator(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
