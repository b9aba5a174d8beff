package accumulate

import (
	"math"

	"ergon/internal/state"
)

// runningMax is the mean of the largest magnitudes of gradients, with decay .999, as if it had begun with
// the first of them.
type runningMax struct {
	mean  float64
	tries int
}

// normalize returns what a gradient whose largest magnitude is given is to be divided by.
func (r *runningMax) normalize(largest float64) float64 {
	const decay = 0.999 // Gural et al. 2020
	r.tries++
	r.mean = decay*r.mean + (1-decay)*largest
	return max(largest, r.mean/(1-math.Pow(decay, float64(r.tries))))
}

// State implements state.Stateful.
func (r *runningMax) State(v state.Visitor) {
	state.Float64(v, "mean", &r.mean)
	v.JSON("tries", &r.tries)
}

// write writes the sum of an array to its weights, and reports whether enough of them changed.
func (m *lowRank) write(a int) bool {
	s := m.all[a]
	if cap(m.scratch.gradient) < len(s.Weights) {
		m.scratch.gradient = make([]float32, len(s.Weights))
	}
	g := m.scratch.gradient[:len(s.Weights)]
	m.sums[a].expand(g)
	rate, changed := m.rate(a, g), 0
	for i, w := range s.Weights {
		if m.change(rate, w, g[i]) != 0 {
			changed++
		}
	}
	if float64(changed) < m.RhoMin*float64(len(g)) {
		return false
	}
	for i := range s.Weights {
		if step := m.change(rate, s.Weights[i], g[i]); step != 0 {
			write(&m.consolidations[s.Layer], &s.Weights[i], step)
			m.writes.Add(a, i)
		}
	}
	return true
}

// rate returns what a gradient is multiplied by.
func (m *lowRank) rate(a int, g []float32) float64 {
	if !m.MaxNorm {
		return float64(m.factor)
	}
	largest := float32(0)
	for _, x := range g {
		largest = max(largest, magnitude(x))
	}
	if largest == 0 {
		return 0
	}
	return float64(m.factor) * math.Sqrt(float64(m.batches[a])) / m.maxima[a].normalize(float64(largest))
}

// change returns by how much a weight is to change.
func (c *LowRank) change(rate float64, w, g float32) float64 {
	delta := rate * float64(g)
	if c.Bits == 0 {
		return delta
	}
	epsilon := math.Ldexp(c.Range, 1-c.Bits)
	up, down := math.Floor((c.Range-float64(w))/epsilon), math.Ceil((-c.Range-float64(w))/epsilon)
	return epsilon * min(max(math.Round(delta/epsilon), min(down, 0)), max(up, 0))
}
