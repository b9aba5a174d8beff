package device

import (
	"ergon/internal/state"
	"ergon/masks"
)

// Save returns what the rule of a network remembers, in the form of a cpu.Updater's
// memory: the steps prepared must have been made. It brings home what kernels remember.
func (u *Updater) Save(network int) (*state.Snapshot, error) {
	r := &u.rules[network]
	flat := make([]float32, u.place.Layout.Size)
	for i, arrays := range r.optimizer.Memories() {
		if err := u.remembered[network][i].Download(flat); err != nil {
			return nil, err
		}
		u.place.Layout.Unpack(arrays, flat)
	}
	return state.Save(stateful{r, &u.next})
}

// Load gives the rule of a network what a snapshot remembers, one of Save or of a
// cpu.Updater. All networks go on with the same step.
func (u *Updater) Load(network int, s *state.Snapshot) error {
	r := &u.rules[network]
	if err := s.Restore(stateful{r, &u.next}); err != nil {
		return err
	}
	flat := make([]float32, u.place.Layout.Size)
	for i, arrays := range r.optimizer.Memories() {
		u.place.Layout.Pack(flat, arrays)
		if err := u.remembered[network][i].Upload(flat); err != nil {
			return err
		}
	}
	return nil
}

// stateful is the memory of one network's rule on the host.
type stateful struct {
	*rule
	next *uint64
}

// State implements state.Stateful, under the names of cpu.Updater.
func (s stateful) State(v state.Visitor) {
	v.JSON("step", s.next)
	stages := masks.Stages{Optimizer: s.optimizer}
	for _, m := range s.masks {
		stages.Masks = append(stages.Masks, m)
	}
	stages.State(v)
	state.Under(v, "writes", s.writes)
}
