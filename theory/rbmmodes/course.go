package rbmmodes

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"ergon/theory"
)

// course is what a machine does under a mask, at the points of the table.
type course struct {
	updates, m0, m1 []float64   // [points+1] M0 and M1 so far, per synapse
	s, chi          [][]float64 // [patterns][points+1] couplings and their χ
	leading         [][]float64 // [points+1] z of the largest
}

// grid returns the updates at which machines are looked at under a mask: the same M0.
func (r *RBMModes) grid(mask string) []float64 {
	updates := make([]float64, r.Points+1)
	for i := range updates {
		updates[i] = math.Round(float64(i) / float64(r.Points) * float64(r.Updates) / r.share(mask))
	}
	return updates
}

// courses returns the courses of all machines under each mask, [masks][machines].
func (r *RBMModes) courses(ctx context.Context, d *data) ([][]*course, error) {
	all := make([][]*course, len(r.Masks))
	for k := range all {
		all[k] = make([]*course, r.Simulate)
	}
	return all, theory.Walkers(ctx, len(r.Masks), r.Simulate, func(k, i int) (err error) {
		all[k][i], err = r.follow(ctx, d, r.Masks[k], i)
		return err
	})
}

// follow lets machine number i learn.
func (r *RBMModes) follow(ctx context.Context, d *data, mask string, i int) (*course, error) {
	l, patterns := r.learner(d, mask, i), len(r.Strengths)
	c := &course{updates: r.grid(mask), s: make([][]float64, patterns), chi: make([][]float64, patterns)}
	for _, until := range c.updates {
		for ; float64(l.update) < until; l.learn() {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			l.look()
		}
		if err := c.observe(l); err != nil {
			return nil, fmt.Errorf("mask %s: %w", mask, err)
		}
	}
	return c, nil
}

// observe enters the machine as it is.
func (c *course) observe(l *learner) error {
	for _, w := range l.w {
		if size := floats.Norm(w, 2); math.IsNaN(size) || math.IsInf(size, 0) {
			return fmt.Errorf("the weights diverged before update %d; give a smaller eta", l.update)
		}
	}
	s, z := l.couplings(l.data.variance)
	l.law.set(l.machine)
	synapses := float64(len(l.w) * len(l.centre))
	c.m0, c.m1, c.leading = append(c.m0, l.changes/synapses), append(c.m1, l.change/synapses), append(c.leading, z[0])
	for k := range c.s {
		c.s[k], c.chi[k] = append(c.s[k], s[k]), append(c.chi[k], l.law.susceptibility(z[k]))
	}
	return nil
}

// crossing returns the point, between two of them, at which coupling k first reaches 1, by its
// logarithm; NaN if it does not.
func (c *course) crossing(k int) float64 {
	for i := 1; i < len(c.s[k]); i++ {
		if before, after := c.s[k][i-1], c.s[k][i]; after >= 1 {
			return float64(i-1) + max(0, -math.Log(before))/math.Log(after/before)
		}
	}
	return math.NaN()
}

// peak returns the point, between two of them, at which χ of the largest coupling s has its
// peak from s = ½ on; NaN if it has none, or if the points are so few that the first of these is
// beyond 1.
func (c *course) peak() float64 {
	first := slices.IndexFunc(c.s[0], func(s float64) bool { return s >= 0.5 })
	if first < 0 || c.s[0][first] > 1 {
		return math.NaN()
	}
	return float64(first) + peakOf(c.chi[0][first:])
}
