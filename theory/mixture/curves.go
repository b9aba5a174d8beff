package mixture

import (
	"context"
	"errors"
	"math"

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

// curves are the columns of the table.
func curves(predicted *Trajectory, simulated []*Trajectory) []theory.Curve {
	var curves []theory.Curve
	for _, c := range []struct {
		name string
		of   func(*Trajectory) []float64
	}{
		{"m", func(c *Trajectory) []float64 { return c.M }},
		{"c", func(c *Trajectory) []float64 { return c.C }},
		{"train_loss", func(c *Trajectory) []float64 { return c.TrainLoss }},
		{"error", func(c *Trajectory) []float64 { return c.Error }},
		{"m0", func(c *Trajectory) []float64 { return c.M0 }},
		{"m1", func(c *Trajectory) []float64 { return c.M1 }},
		{"dissipation", func(c *Trajectory) []float64 { return c.Dissipation }},
		{"m0_total", (*Trajectory).M0Total},
		{"m1_total", (*Trajectory).M1Total},
		{"m1_min", func(c *Trajectory) []float64 { return c.M1Min }},
		{"inefficiency", (*Trajectory).Inefficiency},
	} {
		one := theory.Curve{Name: c.name, Predicted: c.of(predicted)}
		for _, trajectory := range simulated {
			one.Simulated = append(one.Simulated, c.of(trajectory))
			if c.name == "m0" || c.name == "m0_total" {
				one.Grain = trajectory.Grain
			}
		}
		curves = append(curves, one)
	}
	dropUnresolved(curves[len(curves)-1])
	return curves
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
