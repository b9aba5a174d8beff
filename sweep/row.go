package sweep

import (
	"math"

	"ergon/energy"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// Row compares a rule with the baseline at a goal. Estimates are over the runs
// that reached the goal, nil where none did.
type Row struct {
	Label string  `json:"label"`
	Goal  float64 `json:"goal"` // accuracy, on the set of Report.GoalsOn
	Runs
	Presentations       *estimate.Estimate `json:"presentations"`
	Updates             *estimate.Estimate `json:"updates"` // steps in which a synapse changed
	M0                  *estimate.Estimate `json:"m0"`
	M1                  *estimate.Estimate `json:"m1"`
	M0Inefficiency      *estimate.Estimate `json:"m0_inefficiency"` // M0 (with a cache, what was paid) over M0min
	M1Inefficiency      *estimate.Estimate `json:"m1_inefficiency"` // M1 (with a cache, what was paid) over M1min
	ActiveUnits         *estimate.Estimate `json:"active_units"`    // hidden, over all presentations
	MACsEffective       *estimate.Estimate `json:"macs_effective"`
	TestAccuracy        *estimate.Estimate `json:"test_accuracy"`        // where the goal was crossed
	BestTestAccuracy    *estimate.Estimate `json:"best_test_accuracy"`   // of all runs, reached or not
	Baseline            string             `json:"baseline"`             // label of the rule that savings are relative to
	PresentationsSaving *estimate.Estimate `json:"presentations_saving"` // of the seeds on which both reached the goal
	M0Saving            *estimate.Estimate `json:"m0_saving"`
	M1Saving            *estimate.Estimate `json:"m1_saving"`
	Pareto              []string           `json:"pareto"` // on whose front it is: m0, m1; w, of permanent writes and accumulator updates
	Published           *Published         `json:"published"`

	AccumulatorRow
	*ValidatedRow // nil: nothing is held out
	*SustainedRow // nil: the first evaluation at or above a goal reaches it

	arrivals[rundir.Crossing]
}

// ValidatedRow is what a row has besides where examples are held out for validation. Its
// goal is an accuracy on them.
type ValidatedRow struct {
	ValidationAccuracy     *estimate.Estimate `json:"validation_accuracy"`      // where the goal was crossed
	BestValidationAccuracy *estimate.Estimate `json:"best_validation_accuracy"` // of all runs, reached or not
}

// presentations, m0 and m1 are the costs that savings compare. With synaptic
// caching M0 and M1 are what was paid: for consolidation, and for keeping
// transient changes.
func presentations(x rundir.Crossing) float64 { return float64(x.Samples) }
func m0(x rundir.Crossing) float64            { return float64(x.M0Paid) }
func m1(x rundir.Crossing) float64 {
	if x.M1Paid == nil {
		return math.NaN() // weights that are not finite, which no crossing has
	}
	return *x.M1Paid
}

// m0Inefficiency and m1Inefficiency are M/Mmin, nil where Mmin is 0 or unknown.
func m0Inefficiency(x rundir.Crossing) *float64 { return energy.Ratio(m0(x), float64(x.M0Min)) }
func m1Inefficiency(x rundir.Crossing) *float64 {
	if x.M1Min == nil {
		return nil
	}
	return energy.Ratio(m1(x), *x.M1Min)
}

// newRow summarizes the runs of a rule at a goal.
func newRow(label string, goal float64, runs []Outcome) *Row {
	r := summarizeRow(label, goal, runs, chosenCrossings)
	r.SustainedRow = newSustainedRow(r, runs)
	return r
}

// summarizeRow summarizes the runs of a rule at a goal, by these of their crossings.
func summarizeRow(label string, goal float64, runs []Outcome, of func(*rundir.Summary) []rundir.Crossing) *Row {
	r := &Row{Label: label, Goal: goal, Pareto: []string{}}
	var best, validated []float64
	for i := range runs {
		r.count(&runs[i], of)
		if s := runs[i].Summary; runs[i].Finished() && s.BestTestAccuracy != nil {
			best = append(best, *s.BestTestAccuracy)
		}
		if s := runs[i].Summary; runs[i].Finished() && s.Validated != nil && s.BestValidationAccuracy != nil {
			validated = append(validated, *s.BestValidationAccuracy)
		}
	}
	r.Presentations, r.M0, r.M1 = r.mean(presentations), r.mean(m0), r.mean(m1)
	r.Updates = r.mean(func(x rundir.Crossing) float64 { return float64(x.Updates) })
	r.ActiveUnits = r.mean(func(x rundir.Crossing) float64 { return float64(x.ActiveUnits) })
	r.MACsEffective = r.mean(func(x rundir.Crossing) float64 { return float64(x.MACsEffective) })
	r.TestAccuracy = r.mean(func(x rundir.Crossing) float64 { return x.TestAccuracy }).Within(0, 1)
	r.M0Inefficiency = r.meanKnown(m0Inefficiency)
	r.M1Inefficiency = r.meanKnown(m1Inefficiency)
	r.AccumulatorRow = newAccumulatorRow(&r.arrivals)
	r.BestTestAccuracy = estimate.Mean(best).Within(0, 1)
	if goalsOn(runs) == "validation" {
		r.ValidatedRow = &ValidatedRow{r.meanKnown(func(x rundir.Crossing) *float64 { return x.ValidationAccuracy }).Within(0, 1), estimate.Mean(validated).Within(0, 1)}
	}
	return r
}

// bestGoalAccuracy is the best of the accuracies that goals look at.
func (r *Row) bestGoalAccuracy() *estimate.Estimate {
	switch {
	case r.SustainedRow != nil:
		return r.BestSustainedAccuracy
	case r.ValidatedRow != nil:
		return r.BestValidationAccuracy
	}
	return r.BestTestAccuracy
}

// count counts a run, by these of its crossings.
func (r *Row) count(o *Outcome, of func(*rundir.Summary) []rundir.Crossing) {
	r.Runs.count(o)
	if x, ok := crossing(o, r.Goal, of); ok {
		r.Reached++
		r.add(x, o.Seed)
	}
}

// crossing returns that of a run's crossings, chosen by of, at which it reached a goal; ok is
// false if it did not.
func crossing(o *Outcome, goal float64, of func(*rundir.Summary) []rundir.Crossing) (rundir.Crossing, bool) {
	if o.Finished() {
		for _, x := range of(o.Summary) {
			if x.Accuracy == goal {
				return x, true
			}
		}
	}
	return rundir.Crossing{}, false
}

// save fills in the savings relative to the baseline's row, which may be r.
func (r *Row) save(baseline *Row) {
	r.Baseline = baseline.Label
	r.PresentationsSaving = r.saving(&baseline.arrivals, known(presentations))
	r.M0Saving = r.saving(&baseline.arrivals, known(m0))
	r.M1Saving = r.saving(&baseline.arrivals, known(m1))
	r.AccumulatorSaving = r.saving(&baseline.arrivals, accumulatorUpdates)
	if r.SustainedRow != nil && baseline.SustainedRow != nil {
		r.First.save(baseline.First)
	}
}
