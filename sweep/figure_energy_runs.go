package sweep

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"ergon/internal/canvas"
	"ergon/sweep/freeenergy"
)

// shownRates is how many learning rates of a curve a figure of cooling runs has at most: as many as there
// are dashes.
const shownRates = 4

// energyCollapse draws T = dU/dS along the runs of the lowest learning rates of each curve. Runs that reach
// a state stay at its T; those that learn every example cool for ever.
func (r *Report) energyCollapse() *figure {
	f := newFigure(r.Name, "steps", "temperature T = dU/dS along the run")
	temperatures := newSpread()
	for i, c := range r.curvesOf() {
		shown := 0
		for _, row := range c.Rows {
			xys := moments(row)
			if len(xys) < 2 || shown == shownRates {
				continue
			}
			for _, xy := range xys {
				f.see(xy.X)
				temperatures.see(xy.Y)
			}
			f.legend.Add(fmt.Sprintf("%s, η = %.3g", c.Label, row.Rate), f.stroke(xys, i, shown))
			shown++
		}
	}
	if f.empty() {
		return f
	}
	fall := min(f.high/f.low, temperatures.high/temperatures.low)
	guide := &plotter.Line{LineStyle: grey(2), XYs: plotter.XYs{ // to compare slopes with
		{X: f.low, Y: temperatures.high}, {X: f.low * fall, Y: temperatures.high / fall},
	}}
	f.plot.Add(guide)
	f.legend.Add("as 1/steps", guide)
	f.logarithmic()
	canvas.Logarithmic(&f.plot.Y, temperatures.low, temperatures.high)
	return f
}

// moments returns the times at which T is known.
func moments(row *freeenergy.Row) (xys plotter.XYs) {
	for _, m := range row.Along {
		if m.T != nil && m.Step > 0 {
			xys = append(xys, plotter.XY{X: float64(m.Step), Y: *m.T})
		}
	}
	return xys
}

// energyBridge draws T/kT* of each curve, in their order: the geometric mean over rates, with the interval
// over rates. Of one curve there is nothing to compare.
func (r *Report) energyBridge() *figure {
	f := newFigure(r.Name, "curve", "T/kT*, geometric mean over learning rates")
	curves, ratios := r.curvesOf(), newSpread()
	var ticks plot.ConstantTicks
	for i, c := range curves {
		if c.Ratio == nil || len(curves) < 2 {
			continue
		}
		e := c.Ratio.Rates
		below, above := e.Spread()
		below, above = min(below, e.Mean-e.Mean/widestBar), min(above, e.Mean*widestBar-e.Mean)
		var d dots
		d.add(float64(i+1), e.Mean, below, above)
		f.see(float64(i + 1))
		ratios.see(e.Mean - below)
		ratios.see(e.Mean + above)
		f.scatter(i, fmt.Sprintf("%d  %s", i+1, c.Label), d, false)
		ticks = append(ticks, plot.Tick{Value: float64(i + 1), Label: fmt.Sprint(i + 1)})
	}
	if f.empty() {
		return f
	}
	f.plot.X.Min, f.plot.X.Max, f.plot.X.Tick.Marker = 0.5, float64(len(curves))+0.5, ticks
	ratios.see(1)
	equal := &plotter.Line{XYs: plotter.XYs{{X: 0.5, Y: 1}, {X: float64(len(curves)) + 0.5, Y: 1}}, LineStyle: grey(2)}
	f.plot.Add(equal)
	f.legend.Add("T = kT*", equal)
	canvas.Logarithmic(&f.plot.Y, ratios.low, ratios.high)
	return f
}
