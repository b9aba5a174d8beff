package langevin

import (
	"context"
	"math"

	"ergon/theory"
)

// means are means over the stationary part of each course, at one temperature.
type means struct {
	distance, work    []float64 // [courses] |w-w*|², work of a step
	norm, mean, noise []float64 // [courses] ⟨|g|²⟩, |ḡ|² and tr Σ of single presentations
}

func newMeans(courses int) *means {
	all := make([]float64, 5*courses)
	part := func(i int) []float64 { return all[i*courses : (i+1)*courses : (i+1)*courses] }
	return &means{part(0), part(1), part(2), part(3), part(4)}
}

// meansByTemperature has the means of each temperature of a course.
type meansByTemperature []*means

// at returns the means of temperature t, nil if nothing was simulated.
func (c meansByTemperature) at(t int) *means {
	if c == nil {
		return nil
	}
	return c[t]
}

// simulate runs the courses, each on one core.
func (l *Langevin) simulate(ctx context.Context) (meansByTemperature, error) {
	if l.Simulate == 0 {
		return nil, nil
	}
	means := make(meansByTemperature, len(l.Ratios)+1)
	for t := range means {
		means[t] = newMeans(l.Simulate)
	}
	return means, theory.Parallel(ctx, l.Simulate, func(i int) { l.follow(ctx, i, means) })
}

// follow enters course number i into the means.
func (l *Langevin) follow(ctx context.Context, i int, means meansByTemperature) {
	c, probe, unobserved := l.student(i), l.probe(i), int(math.Ceil(10*l.relaxation()))
	for k := range unobserved {
		if ctx.Err() != nil {
			return
		}
		c.step(uint64(k))
	}
	for k := unobserved; k < unobserved+l.Steps; k++ {
		if ctx.Err() != nil {
			return
		}
		if (k-unobserved)%probeEvery == 0 {
			probe.observe(uint64(k), i, c.v, means)
		}
		c.step(uint64(k))
		for t, v := range c.v {
			means[t].distance[i] += theory.SquaredNorm(v) / float64(l.Steps)
			means[t].work[i] += c.work(t) / float64(l.Steps)
		}
	}
	probe.average(i, means)
}
