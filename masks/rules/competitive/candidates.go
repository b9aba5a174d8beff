package competitive

import "ergon/masks"

// candidates are the synapses of an array that take part in a competition: those that
// all masks before it keep.
type candidates struct {
	*masks.Synapses
	values  []float32  // what is compared, of every synapse of the array
	all     bool       // every synapse takes part
	kept    []int32    // if not all: those that do, ascending
	buffers [2][]int32 // storage of kept
}

// compared returns what is compared of an array of synapses: weights or gradient.
func (m *competitive) compared(s *masks.Synapses) []float32 {
	if m.By == "weight" {
		return s.Weights
	}
	return s.Gradient
}

// collect finds the candidates of a competition, array by array, and reports whether
// every synapse is one. If gradients are compared, it computes them.
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

// list finds the synapses that all masks before this one keep.
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

// each calls visit with each candidate, ascending.
func (f *candidates) each(visit func(i int)) {
	if f.all {
		for i := range f.Weights {
			visit(i)
		}
		return
	}
	for _, i := range f.kept {
		visit(int(i))
	}
}
