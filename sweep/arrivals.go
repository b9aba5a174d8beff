package sweep

import (
	"slices"

	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// Runs counts what became of a rule's runs.
type Runs struct {
	N        int `json:"n"`        // seeds
	Finished int `json:"finished"` // runs that ended by themselves
	Reached  int `json:"reached"`  // runs that reached the goal
	Diverged int `json:"diverged"`
	Failed   int `json:"failed"`
}

// count counts a run, but for whether it reached anything.
func (r *Runs) count(o *Outcome) {
	r.N++
	if o.Err != nil {
		r.Failed++
	}
	if !o.Finished() {
		return
	}
	r.Finished++
	if o.Summary.Status == rundir.StatusDiverged {
		r.Diverged++
	}
}

// complete says whether every run reached the goal.
func (r *Runs) complete() bool { return r.N > 0 && r.Reached == r.N }

// arrivals are the runs of a rule that came to a point, with what they have spent up to there.
type arrivals[X any] struct {
	crossings []X      // one for each run
	seeds     []uint64 // of the runs
}

// add enters a run.
func (r *arrivals[X]) add(x X, seed uint64) {
	r.crossings, r.seeds = append(r.crossings, x), append(r.seeds, seed)
}

// values lists what each run has of something; nil if that is not known of one of them.
func (r *arrivals[X]) values(of func(X) *float64) []float64 {
	values := make([]float64, len(r.crossings))
	for i, x := range r.crossings {
		known := of(x)
		if known == nil {
			return nil
		}
		values[i] = *known
	}
	return values
}

func (r *arrivals[X]) mean(of func(X) float64) *estimate.Estimate {
	return r.meanKnown(known(of))
}

// meanKnown is mean of a number that may be unknown. It is nil if one of them is.
func (r *arrivals[X]) meanKnown(of func(X) *float64) *estimate.Estimate {
	return estimate.Mean(r.values(of))
}

// saving returns how many times less than the baseline a rule spends. Runs of the same
// seed are a pair: they begin with the same weights, and are shown the same examples
// in the same order.
func (r *arrivals[X]) saving(baseline *arrivals[X], of func(X) *float64) *estimate.Estimate {
	var theirs, ours []float64
	for i, seed := range r.seeds {
		at := slices.Index(baseline.seeds, seed)
		if at < 0 {
			continue
		}
		before, after := of(baseline.crossings[at]), of(r.crossings[i])
		if before == nil || after == nil {
			return nil
		}
		theirs, ours = append(theirs, *before), append(ours, *after)
	}
	return estimate.Ratio(theirs, ours)
}

// known makes a number that is known of all one that may be unknown.
func known[X any](of func(X) float64) func(X) *float64 {
	return func(x X) *float64 { return value(of(x)) }
}
