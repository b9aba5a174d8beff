package control

import (
	"context"
	"math"

	"ergon/theory"
	"ergon/theory/committee"
)

// simulate returns the states of students that learn by a plan, at its times.
func (c *Control) simulate(ctx context.Context, p *plan) ([][]committee.State, error) {
	all, problems := make([][]committee.State, c.Simulate), make([]error, c.Simulate)
	done := theory.ProgressCounter(ctx, c.Simulate)
	err := theory.Parallel(ctx, c.Simulate, func(i int) {
		all[i], problems[i] = c.student(ctx, p, i)
		done()
	})
	if err != nil {
		return nil, err
	}
	for _, problem := range problems {
		if problem != nil {
			return nil, problem
		}
	}
	return all, nil
}

// student lets student number i learn.
func (c *Control) student(ctx context.Context, p *plan, i int) ([]committee.State, error) {
	start := committee.NewState(c.K, 1)
	unpack(p.states[0], start)
	s, err := committee.NewSimulation(c.learning(1, 1), start, c.N, c.Seed, i)
	if err != nil {
		return nil, err
	}
	states := []committee.State{start}
	for piece, u := range p.controls {
		l := c.learning(u.p, u.rate)
		s.Mask, s.Rate = l.Mask, l.Rate
		for until := int(math.Round(p.times()[piece+1] * float64(c.N))); s.Steps() < until; s.Step() {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		state := start.Clone()
		s.State(state)
		states = append(states, state)
	}
	return states, nil
}
