package masks

import (
	"ergon/internal/schema"
	"ergon/internal/state"
)

// Schedule says how the learning rate of an optimizer follows what a run has seen. A kind
// registers itself in Schedules.
type Schedule interface {
	// New returns the schedule of a run; nil: it follows nothing.
	New() Follower
}

// Follower is the Schedule of a run.
type Follower interface {
	state.Stateful
	// See is told the mean loss of presentations that were made since the last time, before
	// learning.
	See(loss float64, presentations int)
	// Share returns what the learning rate is multiplied by, given what was seen.
	Share() float64
}

// Following is an Optimizer whose learning rate follows the loss. It is Watching: Watch tells
// it the loss of the step.
//
// Offered by sgd with a schedule; a device, which is given rates in advance, refuses it.
type Following interface {
	Watching
	// Follower returns what it follows the loss by.
	Follower() Follower
}

// Schedules are the kinds that the setting schedule of an optimizer accepts.
var Schedules = schema.NewUnion[Schedule]("kind", "schedule")

// NoSchedule leaves the rate to the optimizer's other settings.
type NoSchedule struct{}

var _ Schedule = NoSchedule{}

func init() {
	Schedules.Register("none", schema.Doc{Summary: "the rate does not look at the loss"}, func() Schedule { return NoSchedule{} })
}

// New implements Schedule.
func (NoSchedule) New() Follower { return nil }
