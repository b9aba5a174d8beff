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

// curves reads the metrics of all finished runs, rule by rule.
func (r *Report) curves() (all []curve, err error) {
	for _, a := range r.bench.arms() {
		c := curve{label: a.label}
		for i := range r.outcomes {
			if o := &r.outcomes[i]; o.Label == a.label && o.Finished() {
				metrics, err := readMetrics(o.Directory)
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

// readMetrics returns the evaluations of a run that have an accuracy to compare at.
func readMetrics(d rundir.Directory) (metrics []rundir.Metrics, err error) {
	err = bounded.LinesIn(string(d), rundir.MetricsFile, func(line []byte) error {
		var m rundir.Metrics
		if err := bounded.JSON(line, &m); err != nil {
			return err
		}
		if m.GoalAccuracy() != nil {
			metrics = append(metrics, m)
		}
		return nil
	})
	return metrics, err
}

// point is an accuracy and the cost at which it was reached.
type point struct{ cost, accuracy float64 }

// points returns the learning curve of one run: the accuracy that goals look at.
func points(run []rundir.Metrics, cost func(rundir.Metrics) float64) []point {
	all := make([]point, len(run))
	for i, m := range run {
		all[i] = point{cost(m), *m.GoalAccuracy()}
	}
	return all
}

// mean returns the mean over the runs at equal steps, up to the end of the shortest.
func (c *curve) mean(cost func(rundir.Metrics) float64) (mean []point) {
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
			sum.accuracy += *run[i].GoalAccuracy()
		}
		n := float64(len(c.runs))
		mean = append(mean, point{sum.cost / n, sum.accuracy / n})
	}
	return mean
}
