package train

import (
	"time"

	"ergon/energy"
	"ergon/internal/finite"
	"ergon/train/rundir"
)

// minimumOf compares what was spent with the minimum m.
func minimumOf(t energy.Totals, m energy.Minimal) rundir.Minimum {
	minimum := rundir.Minimum{
		M0Min:          m.M0,
		M0Inefficiency: energy.Ratio(float64(t.M0), float64(m.M0)),
		M1Inefficiency: energy.Ratio(t.M1, m.M1),
	}
	if finite.Is(m.M1) {
		minimum.M1Min = &m.M1
	}
	return minimum
}

// metricsOf returns the metrics of evaluations, and begins the next period. The
// model must have the present weights.
func (r *Run) metricsOf(e Evaluations) (*rundir.Metrics, error) {
	minimal := r.Minimal()
	if layers := r.Model.Layers(); !finite.Is(minimal.M1) {
		for _, l := range layers {
			if !finite.All(l.W) || !finite.All(l.B) {
				return nil, divergedIn(l, r.Steps, "weights")
			}
		}
	} else if !finite.Is(e.Test.Loss) {
		return nil, divergedIn(layers[len(layers)-1], r.Steps, "test loss")
	} else if b := e.Test.Boltzmann; b != nil && !finite.Is(b.FreeEnergy) {
		return nil, divergedIn(layers[len(layers)-1], r.Steps, "free energy")
	} else if e.Validation != nil && !finite.Is(e.Validation.Loss) {
		return nil, divergedIn(layers[len(layers)-1], r.Steps, "validation loss")
	}
	m := &rundir.Metrics{
		Step: r.Steps, Samples: r.Samples, Epoch: r.Epoch(), Updates: r.Updates,
		TrainLoss: r.lossSum / float64(max(r.lossCount, 1)), TestLoss: e.Test.Loss, TestAccuracy: e.Test.Accuracy,
		Totals: r.Ledger.Total(), Minimum: minimumOf(r.Ledger.Total(), minimal), Paid: paidOf(r, minimal),
		Displacement2: finite.OrNil(r.Displacement2()), Work: r.work.Report(r.OpenSteps), ScaleInvariant: r.invariant.report(r),
		Wall: time.Since(r.Started).Seconds(),
	}
	if v := e.Validation; v != nil {
		m.Validation = &rundir.Validation{ValidationLoss: v.Loss, ValidationAccuracy: v.Accuracy}
	}
	if m.Boltzmann = e.Test.Boltzmann; m.Boltzmann != nil {
		m.Boltzmann.Spectrum = r.boltzmann.spectrum()
	}
	r.lossSum, r.lossCount = 0, 0
	r.gradients.NextPeriod()
	return m, nil
}
