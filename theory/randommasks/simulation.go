package randommasks

import (
	"context"
	"math"

	"ergon/theory"
	"ergon/theory/committee"
)

// simulate returns τ as measured by each student, [ways][simulations].
func (r *RandomMasks) simulate(ctx context.Context, ways []way) ([][]float64, error) {
	measured := theory.NewMatrix(len(ways), r.Simulate)
	if r.Simulate == 0 {
		return measured, nil
	}
	err := theory.Walkers(ctx, len(ways), r.Simulate, func(place, walker int) (err error) {
		measured[place][walker], err = r.measure(ctx, ways[place], place*r.Simulate+walker)
		return err
	})
	return measured, err
}

// measure lets a student learn to the predicted time of a way and returns τ, corrected by
// what its error is off the goal.
func (r *RandomMasks) measure(ctx context.Context, w way, number int) (float64, error) {
	l, start := r.learning(w.p, w.rate), r.start()
	s, err := committee.NewSimulation(l, start, r.N, r.Seed, number)
	if err != nil {
		return 0, err
	}
	for steps := int(math.Round(w.clock / w.p * float64(r.N))); s.Steps() < steps; s.Step() {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	s.State(start)
	return w.clock - (l.Error(start)-r.Goal)/w.slope, nil
}
