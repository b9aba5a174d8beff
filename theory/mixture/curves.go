package mixture

import (
	"context"
	"errors"
	"math"
	"slices"

	"ergon/theory"
)

// simulate returns the simulated trajectories, each computed on one core.
func (m *Mixture) simulate(ctx context.Context) ([]*Trajectory, error) {
	p, done := m.Problem(), theory.ProgressCounter(ctx, m.Simulate)
	trajectories, failures := make([]*Trajectory, m.Simulate), make([]error, m.Simulate)
	err := theory.Parallel(ctx, m.Simulate, func(i int) {
		trajectories[i], failures[i] = p.Simulate(ctx, m.D, m.Seed, i)
		done()
	})
	return trajectories, errors.Join(err, firstError(failures))
}

// firstError returns the first error of a list.
func firstError(list []error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// column is a column of the table.
type column struct {
	name  string
	of    func(*Trajectory) []float64 // nil: the trajectory does not have it
	count bool                        // it counts weights
}

// total returns the sums of a list over the steps before, nil of nil.
func total(of func(*Trajectory) []float64) func(*Trajectory) []float64 {
	return func(c *Trajectory) []float64 {
		if list := of(c); list != nil {
			return totals(list)
		}
		return nil
	}
}

// columns are those of a trajectory; of some rules more.
var columns = []column{
	{name: "m", of: func(c *Trajectory) []float64 { return c.M }},
	{name: "c", of: func(c *Trajectory) []float64 { return c.C }},
	{name: "train_loss", of: func(c *Trajectory) []float64 { return c.TrainLoss }},
	{name: "error", of: func(c *Trajectory) []float64 { return c.Error }},
	{name: "m0", of: func(c *Trajectory) []float64 { return c.M0 }, count: true},
	{name: "m1", of: func(c *Trajectory) []float64 { return c.M1 }},
	{name: "dissipation", of: func(c *Trajectory) []float64 { return c.Dissipation }},
	{name: "m0_total", of: (*Trajectory).M0Total, count: true},
	{name: "m1_total", of: (*Trajectory).M1Total},
	{name: "m1_min", of: func(c *Trajectory) []float64 { return c.M1Min }},
	{name: "accumulate", of: accumulated, count: true},
	{name: "accumulate_total", of: total(accumulated), count: true},
	{name: "permanent_m0", of: permanentM0, count: true},
	{name: "permanent_m1", of: permanentM1},
	{name: "permanent_m0_total", of: total(permanentM0), count: true},
	{name: "permanent_m1_total", of: total(permanentM1)},
	{name: "inefficiency", of: (*Trajectory).Inefficiency},
}

func accumulated(c *Trajectory) []float64 { return c.Accumulated }
func permanentM0(c *Trajectory) []float64 { return c.PermanentM0 }
func permanentM1(c *Trajectory) []float64 { return c.PermanentM1 }

// curves are the columns of the table.
func curves(predicted *Trajectory, simulated []*Trajectory) []theory.Curve {
	var curves []theory.Curve
	for _, c := range columns {
		one := theory.Curve{Name: c.name, Predicted: c.of(predicted)}
		if one.Predicted == nil {
			continue
		}
		for _, trajectory := range simulated {
			one.Simulated = append(one.Simulated, slices.Clone(c.of(trajectory)))
			if c.count {
				one.Grain = trajectory.Grain
			}
		}
		curves = append(curves, one)
	}
	dropUnresolved(curves[len(curves)-1])
	return curves
}

// dropCertain makes simulated counts unknown that are the same in all simulations and differ from the prediction
// by less than a weight for each step so far: who lets a share of d weights change lets a whole number of them.
func dropCertain(all []theory.Curve) {
	for _, c := range all {
		if !slices.ContainsFunc(columns, func(one column) bool { return one.name == c.Name && one.count }) {
			continue
		}
		for t, predicted := range c.Predicted {
			same := func(trajectory []float64) bool { return trajectory[t] == c.Simulated[0][t] }
			if len(c.Simulated) > 0 && math.Abs(c.Simulated[0][t]-predicted) < float64(t+1)*c.Grain && !slices.ContainsFunc(c.Simulated, func(trajectory []float64) bool { return !same(trajectory) }) {
				for _, trajectory := range c.Simulated {
					trajectory[t] = math.NaN()
				}
			}
		}
	}
}

// minInefficiency is the least inefficiency that simulations are compared at. Below it
// only few weights have turned back, too few for the simulations' spread to give the
// error of their mean.
const minInefficiency = 1.01

// dropUnresolved makes simulated inefficiencies unknown where less than minInefficiency
// is predicted.
func dropUnresolved(inefficiency theory.Curve) {
	for _, trajectory := range inefficiency.Simulated {
		for t, predicted := range inefficiency.Predicted {
			if predicted < minInefficiency {
				trajectory[t] = math.NaN()
			}
		}
	}
}
