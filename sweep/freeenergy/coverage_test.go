package freeenergy

import (
	"math"
	"math/rand"
	"testing"

	"gonum.org/v1/gonum/stat"

	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// Over many benchmarks of an ideal gas whose U and S scatter from seed to seed, the standard errors of T are
// of the size of T's scatter, and the intervals of c by leaving out seeds hold the mean of c in 95 % of
// benchmarks: both to four standard deviations of what so many benchmarks tell. A benchmark in which T has
// no error, as a bracket is empty without one of the seeds, is passed over; those are rare.
func TestCoverage(t *testing.T) {
	const benchmarks, seeds = 400, 5
	random := rand.New(rand.NewSource(1))
	var told, variance []float64
	var laws []*estimate.Estimate
	for range benchmarks {
		c := New("gas", gases(seeds, func(_, _ int, w *rundir.FreeEnergyWindow) {
			s := *w.Entropy + 0.1*random.NormFloat64() // it is 1.7 from rate to rate
			w.Energy *= 1 + 0.02*random.NormFloat64()
			w.Entropy = &s
		}), Settings{})
		if row := c.Rows[3]; row.T != nil && row.TError != nil {
			told, variance = append(told, *row.T), append(variance, *row.TError**row.TError)
		}
		laws = append(laws, c.LawSeeds.Linear)
	}
	size, n := math.Sqrt(stat.Mean(variance, nil))/stat.StdDev(told, nil), float64(len(told))
	// The deviation of n numbers is known to 1/√(2n), the mean of n variances of 4 degrees of freedom to √(2/4n).
	if deviation := math.Sqrt(1/(2*n) + 0.25*2/(4*n)); math.Abs(size-1) > 4*deviation {
		t.Errorf("standard error over scatter is %.3f, want 1 to %.2f", size, 4*deviation)
	}
	if n < 0.99*benchmarks {
		t.Errorf("%g of %d benchmarks have an error of T", n, benchmarks)
	}
	held, mean := 0.0, 0.0
	for _, c := range laws {
		mean += c.Mean / benchmarks
	}
	for _, c := range laws {
		if *c.Lo <= mean && mean <= *c.Hi {
			held++
		}
	}
	t.Logf("standard error over scatter %.3f; %.1f %% of intervals of c hold its mean", size, 100*held/benchmarks)
	if share := held / benchmarks; math.Abs(share-0.95) > 4*math.Sqrt(0.95*0.05/benchmarks) {
		t.Errorf("%.1f %% of intervals of c hold its mean", 100*share)
	}
}
