package langevin

import (
	"context"
	"math"

	"ergon/theory"
)

// means are means over time in the stationary state at one temperature, for each student.
type means struct {
	distance, work    []float64 // [students] |w-w*|², work of a step
	norm, mean, noise []float64 // [students] ⟨|g|²⟩, |ḡ|² and tr Σ of single presentations
}

func newMeans(students int) *means {
	all := make([]float64, 5*students)
	part := func(i int) []float64 { return all[i*students : (i+1)*students : (i+1)*students] }
	return &means{part(0), part(1), part(2), part(3), part(4)}
}

// meansByTemperature are the means at each of the students' temperatures.
type meansByTemperature []*means

// at returns the means of temperature t, nil if nothing was simulated.
func (c meansByTemperature) at(t int) *means {
	if c == nil {
		return nil
	}
	return c[t]
}

// simulate lets the students learn, each on one core.
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

// follow lets student number i learn and enters it into the means.
func (l *Langevin) follow(ctx context.Context, i int, means meansByTemperature) {
	student, probe, unobserved := l.student(i), l.probe(i), int(math.Ceil(10*l.relaxation()))
	for k := range unobserved {
		if ctx.Err() != nil {
			return
		}
		student.step(uint64(k))
	}
	for k := unobserved; k < unobserved+l.Steps; k++ {
		if ctx.Err() != nil {
			return
		}
		if (k-unobserved)%probeEvery == 0 {
			probe.observe(uint64(k), i, student.v, means)
		}
		student.step(uint64(k))
		for t, v := range student.v {
			means[t].distance[i] += theory.SquaredNorm(v) / float64(l.Steps)
			means[t].work[i] += student.work(t) / float64(l.Steps)
		}
	}
	probe.average(i, means)
}
