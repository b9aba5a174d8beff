package optimum

import (
	"math"

	"ergon/theory/mixture"
)

// plan is a way to learn: so many steps at the density p, with rates that go
// geometrically from first to last and gradients clipped at clip.
type plan struct {
	steps                int
	p, first, last, clip float64
}

// account is what a trajectory had to pay per synapse until it ended.
type account struct {
	reached       bool // the target
	steps         int
	error, m0, m1 float64
}

// candidate is a plan, what theory says of it, and what simulations gave.
type candidate struct {
	plan
	predicted account
	simulated []*mixture.Trajectory
}

// atEnd is the account of a whole trajectory. It reaches the target if its last
// error does.
func atEnd(c *mixture.Trajectory, target float64) account { return at(c, len(c.Error)-1, target) }

// atGoal is the account of a trajectory up to where it first reaches the target, of
// the whole trajectory if it does not.
func atGoal(c *mixture.Trajectory, target float64) account {
	for t, e := range c.Error {
		if e <= target {
			return at(c, t, target)
		}
	}
	return atEnd(c, target)
}

func at(c *mixture.Trajectory, t int, target float64) account {
	return account{
		reached: c.Error[t] <= target,
		steps:   t, error: c.Error[t], m0: c.M0Total()[t], m1: c.M1Total()[t],
	}
}

// meanTrajectory is the mean of trajectories of the same number of steps, as far as
// accounts need it.
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
