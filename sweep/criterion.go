package sweep

import (
	"fmt"

	"ergon/configs"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// Criterion says when a goal counts as reached.
type Criterion struct {
	Crossing string `json:"crossing"`          // first, at the first evaluation at or above it; or sustained
	Sustain  int    `json:"sustain,omitempty"` // evaluations whose mean has to be at or above it, where crossings are sustained
}

func criterionOf(c *configs.Config) Criterion {
	if !c.Train.Sustained() {
		return Criterion{Crossing: "first"}
	}
	return Criterion{"sustained", c.Train.GoalEvaluations()}
}

// criterion returns that of some runs, which have one.
func criterion(outcomes []Outcome) Criterion {
	for i := range outcomes {
		if c := outcomes[i].Config; c != nil {
			return criterionOf(c)
		}
	}
	return Criterion{Crossing: "first"}
}

// words name what is compared with a goal.
func (c Criterion) words() string {
	if c.Sustain == 0 {
		return "first evaluation"
	}
	return fmt.Sprintf("mean of %d evaluations", c.Sustain)
}

// suffix is what a title says of it behind an accuracy; nothing of first crossings.
func (c Criterion) suffix() string {
	if c.Sustain == 0 {
		return ""
	}
	return " (" + c.words() + ")"
}

// SustainedRow is what a row has besides where crossings are sustained.
type SustainedRow struct {
	SustainedAccuracy     *estimate.Estimate `json:"sustained_accuracy"`      // the mean that reached the goal
	BestSustainedAccuracy *estimate.Estimate `json:"best_sustained_accuracy"` // of all runs, reached or not
	First                 *Row               `json:"first_crossing"`          // the row that first crossings make
}

// newSustainedRow returns what r, a row of these runs, has besides; nil where crossings are first.
func newSustainedRow(r *Row, runs []Outcome) *SustainedRow {
	if criterion(runs).Sustain == 0 {
		return nil
	}
	var best []float64
	for i := range runs {
		if s := runs[i].Summary; runs[i].Finished() && s.Sustained != nil && s.BestSustainedAccuracy != nil {
			best = append(best, *s.BestSustainedAccuracy)
		}
	}
	return &SustainedRow{
		SustainedAccuracy:     r.meanKnown(func(x rundir.Crossing) *float64 { return x.SustainedAccuracy }).Within(0, 1),
		BestSustainedAccuracy: estimate.Mean(best).Within(0, 1),
		First:                 summarizeRow(r.Label, r.Goal, runs, firstCrossings),
	}
}

// firstDiffers says whether first crossings tell something else than the row does: other runs
// reached the goal, or the mean of presentations, M0 or M1 lies outside the row's interval.
func (r *Row) firstDiffers() bool {
	if r.SustainedRow == nil {
		return false
	}
	f := r.First
	return f.Reached != r.Reached || f.Presentations.Outside(r.Presentations) || f.M0.Outside(r.M0) || f.M1.Outside(r.M1)
}

// chosenCrossings are those of the kind that the config of a run asks for.
func chosenCrossings(s *rundir.Summary) []rundir.Crossing { return s.Crossings }

// firstCrossings are those that a summary has beside sustained ones.
func firstCrossings(s *rundir.Summary) []rundir.Crossing {
	if s.Sustained == nil {
		return nil
	}
	return s.FirstCrossings
}
