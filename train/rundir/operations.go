package rundir

import "ergon/energy"

// Operations are the NeuroBench metrics of a run: of the network that it ended
// with, and their counterparts in training.
type Operations struct {
	Inference *energy.Inference  `json:"inference"`
	Training  TrainingOperations `json:"training"`
}

// TrainingOperations are what the learning took, by layer and stage.
type TrainingOperations struct {
	PerSample energy.Operations `json:"per_sample"` // mean over the presentations
	ToGoals   []GoalOperations  `json:"to_goals"`   // one for each crossing
}

// GoalOperations are all operations until a goal was reached.
type GoalOperations struct {
	Accuracy float64 `json:"accuracy"` // the goal
	Samples  int     `json:"samples"`
	energy.Operations
	JoulesModel map[string]StageJoules `json:"joules_model"` // by price table, as of the whole run
}

// StageJoules are the stages as a price table prices them; null is unknown.
type StageJoules map[energy.Stage]*float64
