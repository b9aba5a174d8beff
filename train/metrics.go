package train

import (
	"time"

	"ergon/energy"
)

// Metrics is one line of metrics.jsonl: the state of a run at an evaluation.
// Counts are sums since the start.
type Metrics struct {
	Step         int      `json:"step"`
	Samples      int      `json:"samples"`
	Epoch        float64  `json:"epoch"`
	Updates      int      `json:"updates"`    // steps in which a synapse changed
	TrainLoss    float64  `json:"train_loss"` // mean over the presentations since the last evaluation
	TestLoss     float64  `json:"test_loss"`
	TestAccuracy *float64 `json:"test_accuracy"` // null for real-valued targets
	energy.Totals
	Minimum
	Paid
	Work *Work   `json:"work,omitempty"` // of quasistatic networks and langevin
	Wall float64 `json:"wall_s"`         // since the start, evaluations included
}

// Minimum is the least that could have led to the present weights, and how
// many times that was spent.
type Minimum struct {
	M0Min          int64    `json:"m0_min"`
	M1Min          *float64 `json:"m1_min"`          // null where weights are not finite
	M0Inefficiency *float64 `json:"m0_inefficiency"` // null where nothing was learned
	M1Inefficiency *float64 `json:"m1_inefficiency"`
}

func newMinimum(t energy.Totals, m energy.Minimal) Minimum {
	minimum := Minimum{
		M0Min:          m.M0,
		M0Inefficiency: energy.Ratio(float64(t.M0), float64(m.M0)),
		M1Inefficiency: energy.Ratio(t.M1, m.M1),
	}
	if finite(m.M1) {
		minimum.M1Min = &m.M1
	}
	return minimum
}

func newMetrics(r *Run, e Evaluation, minimal energy.Minimal) *Metrics {
	return &Metrics{
		Step: r.Steps, Samples: r.Samples, Epoch: r.Epoch(), Updates: r.Updates,
		TrainLoss: r.lossSum / float64(max(r.lossCount, 1)), TestLoss: e.Loss, TestAccuracy: e.Accuracy,
		Totals: r.Ledger.Total(), Minimum: newMinimum(r.Ledger.Total(), minimal), Paid: newPaid(r, minimal),
		Work: r.work.report(), Wall: time.Since(r.Started).Seconds(),
	}
}

// takeStock makes the metrics of an evaluation; the weights must be the model's.
func (r *Run) takeStock(e Evaluation) (*Metrics, error) {
	minimal := r.Minimal()
	if layers := r.Model.Layers(); !finite(minimal.M1) {
		for _, l := range layers {
			if !finiteAll(l.W) || !finiteAll(l.B) {
				return nil, &Diverged{r.Steps, l.Name, "weights"}
			}
		}
	} else if !finite(e.Loss) {
		return nil, &Diverged{r.Steps, layers[len(layers)-1].Name, "test loss"}
	}
	m := newMetrics(r, e, minimal)
	r.lossSum, r.lossCount = 0, 0
	r.gradients.evaluated()
	return m, nil
}
