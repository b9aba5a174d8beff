package rbmmodes

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/theory"
)

// growth is by how much the modes of a machine grew while its weights were small.
type growth struct {
	// [patterns] the parts of uᵀW along its first direction without, and in, the direction
	// that all hidden units share, (1, …, 1): what they are over what they were. The second comes with a
	// weight, what they were.
	own, uniform, weight []float64
}

// window returns in how many updates the first mode changes e-fold: those over which rates are
// measured.
func (r *RBMModes) window(d *data, mask string) int {
	p := r.share(mask)
	folds := 1 / math.Abs(r.rate(d, 0, p))
	return int(max(1, min(math.Round(folds), float64(r.Updates)/p)))
}

// grow returns the growth of machine number i.
func (r *RBMModes) grow(ctx context.Context, d *data, mask string, i int) (growth, error) {
	l := r.learner(d, mask, i)
	for range r.window(d, mask) {
		if ctx.Err() != nil {
			return growth{}, ctx.Err()
		}
		l.look()
		l.learn()
	}
	var g growth
	for k := range r.Strengths {
		z := r.direction(i, k)
		mean := floats.Sum(z) / float64(r.H)
		now := make([]float64, r.H) // uᵀW over the first length
		for j, w := range l.w {
			now[j] = floats.Dot(d.modes[k], w) / (r.Scale * math.Sqrt(float64(r.H)))
		}
		uniform := floats.Sum(now) / float64(r.H)
		floats.AddConst(-mean, z)
		g.own = append(g.own, floats.Dot(z, now)/floats.Dot(z, z))
		g.uniform, g.weight = append(g.uniform, uniform*math.Copysign(1, mean)), append(g.weight, math.Abs(mean))
	}
	return g, nil
}

// growths returns the growth of all machines under each mask, [masks][machines].
func (r *RBMModes) growths(ctx context.Context, d *data) ([][]growth, error) {
	all := make([][]growth, len(r.Masks))
	for k := range all {
		all[k] = make([]growth, r.Simulate)
	}
	return all, theory.Walkers(ctx, len(r.Masks), r.Simulate, func(k, i int) (err error) {
		all[k][i], err = r.grow(ctx, d, r.Masks[k], i)
		return err
	})
}
