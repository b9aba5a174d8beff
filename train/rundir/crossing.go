package rundir

import (
	"strconv"

	"ergon/energy"
)

// Goal writes an accuracy to reach as it was asked for: 0.57 is 57 %, which as a product
// of binary numbers is 56.99999999999999.
func Goal(accuracy float64) string {
	const digits = 12 // fewer than float64 rounds to, more than anybody asks for
	return strconv.FormatFloat(100*accuracy, 'g', digits, 64) + " %"
}

// Crossing is the evaluation at which a goal was reached: the first at or above it or, where
// crossings are sustained, the first at which the mean of the last evaluations was.
type Crossing struct {
	Accuracy           float64  `json:"accuracy"`                      // the goal
	TestAccuracy       float64  `json:"test_accuracy"`                 // what was measured there
	ValidationAccuracy *float64 `json:"validation_accuracy,omitempty"` // too; the goal is one of it, unless nothing is held out
	SustainedAccuracy  *float64 `json:"sustained_accuracy,omitempty"`  // the mean that reached the goal, of sustained crossings
	Samples            int      `json:"samples"`
	Steps              int      `json:"steps"`
	Updates            int      `json:"updates"` // steps in which a synapse changed
	M0                 int64    `json:"m0"`
	M1                 float64  `json:"m1"`
	M0Min              int64    `json:"m0_min"`
	M1Min              *float64 `json:"m1_min"`
	M0Inefficiency     *float64 `json:"m0_inefficiency"`
	M1Inefficiency     *float64 `json:"m1_inefficiency"`
	Paid
	Accumulate    *energy.Accumulate `json:"accumulate"` // what was changed beside the weights; nil: a run that did not count it
	ActiveUnits   int64              `json:"active_units"`
	MACsEffective int64              `json:"macs_effective"` // of both passes
	Work          *Work              `json:"work,omitempty"`
}

// Sustained is what a summary has besides where goals are reached by the mean accuracy of
// several evaluations in a row.
type Sustained struct {
	Evaluations           int        `json:"sustain"`                 // that the mean is over
	BestSustainedAccuracy *float64   `json:"best_sustained_accuracy"` // the largest mean; null: there were fewer evaluations
	FirstCrossings        []Crossing `json:"first_crossings"`         // of the same goals, by the first evaluation at or above
}

// BestGoalAccuracy returns the best accuracy that goals looked at; nil if there is none.
func (s *Summary) BestGoalAccuracy() *float64 {
	switch {
	case s.Sustained != nil:
		return s.BestSustainedAccuracy
	case s.Validated != nil:
		return s.BestValidationAccuracy
	}
	return s.BestTestAccuracy
}

// GoalsOn names the set that goals looked at: validation or test.
func (s *Summary) GoalsOn() string {
	if s.Validated != nil {
		return "validation"
	}
	return "test"
}
