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
	values  []float32  // what is compared, of every synapse of the array
	all     bool       // every synapse takes part
	kept    []int32    // else these do
	buffers [2][]int32 // for kept
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
		if n == len(m.arrays) {
			m.arrays = append(m.arrays, candidates{})
		}
		f := &m.arrays[n]
		f.Synapses, f.values = s, m.compared(s)
		f.list(step.Before)
		all = all && f.all
		m.values = append(m.values, f.values)
		n++
	}
	m.arrays = m.arrays[:n]
	return all, nil
}

// list lists the synapses that the masks before this one keep, or finds that it is all of
// them.
func (f *candidates) list(before []masks.Mask) {
	f.all, f.kept = true, nil
	for _, m := range before {
		switch {
		case m.KeepsAll(f.Synapses):
		case f.all:
			f.buffers[0] = m.Select(f.Synapses, 0, len(f.Weights), f.buffers[0][:0])
			f.kept, f.all = f.buffers[0], false
		default:
			f.buffers[1] = m.Select(f.Synapses, 0, len(f.Weights), f.buffers[1][:0])
			f.kept = masks.Intersect(f.kept, f.buffers[1])
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
	for n := range m.arrays {
		f := &m.arrays[n]
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

// appendAtLeast appends the numbers, from first on, of the values whose key
// reaches the threshold.
func appendAtLeast(kept []int32, values []float32, first int, flip, threshold uint32) []int32 {
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
