package sweep

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"ergon/internal/canvas"
	"ergon/train/rundir"
)

// frontier draws permanent writes against accumulator updates, both logarithmic, a panel for each
// goal: a point for each rule with intervals along both axes, and the frontier as stairs. Rules without
// accumulators stand at a 0 of their own, left of a break of the axis.
func (r *Report) frontier() *figure {
	f := newFigure("", "", "")
	rows := r.seeAccumulators(f)
	if f.empty() {
		return f
	}
	zero := zeroLeftOf(f.low, f.high)
	if slices.ContainsFunc(slices.Concat(rows...), func(row *Row) bool { return row.AccumulatorUpdates.Mean == 0 }) {
		f.see(zero.at)
	}
	for i, rows := range rows {
		p := f.plot
		if i > 0 {
			p = newFigure("", "", "").plot
			f.lower = append(f.lower, p)
		}
		p.Title.Text = r.Name + ", to " + rundir.Goal(rows[0].Goal) + " " + r.GoalsOn + " accuracy" + r.suffix()
		p.X.Label.Text, p.Y.Label.Text = "accumulator updates", "synapses changed, M0"
		r.drawFrontier(p, rows, zero)
		canvas.Logarithmic(&p.X, f.low, f.high)
		if f.low == zero.at {
			zero.cut(p)
		}
	}
	for i, label := range r.bench.armLabels() {
		f.legend.Add(label, &plotter.Scatter{GlyphStyle: glyph(i)})
	}
	f.legend.Add("frontier", &plotter.Line{LineStyle: grey(1)})
	return f
}

// seeAccumulators returns the rows of each goal that have a place in the figure, those of no goal
// left out, and widens x to their accumulator updates above 0.
func (r *Report) seeAccumulators(f *figure) (goals [][]*Row) {
	for _, goal := range r.Goals {
		rows := slices.DeleteFunc(r.placed(goal), func(row *Row) bool { return row.M0.Mean <= 0 })
		if len(rows) == 0 {
			continue
		}
		goals = append(goals, rows)
		for _, row := range rows {
			if e := row.AccumulatorUpdates; e.Mean > 0 {
				below, above := e.Spread()
				f.see(e.Mean - below)
				f.see(e.Mean + above)
			}
		}
	}
	return goals
}

// drawFrontier draws the rows of a goal into its panel.
func (r *Report) drawFrontier(p *plot.Plot, rows []*Row, zero zero) {
	writes := newSpread()
	var stairs plotter.XYs
	for _, row := range rows {
		at := row.AccumulatorUpdates.Mean
		if at == 0 {
			at = zero.at
		}
		var along, up dots
		less, more := row.AccumulatorUpdates.Spread()
		along.add(at, row.M0.Mean, less, more)
		below, above := row.M0.Spread()
		up.add(at, row.M0.Mean, below, above)
		writes.see(row.M0.Mean - below)
		writes.see(row.M0.Mean + above)
		i := slices.Index(r.bench.armLabels(), row.Label)
		p.Add(&plotter.Scatter{XYs: along.XYs, GlyphStyle: glyph(i)}, along.alongX(i), up.alongY(i))
		if slices.Contains(row.Pareto, onFrontier) {
			stairs = append(stairs, along.XYs[0])
		}
	}
	slices.SortFunc(stairs, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	if len(stairs) > 1 {
		p.Add(&plotter.Line{XYs: stairs, LineStyle: grey(1), StepStyle: plotter.PostStep})
	}
	canvas.Logarithmic(&p.Y, writes.low, writes.high)
}

// zero is where 0 stands on a logarithmic axis, and where the axis is broken between it and all else.
type zero struct{ at, end float64 }

// zeroLeftOf leaves a fifth of the range from low to high, or a factor 2, for the zero.
func zeroLeftOf(low, high float64) zero {
	gap := max(math.Pow(high/low, 0.2), 2)
	return zero{low / gap, low / math.Sqrt(gap)}
}

// cut shows the break of a panel's axis.
func (z zero) cut(p *plot.Plot) {
	p.X.Tick.Marker = beyond{p.X.Tick.Marker, z}
	p.Add(&plotter.Line{XYs: plotter.XYs{{X: z.end, Y: p.Y.Min}, {X: z.end, Y: p.Y.Max}}, LineStyle: grey(2)})
}

// beyond ticks an axis beyond its break, and the zero before it.
type beyond struct {
	plot.Ticker
	zero zero
}

// Ticks implements plot.Ticker.
func (b beyond) Ticks(_, high float64) []plot.Tick {
	return append([]plot.Tick{{Value: b.zero.at, Label: "0"}}, b.Ticker.Ticks(b.zero.end, high)...)
}
