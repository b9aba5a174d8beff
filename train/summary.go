package train

import (
	"slices"
	"time"

	"ergon/energy"
	"ergon/energy/meter"
	"ergon/graph"
)

// Status says how a run ended.
type Status string

// The ways a run can end.
const (
	StatusReachedGoal Status = "reached_goal" // train.stop_at
	StatusBudgetSpent Status = "budget_spent" // train.epochs or train.max_steps
	StatusDiverged    Status = "diverged"     // NaN or Inf
	StatusInterrupted Status = "interrupted"  // by a signal
	StatusFailed      Status = "failed"       // by an error, such as a full disk
)

// Summary is what a run came to: summary.json.
type Summary struct {
	Name             string         `json:"name"`
	Status           Status         `json:"status"`
	Diverged         *Diverged      `json:"diverged,omitempty"`
	Error            string         `json:"error,omitempty"` // of a failed run
	Seed             uint64         `json:"seed"`
	Steps            int            `json:"steps"`
	Samples          int            `json:"samples"`
	Updates          int            `json:"updates"` // steps in which a synapse changed
	Epochs           float64        `json:"epochs"`
	TrainLoss        *float64       `json:"train_loss"`    // these at the last evaluation,
	TestLoss         *float64       `json:"test_loss"`     // null if there was none
	TestAccuracy     *float64       `json:"test_accuracy"` // or if targets are real-valued
	BestTestAccuracy *float64       `json:"best_test_accuracy"`
	Parameters       int            `json:"parameters"`
	Wall             float64        `json:"wall_s"`
	StepsPerSecond   float64        `json:"steps_per_s"` // evaluations included
	Engine           string         `json:"engine"`
	Energy           Account        `json:"energy"`
	Operations       Operations     `json:"operations"`
	Synapse          *SynapseReport `json:"synapse,omitempty"`    // of stochastic synapses
	Relaxation       *Relaxed       `json:"relaxation,omitempty"` // of quasistatic networks
	Crossings        []Crossing     `json:"crossings"`
}

// Account is the ledger of a whole run.
type Account struct {
	energy.Totals
	Minimum
	Paid
	JoulesModel    map[string]energy.Joules `json:"joules_model"`                  // by price table
	JoulesMeasured *meter.Reading           `json:"joules_measured"`               // of learning, without evaluations; null: unknown,
	NotMeasured    string                   `json:"joules_not_measured,omitempty"` // for this reason
	Bounds         Bounds                   `json:"bounds"`
	Work           *Work                    `json:"work,omitempty"` // of quasistatic networks and langevin
	Layers         []energy.Layer           `json:"layers"`
}

// Crossing is the first evaluation at or above a goal.
type Crossing struct {
	Accuracy       float64  `json:"accuracy"`      // the goal
	TestAccuracy   float64  `json:"test_accuracy"` // what was measured there
	Samples        int      `json:"samples"`
	Steps          int      `json:"steps"`
	Updates        int      `json:"updates"` // steps in which a synapse changed
	M0             int64    `json:"m0"`
	M1             float64  `json:"m1"`
	M0Min          int64    `json:"m0_min"`
	M1Min          *float64 `json:"m1_min"`
	M0Inefficiency *float64 `json:"m0_inefficiency"`
	M1Inefficiency *float64 `json:"m1_inefficiency"`
	Paid
	ActiveUnits   int64 `json:"active_units"`
	MACsEffective int64 `json:"macs_effective"` // of both passes
	Work          *Work `json:"work,omitempty"`
}

// recordEvaluation takes note of an evaluation.
func recordEvaluation(s *Summary, r *Run, m *Metrics) {
	s.TrainLoss, s.TestLoss, s.TestAccuracy = &m.TrainLoss, &m.TestLoss, m.TestAccuracy
	if m.TestAccuracy == nil {
		return
	}
	if s.BestTestAccuracy == nil || *m.TestAccuracy > *s.BestTestAccuracy {
		s.BestTestAccuracy = m.TestAccuracy
	}
	goals := slices.Sorted(slices.Values(r.Config.Train.Goals))
	for _, goal := range slices.Compact(goals)[len(s.Crossings):] {
		if *m.TestAccuracy < goal {
			break
		}
		s.Crossings = append(s.Crossings, Crossing{
			Accuracy: goal, TestAccuracy: *m.TestAccuracy, Samples: m.Samples, Steps: m.Step, Updates: m.Updates,
			M0: m.M0, M1: m.M1, M0Min: m.M0Min, M1Min: m.M1Min,
			M0Inefficiency: m.M0Inefficiency, M1Inefficiency: m.M1Inefficiency, Paid: m.Paid, ActiveUnits: m.ActiveUnits,
			MACsEffective: m.MACsEff, Work: m.Work,
		})
		o := &s.Operations.Training
		o.ToGoals = append(o.ToGoals, operationsTo(r, goal, m.Samples))
	}
}

// complete fills in what is known at the end.
func complete(s *Summary, r *Run) {
	s.Steps, s.Samples, s.Updates, s.Epochs = r.Steps, r.Samples, r.Updates, r.Epoch()
	s.Parameters = graph.Parameters(r.Model)
	s.Engine = r.Engine.Name()
	s.Wall = time.Since(r.Started).Seconds()
	s.StepsPerSecond = float64(r.Steps) / s.Wall
	if r.synapses != nil {
		s.Synapse = r.synapses.report(r.deviations())
	}
	s.Relaxation = newRelaxed(r)
	if s.Crossings == nil {
		s.Crossings = []Crossing{}
	}
	minimal := r.Minimal()
	s.Energy = Account{
		Totals: r.Ledger.Total(), Minimum: newMinimum(r.Ledger.Total(), minimal), Paid: newPaid(r, minimal),
		JoulesModel: map[string]energy.Joules{}, Bounds: newBounds(r, s.Parameters), Work: r.work.report(), Layers: r.Ledger.Layers,
	}
	for _, table := range r.prices {
		s.Energy.JoulesModel[table.Name] = table.Price(r.Ledger)
	}
	completeOperations(&s.Operations, r, s.Status)
}
