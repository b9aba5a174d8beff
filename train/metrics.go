package train

import (
	"time"

	"ergon/energy"
	"ergon/internal/finite"
	"ergon/train/rundir"
)

func newMinimum(t energy.Totals, m energy.Minimal) rundir.Minimum {
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

func newMetrics(r *Run, e Evaluation, minimal energy.Minimal) *rundir.Metrics {
	return &rundir.Metrics{
		Step: r.Steps, Samples: r.Samples, Epoch: r.Epoch(), Updates: r.Updates,
		TrainLoss: r.lossSum / float64(max(r.lossCount, 1)), TestLoss: e.Loss, TestAccuracy: e.Accuracy,
		Totals: r.Ledger.Total(), Minimum: newMinimum(r.Ledger.Total(), minimal), Paid: newPaid(r, minimal),
		Work: r.work.Report(), Wall: time.Since(r.Started).Seconds(),
	}
}

// takeStock makes the metrics of an evaluation; the weights must be the model's.
func (r *Run) takeStock(e Evaluation) (*rundir.Metrics, error) {
	minimal := r.Minimal()
	if layers := r.Model.Layers(); !finite.Is(minimal.M1) {
		for _, l := range layers {
			if !finite.All(l.W) || !finite.All(l.B) {
				return nil, divergedIn(l, r.Steps, "weights")
			}
		}
	} else if !finite.Is(e.Loss) {
		return nil, divergedIn(layers[len(layers)-1], r.Steps, "test loss")
	}
	m := newMetrics(r, e, minimal)
	r.lossSum, r.lossCount = 0, 0
	r.gradients.NextPeriod()
	return m, nil
}
