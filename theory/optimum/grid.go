package optimum

import (
	"context"
	"math"

	"ergon/theory"
	"ergon/theory/mixture"
)

// cells returns the cells of the grid with their predictions.
func (o *Optimum) cells(ctx context.Context) ([]candidate, error) {
	cells := make([]candidate, o.Grid*o.Grid)
	done := theory.ProgressCounter(ctx, len(cells))
	err := theory.Parallel(ctx, len(cells), func(i int) {
		eta := geometric(o.GridEta, i%o.Grid, o.Grid)
		cells[i].plan = plan{steps: o.Steps, p: geometric(o.GridP, i/o.Grid, o.Grid), first: eta, last: eta, clip: math.Inf(1)}
		trajectory, err := o.problem(cells[i].plan).Solve(ctx, 10*o.Paths, o.Seed)
		if err != nil { // it diverges
			cells[i].predicted = account{steps: o.Steps, error: math.NaN(), m0: math.NaN(), m1: math.NaN()}
		} else {
			cells[i].predicted = atGoal(trajectory, o.Target)
		}
		done()
	})
	return cells, err
}

// geometric is value i of n that go geometrically from the first to the last of ends.
func geometric(ends []float64, i, n int) float64 {
	if n == 1 {
		return ends[0]
	}
	return ends[0] * math.Pow(ends[1]/ends[0], float64(i)/float64(n-1))
}

// simulate simulates the candidates, all on the same data sets.
func (o *Optimum) simulate(ctx context.Context, list []candidate) error {
	if o.Simulate == 0 {
		return nil
	}
	done := theory.ProgressCounter(ctx, len(list)*o.Simulate)
	trajectories := make([]*mixture.Trajectory, len(list)*o.Simulate)
	errs := make([]error, len(trajectories))
	if err := theory.Parallel(ctx, len(trajectories), func(i int) {
		trajectories[i], errs[i] = o.problem(list[i/o.Simulate].plan).Simulate(ctx, o.D, o.Seed, i%o.Simulate)
		done()
	}); err != nil {
		return err
	}
	for i := range list {
		list[i].simulated = nil
		for k := i * o.Simulate; k < (i+1)*o.Simulate; k++ {
			if errs[k] == nil { // else it diverged
				list[i].simulated = append(list[i].simulated, trajectories[k])
			}
		}
	}
	return nil
}
