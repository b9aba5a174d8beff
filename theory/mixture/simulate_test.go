package mixture

import (
	"context"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"ergon/internal/parallel"
)

// a trial compares one column of simulations with theory.
type trial struct {
	name string
	of   func(*Trajectory) []float64
	most float64 // allowed distance, as a share of the prediction
}

// trials are the columns that have tolerances.
var trials = []trial{
	{"m", func(c *Trajectory) []float64 { return c.M }, 0.02},
	{"C", func(c *Trajectory) []float64 { return c.C }, 0.02},
	{"training loss", func(c *Trajectory) []float64 { return c.TrainLoss }, 0.02},
	{"error", func(c *Trajectory) []float64 { return c.Error }, 0.02},
	{"M0", (*Trajectory).M0Total, 0.03},
	{"M1", (*Trajectory).M1Total, 0.03},
	{"M1Min", func(c *Trajectory) []float64 { return c.M1Min }, 0.03},
	{"dissipation", func(c *Trajectory) []float64 { return totals(c.Dissipation) }, 0.03},
}

// simulated returns n simulations.
func simulated(t *testing.T, p *Problem, d, n int) []*Trajectory {
	t.Helper()
	trajectories, pool := make([]*Trajectory, n), parallel.New(0)
	defer pool.Close()
	pool.Run(n, func(i int) {
		var err error
		if trajectories[i], err = p.Simulate(context.Background(), d, 0, i); err != nil {
			t.Error(err)
		}
	})
	return trajectories
}

// compare reports means of simulations at some steps that differ from theory by more
// than the noise of both, 4 standard errors and half a percent; where the simulations
// are precise enough for that, also by more than is allowed.
func compare(t *testing.T, theory *Trajectory, trajectories []*Trajectory, precise bool, steps ...int) {
	t.Helper()
	values := make([]float64, len(trajectories))
	for _, one := range trials {
		for _, step := range steps {
			for i, c := range trajectories {
				values[i] = one.of(c)[step]
			}
			mean, deviation := stat.MeanStdDev(values, nil)
			want, noise := one.of(theory)[step], deviation/math.Sqrt(float64(len(values)))
			if off := math.Abs(mean - want); precise && off > one.most*math.Abs(want) || off > 4*noise+0.005*math.Abs(want) {
				t.Errorf("%s after %d steps: simulated %.5f ± %.5f, predicted %.5f (%+.2f %%)", one.name, step, mean, noise, want, 100*(mean/want-1))
			}
		}
	}
}

// The start of a simulation has its overlaps exactly, and the clusters their shares.
func TestSimulationStarts(t *testing.T) {
	p := twoClusters(1, 1, 0.2)
	p.Clusters, p.Door, p.M0 = 3, 0.7, 0.3
	e, err := p.experiment(100, philoxes(0, 3))
	if err != nil {
		t.Fatal(err)
	}
	c := newTrajectory(len(p.Rates))
	e.observe(0, c)
	near(t, "m", c.M[0], 0.3, 1e-13)
	near(t, "C", c.C[0], 0.09+0.01, 1e-13)
	labels := map[float64]int{}
	for _, y := range e.y {
		labels[y]++
	}
	if labels[-1] != 100 || labels[1] != 100 {
		t.Errorf("labels %v of 200 examples, want halves", labels)
	}
}

// Simulations of two clusters, with mask, clip and examples that take turns.
func TestSimulations(t *testing.T) {
	for _, p := range []*Problem{twoClusters(0.5, 1, 0.2), twoClusters(0.5, 0.3, 0.2)} {
		p.Clip = 0.3 / math.Sqrt(1/p.B)
		p.Rates = Constant(0.2, 20)
		compare(t, solved(t, p, 8000), simulated(t, p, 600, 8), false, 5, 20)
	}
}

// A mask that is wrong by a tenth is found out.
func TestSimulationsCanFail(t *testing.T) {
	p := twoClusters(0.5, 1, 0.2)
	p.Rates = Constant(0.2, 20)
	trajectories := simulated(t, p, 600, 8)
	p.P = 0.55
	wrong := solved(t, p, 2000)
	for _, one := range trials[:2] {
		values := make([]float64, len(trajectories))
		for i, c := range trajectories {
			values[i] = one.of(c)[20]
		}
		mean, deviation := stat.MeanStdDev(values, nil)
		if z := math.Abs(mean-one.of(wrong)[20]) / (deviation / math.Sqrt(8)); z < 5 {
			t.Errorf("%s of a wrong mask is only %.1f standard errors off", one.name, z)
		}
	}
}
