package competitive

import (
	"errors"
	"math"
	"slices"

	"ergon/internal/selection"
	"ergon/internal/simd"
	"ergon/masks"
)

// Competitions of synapses whose gradients are written out.

// candidates are the synapses of an array that take part in a competition.
type candidates struct {
	*masks.Synapses
	values []float32  // what is compared, of every synapse of the array
	all    bool       // every synapse takes part
	kept   []int32    // else these do
	room   [2][]int32 // for kept
}

// compared returns what is compared of an array of synapses.
func (m *competitive) compared(s *masks.Synapses) []float32 {
	if m.By == "weight" {
		return s.Weights
	}
	return s.Gradient
}

// collect finds the candidates of a competition, array by array, and says whether every
// synapse is one. Gradients that are compared are written out.
func (m *competitive) collect(step *masks.Step, c *competition) (all bool, err error) {
	n := 0
	all = true
	m.values = m.values[:0]
	for _, s := range step.Arrays {
		if m.competitionOf[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		if m.By == "update" {
			if err := s.Write(); err != nil {
				return false, err
			}
		}
		if n == len(m.field) {
			m.field = append(m.field, candidates{})
		}
		f := &m.field[n]
		f.Synapses, f.values = s, m.compared(s)
		f.find(step.Before)
		all = all && f.all
		m.values = append(m.values, f.values)
		n++
	}
	m.field = m.field[:n]
	return all, nil
}

// find lists the synapses that the masks before this one keep, or finds that it is all of
// them.
func (f *candidates) find(before []masks.Mask) {
	f.all, f.kept = true, nil
	for _, m := range before {
		switch {
		case m.KeepsAll(f.Synapses):
		case f.all:
			f.room[0] = m.Select(f.Synapses, 0, len(f.Weights), f.room[0][:0])
			f.kept, f.all = f.room[0], false
		default:
			f.room[1] = m.Select(f.Synapses, 0, len(f.Weights), f.room[1][:0])
			f.kept = masks.Intersect(f.kept, f.room[1])
		}
	}
}

// each calls take with each candidate.
func (f *candidates) each(take func(i int)) {
	if f.all {
		for i := range f.Weights {
			take(i)
		}
		return
	}
	for _, i := range f.kept {
		take(int(i))
	}
}

// selectAll decides a competition of all synapses of its layers.
func (m *competitive) selectAll(c *competition, k int, all bool) {
	if all {
		if key, ok := m.sample.KthLargest(m.values, m.flip, k); ok {
			c.threshold[0] = max(key, m.least())
			return
		}
	}
	m.keys = m.keys[:0]
	for n := range m.field {
		f := &m.field[n]
		if f.all { // without a call for each synapse: this is most of the rule's time
			for _, v := range f.values {
				m.keys = append(m.keys, selection.Key(v)^m.flip)
			}
			continue
		}
		for _, i := range f.kept {
			m.keys = append(m.keys, selection.Key(f.values[i])^m.flip)
		}
	}
	c.threshold[0] = selection.Threshold(m.keys, k, m.least())
}

// appendReaching appends the numbers, from first on, of the values whose key
// reaches the threshold.
func appendReaching(kept []int32, values []float32, first int, flip, threshold uint32) []int32 {
	n := len(kept)
	kept = slices.Grow(kept, len(values))
	return kept[:n+simd.Reaching(values, flip, threshold, first, kept[n:n+len(values)])]
}

var errNotPresented = errors.New("masks: competition by activity or error needs Updater.Present before Step")

// selectUnits decides a competition of a layer's neurons. One onto which the
// masks before this one let no synapse change has lost.
func (m *competitive) selectUnits(step *masks.Step, c *competition, k int) error {
	if len(step.Errors) == 0 {
		return errNotPresented
	}
	l := c.layers[0]
	values := step.Errors[l]
	if m.By == "activity" {
		values = step.Activity[l+1]
	}
	m.plastic = slices.Grow(m.plastic[:0], c.candidates)[:c.candidates]
	clear(m.plastic)
	for n := range m.field {
		f := &m.field[n]
		f.each(func(i int) { m.plastic[i%f.Out] = true })
	}
	m.ranked = m.ranked[:0]
	for j := range c.candidates {
		if !m.plastic[j] {
			continue
		}
		sum := 0.0
		for i := j; i < len(values); i += c.candidates {
			sum += math.Abs(float64(values[i]))
		}
		m.ranked = append(m.ranked, selection.Key(float32(sum))^m.flip)
	}
	m.keys = append(m.keys[:0], m.ranked...)
	threshold := selection.Threshold(m.keys, k, m.least())
	c.neurons = c.neurons[:0]
	n := 0
	for j, plastic := range m.plastic {
		if !plastic {
			continue
		}
		if m.ranked[n] >= threshold {
			c.neurons = append(c.neurons, int32(j))
		}
		n++
	}
	return nil
}
