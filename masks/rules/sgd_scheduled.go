package rules

import (
	"errors"

	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
)

// scheduled is a descent whose rate follows the loss.
type scheduled struct {
	descent
	follower masks.Follower
}

var (
	_ masks.Following    = (*scheduled)(nil)
	_ masks.Local        = (*scheduled)(nil)
	_ masks.Proportional = (*scheduled)(nil)
	_ masks.Revocable    = (*scheduled)(nil)
	_ masks.Vectorized   = (*scheduled)(nil)
	_ masks.Remembering  = (*scheduled)(nil)
	_ masks.Accounted    = (*scheduled)(nil)
	_ state.Stateful     = (*scheduled)(nil)
)

// newScheduled refuses networks whose loss is no error.
func newScheduled(d descent, f masks.Follower, net masks.Network) (masks.Optimizer, error) {
	if net.Generative {
		return nil, schema.Fieldf("schedule", "%s follows the error of answers, and a Boltzmann machine gives none; set none", masks.Schedules.Name(d.Schedule))
	}
	return &scheduled{d, f}, nil
}

// Locality implements Local: the loss is that of presentations.
func (s *scheduled) Locality() (masks.Locality, error) {
	return 0, schema.Fieldf("schedule", "%s follows the loss of presentations, and synapses by themselves have none; set none", masks.Schedules.Name(s.Schedule))
}

// Watch implements Watching. What was seen stays seen if the step is revoked.
func (s *scheduled) Watch(step *masks.Step) error {
	if step.Presented == 0 {
		return errors.New("schedule: the loss of the step is not known")
	}
	s.follower.See(step.Loss, step.Presented)
	return nil
}

// Begin implements Optimizer.
func (s *scheduled) Begin() {
	s.factor = -float32(s.RateAfter(s.steps, s.power) * s.follower.Share())
	s.steps++
}

// Follower implements Following.
func (s *scheduled) Follower() masks.Follower { return s.follower }

// State implements state.Stateful.
func (s *scheduled) State(v state.Visitor) {
	s.descent.State(v)
	state.Under(v, "schedule", s.follower)
}
