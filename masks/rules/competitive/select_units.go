package competitive

import (
	"errors"
	"math"
	"slices"

	"ergon/internal/selection"
	"ergon/masks"
)

var errNotPresented = errors.New("masks: competition by activity or error needs Updater.Present before Step")

// selectUnits decides a competition among a layer's neurons, by Σ_b|activity| or
// Σ_b|error| over the batch. A neuron onto which every synapse is frozen cannot win.
func (m *competitive) selectUnits(step *masks.Step, c *competition, k int) error {
	if len(step.Errors) == 0 {
		return errNotPresented
	}
	l := c.layers[0]
	values := step.Errors[l]
	if m.By == "activity" {
		values = step.Activity[l+1]
	}
	m.plastic = slices.Grow(m.plastic[:0], c.n)[:c.n]
	clear(m.plastic)
	for n := range m.arrays {
		f := &m.arrays[n]
		f.each(func(i int) { m.plastic[i%f.Out] = true })
	}
	m.unitSums = m.unitSums[:0]
	for j := range c.n {
		if !m.plastic[j] {
			continue
		}
		sum := 0.0
		for i := j; i < len(values); i += c.n {
			sum += math.Abs(float64(values[i]))
		}
		m.unitSums = append(m.unitSums, selection.Key(float32(sum))^m.flip)
	}
	m.keys = append(m.keys[:0], m.unitSums...)
	threshold := selection.Threshold(m.keys, k, m.least())
	c.winners = c.winners[:0]
	n := 0
	for j, plastic := range m.plastic {
		if !plastic {
			continue
		}
		if m.unitSums[n] >= threshold {
			c.winners = append(c.winners, int32(j))
		}
		n++
	}
	return nil
}
