package train

import (
	"slices"

	"ergon/train/rundir"
)

// recordCrossings enters the goals that reached, the accuracy that they are compared with, is
// the first to be at or above. Where that is a mean, those of the evaluation itself are
// entered besides.
func recordCrossings(s *rundir.Summary, r *Run, m *rundir.Metrics, reached *float64) {
	goals := slices.Compact(slices.Sorted(slices.Values(r.Config.Train.Goals)))
	if s.Sustained != nil {
		if best := s.BestSustainedAccuracy; reached != nil && (best == nil || *reached > *best) {
			s.BestSustainedAccuracy = reached
		}
		s.FirstCrossings = append(s.FirstCrossings, crossingsAt(goals[len(s.FirstCrossings):], m, *m.GoalAccuracy())...)
	}
	if reached == nil {
		return
	}
	for _, x := range crossingsAt(goals[len(s.Crossings):], m, *reached) {
		if s.Sustained != nil {
			x.SustainedAccuracy = reached
		}
		s.Crossings = append(s.Crossings, x)
		o := &s.Operations.Training
		o.ToGoals = append(o.ToGoals, operationsTo(r, x.Accuracy, m.Samples))
	}
}

// crossingsAt returns the crossings, at an evaluation, of ascending goals that an accuracy is
// at or above.
func crossingsAt(goals []float64, m *rundir.Metrics, accuracy float64) (all []rundir.Crossing) {
	for _, goal := range goals {
		if accuracy < goal {
			break
		}
		x := rundir.Crossing{
			Accuracy: goal, TestAccuracy: *m.TestAccuracy, Samples: m.Samples, Steps: m.Step, Updates: m.Updates,
			M0: m.M0, M1: m.M1, M0Min: m.M0Min, M1Min: m.M1Min,
			M0Inefficiency: m.M0Inefficiency, M1Inefficiency: m.M1Inefficiency, Paid: m.Paid, ActiveUnits: m.ActiveUnits,
			Accumulate: m.Accumulate.OrNil(), MACsEffective: m.MACsEff, Work: m.Work,
		}
		if m.Validation != nil {
			x.ValidationAccuracy = m.ValidationAccuracy
		}
		all = append(all, x)
	}
	return all
}

// completeCrossings makes lists of no crossings lists of none.
func completeCrossings(s *rundir.Summary) {
	if s.Crossings == nil {
		s.Crossings = []rundir.Crossing{}
	}
	if s.Sustained != nil && s.FirstCrossings == nil {
		s.FirstCrossings = []rundir.Crossing{}
	}
}
