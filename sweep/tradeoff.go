package sweep

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/sweep/estimate"
)

// front draws the goals against what reaching them cost, with intervals, and
// the Pareto front: rules that all seeds carried there.
func (r *Report) front(x, name string, cost func(*Row) *estimate.Estimate) *figure {
	f := newFigure(r.Name, x, r.accuracyReached())
	var best plotter.XYs
	r.eachRule(func(i int, label string, rows []*Row) {
		d := dots{}
		for _, row := range rows {
			e := cost(row)
			if e == nil || !row.complete() || e.Mean <= 0 {
				continue
			}
			below, above := e.Spread()
			d.add(e.Mean, 100*row.Goal, below, above)
			f.see(e.Mean - below)
			f.see(e.Mean + above)
			if slices.Contains(row.Pareto, name) {
				best = append(best, plotter.XY{X: e.Mean, Y: 100 * row.Goal})
			}
		}
		f.scatter(i, label, d, true)
	})
	slices.SortFunc(best, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	if f.empty() {
		return f
	}
	if len(best) > 1 {
		style := line(0, vg.Points(1))
		style.Dashes = dashes[1]
		stairs := &plotter.Line{XYs: best, LineStyle: style, StepStyle: plotter.PostStep}
		f.plot.Add(stairs)
		f.legend.Add("Pareto front", stairs)
	}
	f.logarithmic()
	f.room(r.Goals)
	return f
}

// inefficiency draws how many times the least amount of change, M1/M1min, each
// goal took.
func (r *Report) inefficiency() *figure {
	f := newFigure(r.Name, r.accuracyReached(), "inefficiency, M1/M1min")
	r.eachRule(func(i int, label string, rows []*Row) {
		d := dots{}
		for _, row := range rows {
			if e := row.M1Inefficiency; e != nil && row.complete() {
				below, above := e.Spread()
				d.add(100*row.Goal, e.Mean, below, above)
				f.see(100 * row.Goal)
			}
		}
		f.scatter(i, label, d, false)
		if len(d.XYs) > 1 {
			f.plot.Add(&plotter.Line{XYs: d.XYs, LineStyle: line(i, vg.Points(1))})
		}
	})
	f.plot.X.Min, f.plot.X.Max = f.low-1, f.high+1
	f.plot.Y.Min = 1 // nothing is more efficient
	return f
}

// accuracyReached names the axis of goals.
func (r *Report) accuracyReached() string {
	return r.GoalsOn + " accuracy reached" + r.suffix() + ", %"
}

// eachRule visits the rules with their rows, in the order of the goals.
func (r *Report) eachRule(visit func(i int, label string, rows []*Row)) {
	for i, label := range r.bench.armLabels() {
		var rows []*Row
		for _, row := range r.Rows {
			if row.Label == label {
				rows = append(rows, row)
			}
		}
		visit(i, label, rows)
	}
}

// room shows all goals, with as much above and below as they are apart.
func (f *figure) room(goals []float64) {
	low, high := 100*goals[0], 100*goals[len(goals)-1]
	margin := max(0.15*(high-low), 1)
	f.plot.Y.Min, f.plot.Y.Max = low-margin, high+margin
}

// dots are points with intervals in one direction.
type dots struct {
	plotter.XYs
	intervals []struct{ Low, High float64 }
}

func (d *dots) add(x, y, low, high float64) {
	d.XYs = append(d.XYs, plotter.XY{X: x, Y: y})
	d.intervals = append(d.intervals, struct{ Low, High float64 }{low, high})
}

// scatter draws rule i's points with their intervals, along x or else along y.
func (f *figure) scatter(i int, label string, d dots, alongX bool) {
	scatter := &plotter.Scatter{XYs: d.XYs, GlyphStyle: glyph(i)}
	f.legend.Add(label, scatter)
	if len(d.XYs) == 0 {
		return
	}
	f.plot.Add(scatter)
	if alongX {
		f.plot.Add(d.alongX(i))
	} else {
		f.plot.Add(d.alongY(i))
	}
}

// alongX returns the intervals as bars of rule i, along x.
func (d *dots) alongX(i int) *plotter.XErrorBars {
	return &plotter.XErrorBars{XYs: d.XYs, XErrors: plotter.XErrors(d.intervals), LineStyle: bar(i), CapWidth: vg.Points(4)}
}

// alongY returns the intervals as bars of rule i, along y.
func (d *dots) alongY(i int) *plotter.YErrorBars {
	return &plotter.YErrorBars{XYs: d.XYs, YErrors: plotter.YErrors(d.intervals), LineStyle: bar(i), CapWidth: vg.Points(4)}
}

// bar is the style of rule i's intervals.
func bar(i int) draw.LineStyle {
	style := line(i, vg.Points(0.8))
	style.Dashes = nil
	return style
}
