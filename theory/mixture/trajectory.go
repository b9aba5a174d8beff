package mixture

import "ergon/masks/ensemble"

// Trajectory is how learning proceeds in time. Index t of each list is before step t; the
// last index is after the last step, and M0, M1 and Dissipation there are those of one
// more step at the last rate. Everything is per weight.
type Trajectory struct {
	M         []float64 // m = w·v*/d
	C         []float64 // |w|²/d
	TrainLoss []float64 // mean of Λ over all examples, without the ridge term
	Error     []float64 // probability that sign φ(h) of a new example is not its label

	M0          []float64 // share of the weights that step t changes
	M1          []float64 // mean |Δw| of step t
	Dissipation []float64 // mean -Δw·G of step t: the loss it takes off, to first order in η
	M1Min       []float64 // mean |w(t) - w(0)|

	// Of a rule that keeps something beside the weights, else nil.
	Accumulated []float64 // numbers beside the weights that step t changes

	// Of a rule with a cache whose transient parts the network sees, else nil: M0 and M1 are then changes of
	// weights, and these of their permanent parts.
	PermanentM0, PermanentM1 []float64

	Grain float64 // 1/d of a simulation, of which M0 is a multiple; 0: there are infinitely many weights

	Correlation [][]float64 // C(t, s) = w(t)·w(s)/d, s ≤ t; only of Solve
	Response    [][]float64 // R(t, s), s < t, of w(t) to -G(s), mean over the weights; only of Solve
}

// newTrajectory returns an empty trajectory of so many steps.
func newTrajectory(steps int) *Trajectory {
	n := steps + 1
	all := make([]float64, 8*n)
	part := func(i int) []float64 { return all[i*n : (i+1)*n : (i+1)*n] }
	return &Trajectory{
		M: part(0), C: part(1), TrainLoss: part(2), Error: part(3),
		M0: part(4), M1: part(5), Dissipation: part(6), M1Min: part(7),
	}
}

// count enters what a rule did in step t, the mean over arrays of as many synapses.
func (c *Trajectory) count(t int, arrays ...*ensemble.Ensemble) {
	var done ensemble.Counts
	for _, one := range arrays {
		done.Add(one.Counts(), 1/float64(len(arrays)))
	}
	c.M0[t], c.M1[t] = done.M0, done.M1
	if arrays[0].Accumulates() {
		c.Accumulated = append(c.Accumulated, done.Accumulated)
	}
	if arrays[0].Transient() {
		c.PermanentM0, c.PermanentM1 = append(c.PermanentM0, done.PermanentM0), append(c.PermanentM1, done.PermanentM1)
	}
}

// M0Total returns the sum of M0 over the steps before t.
func (c *Trajectory) M0Total() []float64 { return totals(c.M0) }

// M1Total returns the sum of M1 over the steps before t.
func (c *Trajectory) M1Total() []float64 { return totals(c.M1) }

// Inefficiency returns M1Total/M1Min, by how much the way was longer than the
// straight one: 1 after the first step, and at the start.
func (c *Trajectory) Inefficiency() []float64 {
	ratios := totals(c.M1)
	for t := range ratios {
		ratios[t] /= c.M1Min[t]
	}
	ratios[0] = 1
	return ratios
}

// totals returns sums over what is before each index.
func totals(list []float64) []float64 {
	sums := make([]float64, len(list))
	for t := range list[1:] {
		sums[t+1] = sums[t] + list[t]
	}
	return sums
}
