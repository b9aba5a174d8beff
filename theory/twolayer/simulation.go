package twolayer

import (
	"context"
	"math"

	"ergon/theory"
	"ergon/theory/committee"
)

// simulate returns the states of w.Simulate students at the times. All have the overlaps
// of start at t = 0.
func (w *TwoLayer) simulate(ctx context.Context, start committee.State, done func()) ([][]committee.State, error) {
	states, problems := make([][]committee.State, w.Simulate), make([]error, w.Simulate)
	err := theory.Parallel(ctx, w.Simulate, func(i int) {
		states[i], problems[i] = w.simulateOne(ctx, start, i, done)
	})
	if err != nil {
		return nil, err
	}
	for _, problem := range problems {
		if problem != nil {
			return nil, problem
		}
	}
	return states, nil
}

// simulateOne returns the states of simulation number i at the times.
func (w *TwoLayer) simulateOne(ctx context.Context, start committee.State, i int, done func()) ([]committee.State, error) {
	s, err := committee.NewSimulation(w.learning(), start, w.N, w.Seed, i)
	if err != nil {
		return nil, err
	}
	states := []committee.State{start.Clone()}
	for _, t := range w.times()[1:] {
		for until := int(math.Round(t * float64(w.N))); s.Steps() < until; s.Step() {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		state := start.Clone()
		s.State(state)
		states = append(states, state)
		done()
	}
	return states, nil
}
