package concentration

import (
	"fmt"
	"math"

	"ergon/theory"
	"ergon/theory/descent"
)

// result returns the table: a row for each rule.
func (c *Concentration) result(run *descent.Run, m measurement, tried []descent.Rule, measured *bench) *theory.Result {
	batch := float64(run.Config().Train.Batch)
	r := &theory.Result{
		Scalars: map[string]*float64{
			"steps": theory.Known(float64(m.last)), "presentations": theory.Known(float64(m.last) * batch),
		},
		Columns: []string{"p", "m", "a", "a_error", "a_noise", "time", "time_error", "m0_saving", "m0_saving_error", "m1_saving", "m1_saving_error"},
		Notes:   c.notes(run),
	}
	all := m.plain(-1, c.Samples)
	r.Scalars["signal_share"] = theory.Known(all.Descent / all.Work)
	for l := range run.Layers() {
		plain := m.plain(l, c.Samples)
		r.Scalars[fmt.Sprintf("descent_%d", l+1)], r.Scalars[fmt.Sprintf("work_%d", l+1)] = theory.Known(plain.Descent), theory.Known(plain.Work)
	}
	if measured != nil {
		for _, name := range []string{"time", "m0_saving", "m1_saving"} {
			r.Columns = append(r.Columns, name+"_measured", name+"_lo", name+"_hi")
		}
	}
	for l := range run.Layers() {
		r.Columns = append(r.Columns, fmt.Sprintf("a_%d", l+1), fmt.Sprintf("p_%d", l+1))
	}
	for i, rule := range tried {
		x := m.predictFrom(i, -1)
		row := x.row()
		if measured != nil {
			row = append(row, measured.of(run, rule).cells()...)
		}
		for l := range run.Layers() {
			y := m.predictFrom(i, l)
			row = append(row, y.a, y.p)
		}
		r.Labels, r.Rows = append(r.Labels, rule.Label), append(r.Rows, row)
	}
	return r
}

// row lists the numbers of all layers.
func (x *prediction) row() []float64 {
	e := x.errors
	if e == nil {
		e = numbered([]float64{math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()})
	}
	return []float64{x.p, x.m, x.a, e.a, x.noise, x.time, e.time, x.m0, e.m0, x.m1, e.m1}
}

// cells returns the measured numbers: how many times as many presentations the rule took as the
// baseline, and what it saved, each with its interval.
func (b *benchRow) cells() (all []float64) {
	if b == nil {
		b = new(benchRow)
	}
	mean, lo, hi := b.Longer.cells()
	all = append(all, 1/mean, 1/hi, 1/lo)
	for _, x := range []*interval{b.M0, b.M1} {
		mean, lo, hi := x.cells()
		all = append(all, mean, lo, hi)
	}
	return all
}

// notes says what the columns mean, and what was replayed.
func (c *Concentration) notes(run *descent.Run) []string {
	notes := []string{
		"a: share of the descent along the mean gradient; a_noise: share of the squared gradient; p, m: shares of M0 and M1; of what the plain rule does with the same presentations",
		"time = 1/a: presentations relative to the plain run; m0_saving = a/p, m1_saving = a/m; averages are over the time that the rule spends in each part of the course",
		"a = 0, and no time: the rule does not descend in some part of the course, or too few samples tell that it does",
		"descent_1, work_1, …: of the plain rule in a step, η⟨g·ḡ⟩ and η⟨|g|²⟩ of each layer; signal_share is their ratio over all layers",
		"a_1, p_1, …: of each layer by itself; errors are the jackknife's over the samples, at one mean gradient",
	}
	switch c.Of {
	case "test":
		notes = append(notes, "descent is along the mean gradient of the test set")
	case "errors":
		notes = append(notes, "descent is along the mean gradient of the test examples that the network answers wrongly")
	}
	if c.Course == "any" {
		notes = append(notes, "gradients are sampled along the course of the run's own rule")
	}
	if c.Bench != "" {
		notes = append(notes, "measured, lo, hi: of the benchmark, with 95 % intervals; time_measured is its ratio of presentations")
	}
	return append(notes, "a rule with a cache follows the run: a is the share of the run's displacement that it has written, and no error is known", run.Note())
}
