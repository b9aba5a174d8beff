package train

import (
	"context"
	"slices"
	"time"

	"ergon/energy"
	"ergon/graph"
	"ergon/train/rundir"
)

// recordEvaluation enters an evaluation, and the goals that it is the first to reach.
func recordEvaluation(s *rundir.Summary, r *Run, m *rundir.Metrics) {
	s.TrainLoss, s.TestLoss, s.TestAccuracy = &m.TrainLoss, &m.TestLoss, m.TestAccuracy
	recordValidation(s, m)
	recordLikelihood(s, r, m)
	if m.TestAccuracy == nil {
		return
	}
	if s.BestTestAccuracy == nil || *m.TestAccuracy > *s.BestTestAccuracy {
		s.BestTestAccuracy = m.TestAccuracy
	}
	goals := slices.Sorted(slices.Values(r.Config.Train.Goals))
	for _, goal := range slices.Compact(goals)[len(s.Crossings):] {
		if *m.GoalAccuracy() < goal {
			break
		}
		x := rundir.Crossing{
			Accuracy: goal, TestAccuracy: *m.TestAccuracy, Samples: m.Samples, Steps: m.Step, Updates: m.Updates,
			M0: m.M0, M1: m.M1, M0Min: m.M0Min, M1Min: m.M1Min,
			M0Inefficiency: m.M0Inefficiency, M1Inefficiency: m.M1Inefficiency, Paid: m.Paid, ActiveUnits: m.ActiveUnits,
			Accumulate: m.Accumulate, MACsEffective: m.MACsEff, Work: m.Work,
		}
		if m.Validation != nil {
			x.ValidationAccuracy = m.ValidationAccuracy
		}
		s.Crossings = append(s.Crossings, x)
		o := &s.Operations.Training
		o.ToGoals = append(o.ToGoals, operationsTo(r, goal, m.Samples))
	}
}

// recordValidation enters what an evaluation says of the examples held out.
func recordValidation(s *rundir.Summary, m *rundir.Metrics) {
	if m.Validation == nil {
		return
	}
	if s.Validated == nil {
		s.Validated = new(rundir.Validated)
	}
	v := s.Validated
	v.Validation = *m.Validation
	if accuracy := m.ValidationAccuracy; accuracy != nil && (v.BestValidationAccuracy == nil || *accuracy > *v.BestValidationAccuracy) {
		v.BestValidationAccuracy, v.ChosenTestAccuracy = accuracy, m.TestAccuracy
	}
}

// completeSummary fills in what is known at the end of the run.
func completeSummary(ctx context.Context, s *rundir.Summary, r *Run) {
	s.Steps, s.Samples, s.Updates, s.OpenSteps, s.Epochs = r.Steps, r.Samples, r.Updates, r.OpenSteps, r.Epoch()
	s.Parameters = graph.Parameters(r.Model)
	s.Engine = r.Engine.Name()
	s.Wall = time.Since(r.Started).Seconds()
	s.StepsPerSecond = float64(r.Steps) / s.Wall
	if r.synapses != nil {
		s.Synapse = r.synapses.Report(r.deviations())
	}
	if reserve := r.updater.Reserve(); reserve != nil {
		balance := rundir.Reserve(reserve.Balance())
		s.Reserve = &balance
	}
	s.Relaxation = relaxationOf(r)
	s.FreeEnergy, s.NoFreeEnergy = r.free.report(r)
	if s.Crossings == nil {
		s.Crossings = []rundir.Crossing{}
	}
	minimal := r.Minimal()
	s.Energy = rundir.Account{
		Totals: r.Ledger.Total(), Minimum: minimumOf(r.Ledger.Total(), minimal), Paid: paidOf(r, minimal),
		Writes: (*rundir.Writes)(r.updater.Writes().Endured(r.network())), NotCounted: r.updater.Writes().Unknown,
		JoulesModel: map[string]energy.Joules{}, Bounds: boundsOf(r, s.Parameters), Work: r.work.Report(r.OpenSteps),
		ScaleInvariant: r.invariant.report(r), Layers: r.Ledger.Layers,
	}
	s.Energy.NoWork = r.work.Unknown(r.OpenSteps)
	s.Rungs = rungsOf(r, &s.Energy.Bounds)
	for _, table := range r.prices {
		s.Energy.JoulesModel[table.Name] = table.Price(r.Ledger)
	}
	completeOperations(ctx, &s.Operations, r, s.Status)
}
