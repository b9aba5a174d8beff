package sweep

import (
	"ergon/internal/bounded"
	"ergon/train/rundir"
)

// curve holds the evaluations of a rule's runs.
type curve struct {
	label string
	runs  [][]rundir.Metrics
}

// quantity is what curves show at an evaluation; nil where it is not known.
type quantity func(*rundir.Metrics) *float64

// accuracyOf is the accuracy that goals look at.
func accuracyOf(m *rundir.Metrics) *float64 { return m.GoalAccuracy() }

// curves reads the metrics of all finished runs, rule by rule, where a quantity is known.
func (r *Report) curves(of quantity) (all []curve, err error) {
	for _, a := range r.bench.arms() {
		c := curve{label: a.label}
		for i := range r.outcomes {
			if o := &r.outcomes[i]; o.Label == a.label && o.Finished() {
				metrics, err := readMetrics(o.Directory, of)
				if err != nil {
					return nil, err
				}
				c.runs = append(c.runs, metrics)
			}
		}
		all = append(all, c)
	}
	return all, nil
}

// readMetrics returns the evaluations of a run at which a quantity is known.
func readMetrics(d rundir.Directory, of quantity) (metrics []rundir.Metrics, err error) {
	err = bounded.LinesIn(string(d), rundir.MetricsFile, func(line []byte) error {
		var m rundir.Metrics
		if err := bounded.JSON(line, &m); err != nil {
			return err
		}
		if of(&m) != nil {
			metrics = append(metrics, m)
		}
		return nil
	})
	return metrics, err
}

// point is the value of a quantity and the cost at which it was reached.
type point struct{ cost, value float64 }

// points returns the learning curve of one run, all of whose evaluations know the quantity.
func points(run []rundir.Metrics, cost func(rundir.Metrics) float64, of quantity) []point {
	all := make([]point, len(run))
	for i, m := range run {
		all[i] = point{cost(m), *of(&m)}
	}
	return all
}

// percents returns a curve of shares in percent.
func percents(curve []point) []point {
	all := make([]point, len(curve))
	for i, p := range curve {
		all[i] = point{p.cost, 100 * p.value}
	}
	return all
}

// mean returns the mean over the runs at equal steps, up to the end of the shortest.
func (c *curve) mean(cost func(rundir.Metrics) float64, of quantity) (mean []point) {
	if len(c.runs) == 0 {
		return nil
	}
	for i, first := range c.runs[0] {
		var sum point
		for _, run := range c.runs {
			if i >= len(run) || run[i].Step != first.Step {
				return mean
			}
			sum.cost += cost(run[i])
			sum.value += *of(&run[i])
		}
		n := float64(len(c.runs))
		mean = append(mean, point{sum.cost / n, sum.value / n})
	}
	return mean
}
