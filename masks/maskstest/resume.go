package maskstest

import (
	"pgregory.net/rapid"

	"ergon/internal/state"
)

// Keeper is a Stepper whose memory lies elsewhere, so that it takes more than being
// state.Stateful to hand it out.
type Keeper interface {
	Stepper
	// Save returns the memory, in the form of the reference's.
	Save() (*state.Snapshot, error)
	// Load gives the stepper a memory, one of the reference's as well.
	Load(s *state.Snapshot) error
}

// save returns what a stepper remembers.
func save(s Stepper) (*state.Snapshot, error) {
	if k, ok := s.(Keeper); ok {
		return k.Save()
	}
	return state.Save(s)
}

// load gives a stepper a memory.
func load(s Stepper, memory *state.Snapshot) error {
	if k, ok := s.(Keeper); ok {
		return k.Load(memory)
	}
	return memory.Restore(s)
}

// resumed returns another stepper of the same rule that goes on where from is, for a
// network with these weights. It may have been used for something else before.
func (c *trial) resumed(t *rapid.T, make New, from Stepper, n *Network) Stepper {
	memory, err := save(from)
	if err != nil {
		t.Fatal(err)
	}
	s, err := make(c.rule, c.net, c.seed)
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "used before") {
		other := NewNetwork(c.net.Layers, c.seed+1)
		for step := range uint64(2) {
			take(t, s, other, step, 2, true, nil)
		}
	}
	s.Attach(n.Weights())
	if err := load(s, memory); err != nil {
		t.Fatalf("a memory cannot be restored: %v", err)
	}
	return s
}
