package optimum

import (
	"math"

	"ergon/theory/mixture"
)

// plan is a way to learn: steps at the density p of the mask, with learning rates that go
// geometrically from first to last and gradients clipped at clip.
type plan struct {
	steps                int
	p, first, last, clip float64
}

// account is what learning costs per synapse up to a step, and the error there.
type account struct {
	reached       bool // the target
	steps         int
	error, m0, m1 float64
}

// candidate is a plan with what theory predicts and what simulations gave.
type candidate struct {
	plan
	predicted account
	simulated []*mixture.Trajectory
}

// atEnd returns the account of a whole trajectory, which reaches the target if its last
// error does.
func atEnd(c *mixture.Trajectory, target float64) account { return at(c, len(c.Error)-1, target) }

// atGoal returns the account of a trajectory up to where it first reaches the target, or of
// the whole trajectory if it does not.
func atGoal(c *mixture.Trajectory, target float64) account {
	for t, e := range c.Error {
		if e <= target {
			return at(c, t, target)
		}
	}
	return atEnd(c, target)
}

// at returns the account of a trajectory up to step t.
func at(c *mixture.Trajectory, t int, target float64) account {
	return account{
		reached: c.Error[t] <= target,
		steps:   t, error: c.Error[t], m0: c.M0Total()[t], m1: c.M1Total()[t],
	}
}

// meanTrajectory returns the mean of trajectories of the same number of steps: the lists
// that accounts need.
func meanTrajectory(trajectories []*mixture.Trajectory) *mixture.Trajectory {
	mean := func(part func(*mixture.Trajectory) []float64) []float64 {
		sums := make([]float64, len(part(trajectories[0])))
		for _, c := range trajectories {
			for t, x := range part(c) {
				sums[t] += x / float64(len(trajectories))
			}
		}
		return sums
	}
	return &mixture.Trajectory{
		Error: mean(func(c *mixture.Trajectory) []float64 { return c.Error }),
		M0:    mean(func(c *mixture.Trajectory) []float64 { return c.M0 }),
		M1:    mean(func(c *mixture.Trajectory) []float64 { return c.M1 }),
	}
}

// until returns the account of each trajectory up to step t, and the error there.
func until(trajectories []*mixture.Trajectory, t int) (errors, m0, m1 []float64) {
	for _, c := range trajectories {
		a := at(c, t, math.Inf(1))
		errors, m0, m1 = append(errors, a.error), append(m0, a.m0), append(m1, a.m1)
	}
	return errors, m0, m1
}
