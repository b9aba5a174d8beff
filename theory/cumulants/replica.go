package cumulants

import (
	"ergon/masks/cpu"
)

// replica is the run as it would go on with other masks: the real thing, its
// updates made by package masks.
type replica struct {
	weights [][]float32
	updater *cpu.Updater
}

var _ walker = (*replica)(nil)

// enter implements walker.
func (r *replica) enter(m *machine) { m.load(r.weights) }

// leave implements walker.
func (r *replica) leave(m *machine) {
	for a, w := range m.weights {
		copy(r.weights[a], w)
	}
}

// step implements walker.
func (r *replica) step(m *machine, number int) error {
	parameters, err := m.present(number)
	if err != nil {
		return err
	}
	return r.updater.Step(parameters)
}
