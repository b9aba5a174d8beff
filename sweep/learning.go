package sweep

import (
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"ergon/train/rundir"
)

// shownBelow is how far below the lowest goal curves are drawn, in percent.
const shownBelow = 15

// learning draws the accuracy that goals are of against a cost: the mean of each rule over its
// seeds, and the seeds themselves as thin lines.
func (r *Report) learning(curves []curve, x string, cost func(rundir.Metrics) float64) *figure {
	f := newFigure(r.Name, x, r.GoalsOn+" accuracy, %")
	if len(r.Goals) == 0 {
		return f // no accuracy is compared
	}
	floor := max(0, 100*r.Goals[0]-shownBelow)
	top := 100 * r.Goals[len(r.Goals)-1]
	for i, c := range curves {
		for _, run := range c.runs {
			if len(c.runs) > 1 {
				top = max(top, f.trace(i, percents(points(run, cost, accuracyOf)), floor, "", vg.Points(0.5)))
			}
		}
		top = max(top, f.trace(i, percents(c.mean(cost, accuracyOf)), floor, c.label, vg.Points(1.6)))
	}
	if f.empty() {
		return f
	}
	f.logarithmic()
	for _, goal := range r.Goals {
		f.goal(100 * goal)
	}
	f.plot.Y.Min, f.plot.Y.Max = floor, min(top+1, 100)
	return f
}

// trace draws rule i's curve from where it first exceeds floor, and returns the
// highest value on it, or 0; points whose cost has no place on the axis, or is not known, are left out. A curve
// with a label is entered in the legend.
func (f *figure) trace(i int, curve []point, floor float64, label string, width vg.Length) (top float64) {
	var xys plotter.XYs
	for _, p := range curve {
		if !f.placed(p.cost) || p.value < floor && len(xys) == 0 {
			continue
		}
		xys = append(xys, plotter.XY{X: p.cost, Y: p.value})
		f.see(p.cost)
		top = max(top, p.value)
	}
	drawn := &plotter.Line{XYs: xys, LineStyle: line(i, width)}
	if len(xys) > 0 {
		f.plot.Add(drawn)
	}
	if label != "" {
		f.legend.Add(label, drawn)
	}
	return top
}
