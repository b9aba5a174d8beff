package train

import (
	"context"
	"time"

	"ergon/energy"
	"ergon/graph"
	"ergon/train/rundir"
)

// newSummary returns the summary of a run that has not begun.
func newSummary(r *Run) *rundir.Summary {
	s := &rundir.Summary{Name: r.Config.Name, Seed: r.Config.Seed, Resumed: rundir.Resumed{Steps: []int{}}}
	if t := &r.Config.Train; t.Sustained() {
		s.Sustained = &rundir.Sustained{Evaluations: t.GoalEvaluations()}
	}
	return s
}

// recordEvaluation enters an evaluation, and the goals that reached is the first to be at or
// above. reached is nil where goals have nothing to look at yet.
func recordEvaluation(s *rundir.Summary, r *Run, m *rundir.Metrics, reached *float64) {
	s.TrainLoss, s.TestLoss, s.TestAccuracy = &m.TrainLoss, &m.TestLoss, m.TestAccuracy
	recordValidation(s, m)
	recordLikelihood(s, r, m)
	if m.TestAccuracy == nil {
		return
	}
	if s.BestTestAccuracy == nil || *m.TestAccuracy > *s.BestTestAccuracy {
		s.BestTestAccuracy = m.TestAccuracy
	}
	recordCrossings(s, r, m, reached)
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
	if rate, ok := r.learningRate(); ok && r.updater.Follows() {
		s.LearningRate = &rate
	}
	s.LearnedBy = r.LearnedBy()
	s.Relaxation = relaxationOf(r)
	s.FreeEnergy, s.NoFreeEnergy = r.free.report(r)
	completeCrossings(s)
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
