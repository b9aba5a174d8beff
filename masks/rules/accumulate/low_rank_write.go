package accumulate

import (
	"math"

	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
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
	m.eachChange(s.Weights, g, rate, func(int, float64) { changed++ })
	if float64(changed) < m.RhoMin*float64(len(g)) {
		return false
	}
	m.eachChange(s.Weights, g, rate, func(i int, step float64) {
		write(&m.consolidations[s.Layer], &s.Weights[i], step)
		m.writes.Add(a, i)
	})
	return true
}

// eachChange calls do with each weight that is to change, and by how much. Of most the gradient is too small for that,
// which vectors see.
func (m *lowRank) eachChange(w, g []float32, rate float64, do func(i int, step float64)) {
	var places [masks.ChunkSize]int32
	least := m.leastGradient(rate)
	for lo := 0; lo < len(g); lo += masks.ChunkSize {
		chunk := g[lo:min(lo+masks.ChunkSize, len(g))]
		for _, i := range places[:simd.Reaching(chunk, 0, least, lo, places[:])] {
			if step := m.change(rate, w[i], g[i]); step != 0 {
				do(int(i), step)
			}
		}
	}
}

// leastGradient returns the bits of a magnitude of g below which no weight changes.
func (c *LowRank) leastGradient(rate float64) uint32 {
	if c.Bits == 0 {
		return 1 // the smallest float32 above 0
	}
	const half = 0.5 - 1e-6 // of a step, which rounds to none, whatever the product with the rate was rounded to
	least := float32(half * c.epsilon() / math.Abs(rate))
	if !(least > 0) {
		return 0
	}
	return math.Float32bits(least)
}

// epsilon returns the step of a weight that has Bits.
func (c *LowRank) epsilon() float64 { return math.Ldexp(c.Range, 1-c.Bits) }

// rate returns what a gradient is multiplied by.
func (m *lowRank) rate(a int, g []float32) float64 {
	if !m.MaxNorm {
		return float64(m.factor)
	}
	largest := simd.Largest(g)
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
	epsilon := c.epsilon()
	up, down := math.Floor((c.Range-float64(w))/epsilon), math.Ceil((-c.Range-float64(w))/epsilon)
	return epsilon * min(max(math.Round(delta/epsilon), min(down, 0)), max(up, 0))
}
