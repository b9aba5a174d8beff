package rundir

import (
	"ergon/energy"
	"ergon/energy/meter"
)

// Status says how a run ended.
type Status string

// The ways a run can end.
const (
	StatusReachedGoal Status = "reached_goal" // train.stop_at
	StatusBudgetSpent Status = "budget_spent" // train.epochs, train.max_steps or train.max_presentations
	StatusDiverged    Status = "diverged"     // NaN or Inf
	StatusInterrupted Status = "interrupted"  // by a signal
	StatusFailed      Status = "failed"       // by an error, such as a full disk
)

// Final says whether a run that ended so would end the same if it were run again, and has
// nothing to go on with.
func (s Status) Final() bool {
	return s == StatusReachedGoal || s == StatusBudgetSpent || s == StatusDiverged
}

// Resumed is how often a run went on after it was stopped, and from which steps.
type Resumed struct {
	Times int   `json:"times"`
	Steps []int `json:"steps"`
	// Killed is after how many of the parts this was that did not end in order, by a kill or
	// an error. What they drew after their last state no counter has told.
	Killed int `json:"killed"`
}

// Summary is the result of a run: summary.json.
type Summary struct {
	Name             string    `json:"name"`
	Status           Status    `json:"status"`
	Diverged         *Diverged `json:"diverged,omitempty"`
	Error            string    `json:"error,omitempty"`          // of a failed run
	InterruptedBy    string    `json:"interrupted_by,omitempty"` // the signal, as SIGTERM
	Seed             uint64    `json:"seed"`
	Steps            int       `json:"steps"`
	Samples          int       `json:"samples"`
	Updates          int       `json:"updates"`    // steps in which a synapse changed: its weight, not what is beside it
	OpenSteps        int       `json:"open_steps"` // steps in which the gate let a presentation through: what rates and bounds go by
	Epochs           float64   `json:"epochs"`
	TrainLoss        *float64  `json:"train_loss"`    // these at the last evaluation,
	TestLoss         *float64  `json:"test_loss"`     // null if there was none
	TestAccuracy     *float64  `json:"test_accuracy"` // or if targets are real-valued
	BestTestAccuracy *float64  `json:"best_test_accuracy"`
	*Validated                 // nil: nothing is held out
	*Sustained                 // nil: the first evaluation at or above a goal reaches it
	Parameters       int       `json:"parameters"`
	Resumed          Resumed   `json:"resumed"`
	Wall             float64   `json:"wall_s"`      // of all parts, up to the states from which it went on
	StepsPerSecond   float64   `json:"steps_per_s"` // evaluations included
	Engine           string    `json:"engine"`
	Energy           Account   `json:"energy"`
	Rungs
	Operations          Operations           `json:"operations"`
	LearningRate        *float64             `json:"learning_rate,omitempty"`         // that the next step would have, where it follows the loss
	LearnedBy           []LearnedBy          `json:"learned_by,omitempty"`            // the weights of each layer, on processor cores
	Synapse             *SynapseReport       `json:"synapse,omitempty"`               // of stochastic synapses
	Reserve             *Reserve             `json:"reserve,omitempty"`               // that updates are paid from
	Relaxation          *Relaxation          `json:"relaxation,omitempty"`            // of quasistatic networks
	FreeEnergy          *FreeEnergy          `json:"free_energy,omitempty"`           // where free_energy.window is set
	NoFreeEnergy        string               `json:"free_energy_not_known,omitempty"` // why it is not, though it is set
	Likelihood          *Likelihood          `json:"likelihood,omitempty"`            // of Boltzmann machines
	NoLikelihood        string               `json:"likelihood_not_known,omitempty"`  // why it is not, of such
	Work                *ChainWork           `json:"work,omitempty"`                  // on persistent chains
	LikelihoodCrossings []LikelihoodCrossing `json:"likelihood_crossings,omitempty"`
	Adversarial         *Adversarial         `json:"adversarial_accuracy,omitempty"` // of their states
	Crossings           []Crossing           `json:"crossings"`
}

// Validated is what a run did on the training examples that are held out, at the last
// evaluation and at the best of them.
type Validated struct {
	Validation
	BestValidationAccuracy *float64 `json:"best_validation_accuracy"`
	// ChosenTestAccuracy is that of the first evaluation with the best validation accuracy.
	ChosenTestAccuracy *float64 `json:"test_accuracy_at_best_validation"`
}

// Account is the ledger of a whole run.
type Account struct {
	energy.Totals
	Minimum
	Paid
	Writes         *Writes                  `json:"writes"`                        // of single synapses; null: not known,
	NotCounted     string                   `json:"writes_not_counted,omitempty"`  // for this reason
	JoulesModel    map[string]energy.Joules `json:"joules_model"`                  // by price table
	JoulesMeasured *meter.Reading           `json:"joules_measured"`               // of learning, without evaluations; null: unknown,
	NotMeasured    string                   `json:"joules_not_measured,omitempty"` // for this reason
	Bounds         Bounds                   `json:"bounds"`
	Work           *Work                    `json:"work"`                        // null, or of null dissipated: not known,
	NoWork         string                   `json:"work_not_measured,omitempty"` // for this reason
	ScaleInvariant *ScaleInvariant          `json:"scale_invariant,omitempty"`   // of normalised networks
	Layers         []energy.Layer           `json:"layers"`
}
