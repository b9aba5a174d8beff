package mixture

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
)

// Simulate learns a drawn instance of the problem with d weights, plainly. The
// instance, the masks, and who takes part are those of number index under the
// seed. It runs on the caller's core and takes 8·α·d² bytes.
//
// What is 1 or 0 in the limit of many weights is so exactly here: |v*|²/d, the
// shares of the clusters, and the overlaps of the start. That leaves out noise of
// relative size 1/√d that has nothing to do with learning, and moves no average by
// more than the 1/d that finitely many weights do anyway.
//
// Errors are those of [Problem.Validate], an instance that takes too much memory,
// learning that diverges, and the context's.
func (p *Problem) Simulate(ctx context.Context, d int, seed uint64, index int) (*Trajectory, error) {
	if err := errors.Join(p.Validate(), p.CheckSimulation(d)); err != nil {
		return nil, err
	}
	e, err := p.experiment(d, philoxes(seed, index))
	if err != nil {
		return nil, err
	}
	trajectory := newTrajectory(len(p.Rates))
	trajectory.Grain = 1 / float64(d)
	for t := range trajectory.M {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.observe(t, trajectory)
		if err := e.step(t, trajectory); err != nil {
			return nil, err
		}
		if !trajectory.finite(t) {
			return nil, fmt.Errorf("learning of %d weights diverges: at step %d its numbers cannot be represented; %s may help", d, t, p.slower(t))
		}
	}
	return trajectory, nil
}

// mostExamples is in bytes; simulations run side by side, one a core.
const mostExamples = 512 << 20

// CheckSimulation refuses a number d of weights for which there is no example, or whose examples take more
// than 512 MiB.
func (p *Problem) CheckSimulation(d int) error {
	if d < 2 || math.Round(p.Alpha*float64(d)) < 1 {
		return fmt.Errorf("%d weights; want two and an example at least", d)
	}
	if need := 8 * p.Alpha * float64(d) * float64(d); need > mostExamples {
		return fmt.Errorf("the examples of %d weights take %.3g GiB; want at most %d weights", d, need/(1<<30), int(math.Sqrt(mostExamples/8/p.Alpha)))
	}
	return nil
}

// observe computes what the examples do at step t and enters what is known before it.
func (e *experiment) observe(t int, c *Trajectory) {
	weights := blas64.Vector{N: len(e.w), Inc: 1, Data: e.w}
	blas64.Gemv(blas.NoTrans, 1, e.x, weights, 0, blas64.Vector{N: len(e.field), Inc: 1, Data: e.field})
	e.assemble(t)
	loss := 0.0
	for mu, h := range e.field {
		value, first, _ := e.example(e.y[mu], h)
		loss += value
		e.force[mu] = 0
		if bit(e.active, mu) {
			e.force[mu] = first
		}
	}
	n, d := float64(len(e.y)), float64(len(e.w))
	c.M[t], c.C[t], c.TrainLoss[t] = floats.Dot(e.w, e.teacher)/d, floats.Dot(e.w, e.w)/d, loss/n
	c.Error[t], c.M1Min[t] = e.ErrorAt(c.M[t], c.C[t]), floats.Distance(e.w, e.start, 1)/d
}

// assemble draws which examples take part in step t.
func (e *experiment) assemble(t int) {
	join, leave := e.B, 1-e.B
	if t > 0 {
		join, leave = e.turnover(t - 1)
	}
	e.participation.Below(uint64(t), 0, philox.Threshold(join), e.join)
	e.participation.Below(uint64(t), 0, philox.Threshold(1-leave), e.stay)
	for i, was := range e.active {
		e.active[i] = was&e.stay[i] | ^was&e.join[i]
	}
}

// step makes step t and enters what it changes.
func (e *experiment) step(t int, c *Trajectory) error {
	copy(e.gradient, e.w)
	gradient := blas64.Vector{N: len(e.w), Inc: 1, Data: e.gradient}
	blas64.Gemv(blas.Trans, 1, e.x, blas64.Vector{N: len(e.force), Inc: 1, Data: e.force}, e.Lambda, gradient)
	floats.AddScaled(e.gradient, e.Drive, e.teacher)
	if e.synapses != nil {
		return e.learn(t, c)
	}
	e.mask.Below(uint64(t), 0, philox.Threshold(e.P), e.plastic)
	d, eta := float64(len(e.w)), e.rate(t)
	for j, g := range e.gradient {
		change := eta * min(max(g, -e.Clip), e.Clip)
		if change == 0 || !bit(e.plastic, j) {
			continue
		}
		e.w[j] -= change
		c.M0[t] += 1 / d
		c.M1[t] += math.Abs(change) / d
		c.Dissipation[t] += change * g / d
	}
	return nil
}

// learn lets the rule make step t.
func (e *experiment) learn(t int, c *Trajectory) error {
	for j, g := range e.gradient {
		e.synapses.Gradient()[j] = float32(g)
	}
	if err := e.synapses.Step(); err != nil {
		return err
	}
	for j, w := range e.synapses.Weights() {
		c.Dissipation[t] -= (float64(w) - e.w[j]) * e.gradient[j] / float64(len(e.w))
		e.w[j] = float64(w)
	}
	c.count(t, e.synapses)
	return nil
}
