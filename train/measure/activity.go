package measure

import (
	"math"

	"ergon/graph"
)

// Activity counts how often each hidden and output unit was active, output ≠ 0, over the
// test set. These are the units that Eq. 5 of the dynamic bound resets after each
// inference; inputs are held from outside. A nil Activity counts nothing.
type Activity struct {
	presentations int64
	counts        [][]int64 // of each layer [Units]
}

// NewActivity counts the units of a model.
func NewActivity(m graph.Model) *Activity {
	a := new(Activity)
	for _, l := range m.Layers() {
		a.counts = append(a.counts, make([]int64, l.Units()))
	}
	return a
}

// Reset begins a new evaluation.
func (a *Activity) Reset() {
	if a == nil {
		return
	}
	a.presentations = 0
	for _, counts := range a.counts {
		clear(counts)
	}
}

// Observe counts the presentations that p has run.
func (a *Activity) Observe(p *graph.Program) {
	if a == nil {
		return
	}
	a.presentations += int64(p.Batch)
	for l, counts := range a.counts {
		y := p.Postsynaptic(l)
		for len(y) > 0 {
			for i, v := range y[:len(counts)] {
				active := int64(0)
				if math.Float32bits(v)<<1 != 0 { // v ≠ 0, without a branch
					active = 1
				}
				counts[i] += active
			}
			y = y[len(counts):]
		}
	}
}

// Shares returns for each unit the share of presentations in which it was
// active; nil before the first evaluation.
func (a *Activity) Shares() (p []float64) {
	if a.presentations == 0 {
		return nil
	}
	for _, counts := range a.counts {
		for _, n := range counts {
			p = append(p, float64(n)/float64(a.presentations))
		}
	}
	return p
}
