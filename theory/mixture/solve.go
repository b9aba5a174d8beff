package mixture

import (
	"context"
	"errors"
	"fmt"
	"math"

	"ergon/internal/parallel"
	"ergon/theory"
)

// A solution is the theory up to the present time. It needs no iteration: what a
// time needs are earlier ones.
type solution struct {
	*Problem
	*order
	pool       *parallel.Pool
	fields     *fields
	moments    *moments // nil: known exactly
	travel     *travel  // nil: known exactly
	learned    *learned // nil: there is no rule
	forces     [][]float64
	factor     cholesky // of forces
	trajectory *Trajectory
	m1         float64 // the sum of M1 so far
}

// Solve computes how learning proceeds for infinitely many weights. Averages
// over examples, and where there is a clip over weights, are of so many paths
// (20 000 give three digits); without clip or mask the weights are Gaussian and
// known exactly. Time grows as paths·steps³, memory as paths·steps². The result
// depends on the seed as on the problem's numbers smoothly, and not on the number
// of cores.
//
// Errors are those of [Problem.Validate], settings that would need too much
// memory, learning that diverges, and the context's.
func (p *Problem) Solve(ctx context.Context, paths int, seed uint64) (*Trajectory, error) {
	if err := errors.Join(p.Validate(), p.CheckPaths(paths)); err != nil {
		return nil, err
	}
	pool := parallel.New(0)
	defer pool.Close()
	s, err := p.solution(ctx, pool, paths, seed)
	if err != nil {
		return nil, err
	}
	for t := range len(p.Rates) + 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := s.step(t); err != nil {
			return nil, err
		}
		if !s.trajectory.finite(t) {
			return nil, fmt.Errorf("learning diverges: at step %d its numbers cannot be represented; %s may help", t, p.slower(t))
		}
		if p.Stepped != nil {
			p.Stepped()
		}
	}
	s.trajectory.Correlation, s.trajectory.Response = s.correlation[:len(p.Rates)+1], s.response[:len(p.Rates)+1]
	return s.trajectory, nil
}

// clips says whether gradients are clipped.
func (p *Problem) clips() bool { return !math.IsInf(p.Clip, 1) }

// solution returns the theory before its first time, computed on pool.
func (p *Problem) solution(ctx context.Context, pool *parallel.Pool, paths int, seed uint64) (*solution, error) {
	s := &solution{Problem: p, order: newOrder(p), pool: pool, trajectory: newTrajectory(len(p.Rates))}
	var err error
	if s.fields, err = newFields(ctx, pool, p, paths, seed); err != nil {
		return nil, err
	}
	if p.Rule != nil {
		s.learned, err = newLearned(ctx, pool, p, paths, seed)
		return s, err
	}
	if p.clips() {
		if s.moments, err = newMoments(ctx, pool, p, paths, seed); err != nil {
			return nil, err
		}
	}
	if p.clips() || p.P < 1 {
		s.travel, err = newTravel(ctx, pool, p, paths, seed)
	}
	return s, err
}

// step computes what is known at time t, and the order parameters of the next.
func (s *solution) step(t int) error {
	k := s.fields.step(s.pool, t, s.m[t], s.correlation[t], s.response[t])
	s.forces = append(s.forces, k.forces)
	k.gamma[t] += s.Lambda
	if s.blind() {
		k.mu = 0
	}
	act := pull{a: k.gamma, mu: k.mu + s.Drive, forces: s.forces}
	c := s.trajectory
	c.M[t], c.C[t], c.TrainLoss[t], c.M0[t] = s.m[t], s.c(t, t), k.loss, s.P
	c.Error[t] = s.ErrorAt(c.M[t], c.C[t])
	if s.learned != nil {
		return s.learn(t, act)
	}
	way := s.straight(t)
	if s.travel != nil {
		s.factor.grow(k.forces)
		act.factor = s.factor[t]
		way = s.travel.step(s.pool, t, act)
	}
	if s.moments != nil {
		s.follow(t, s.moments.step(s.pool, t, act))
	} else {
		s.advance(t, act, way.shape)
	}
	if t > 0 {
		c.M1Min[t] = s.m1 / way.ratio
	}
	s.m1 += c.M1[t]
	return nil
}

// learn lets a rule make step t.
func (s *solution) learn(t int, act pull) error {
	s.factor.grow(s.forces[t])
	act.factor = s.factor[t]
	done, err := s.learned.step(t, act)
	if err != nil {
		return err
	}
	c := s.trajectory
	c.count(t, s.learned.arrays...)
	c.Dissipation[t] = done.dissipation
	if t+1 < len(c.M1Min) {
		c.M1Min[t+1] = done.distance
	}
	if s.blind() {
		done.overlap = 0
	}
	s.add(done.overlap, done.correlation, done.response)
	return nil
}

// blind says whether nothing tells the sides of the clusters apart: m stays 0
// then, whatever the noise of the paths.
func (p *Problem) blind() bool { return p.Clusters == 3 && p.M0 == 0 && p.Drive == 0 }

// straight returns the detour of weights that are Gaussian.
func (s *solution) straight(t int) pathRatios {
	displacement := theory.MeanAbsNormal * math.Sqrt(max(0, s.c(t, t)-2*s.c(t, 0)+s.c(0, 0)))
	return pathRatios{ratio: s.m1 / displacement, shape: theory.MeanAbsNormal}
}

// advance moves the order parameters of weights that are not clipped on.
func (s *solution) advance(t int, act pull, shape float64) {
	l, rate := newLinear(s.order, act), s.rate(t)*s.P
	square := max(0, l.square())
	s.trajectory.M1[t], s.trajectory.Dissipation[t] = rate*shape*math.Sqrt(square), rate*square
	l.step(s.rate(t), s.P)
}

// follow moves the order parameters on as the paths of the weights went. Where
// nothing but the step's mask is random it is averaged over.
func (s *solution) follow(t int, move motion) {
	rate := s.rate(t) * s.P
	s.trajectory.M1[t], s.trajectory.Dissipation[t] = rate*move.change, rate*move.dissipation
	answers := make([]float64, t+1)
	for u := range answers {
		answers[u] = s.r(t, u) - rate*move.loose[u]
	}
	answers[t] = rate * move.loose[t]
	if s.blind() {
		move.overlap = 0
	}
	s.add(move.overlap, move.correlation, answers)
}

// finite says whether all numbers of time t are.
func (c *Trajectory) finite(t int) bool {
	return finite(c.M[t], c.C[t], c.TrainLoss[t], c.Error[t], c.M1[t], c.Dissipation[t], c.M1Min[t])
}

// maxPathMemory is how much memory the paths may take, in bytes.
const maxPathMemory = 4 << 30

// CheckPaths refuses more paths than fit into 4 GiB, and fewer than there have to
// be for averages.
func (p *Problem) CheckPaths(paths int) error {
	times := float64(len(p.Rates) + 1)
	each := times*times/2*4 + 4*times*8 // responses in float32; of a time, two normal numbers, noise and force
	if p.clips() {
		each += times*times/2*4 + 3*times*8
	}
	if p.clips() || p.P < 1 {
		each += 2 * times * 8
	}
	if p.Rule != nil {
		each += p.learnedMemory(times)
	}
	least, greatest := 8*len(p.Rates)+64, int(maxPathMemory/each) // lists that are made orthogonal must be longer than many
	switch {
	case greatest < least:
		return fmt.Errorf("%d steps take more than %d GiB for the fewest paths that would do, %d; want fewer steps", len(p.Rates), maxPathMemory>>30, least)
	case paths > greatest:
		return fmt.Errorf("%d paths of %d steps take %.3g GiB; want at most %d paths, or fewer steps", paths, len(p.Rates), each*float64(paths)/(1<<30), greatest)
	case paths < least:
		return fmt.Errorf("%d paths are too few for %d steps; want at least %d", paths, len(p.Rates), least)
	}
	return nil
}
