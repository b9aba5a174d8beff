package sweep

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/internal/canvas"
	"ergon/sweep/freeenergy"
)

// curvesOf returns the curves of the free energy, none where it is not asked for.
func (r *Report) curvesOf() []*freeenergy.Curve {
	if r.FreeEnergy == nil {
		return nil
	}
	return r.FreeEnergy.Curves
}

// rateLabel names the axis of learning rates.
func (r *Report) rateLabel() string {
	for _, c := range r.curvesOf() {
		if c.RateIs == "effective_lr" {
			return "η/|w|²"
		}
	}
	return "learning rate η"
}

// spread is the range of what is drawn.
type spread struct{ low, high float64 }

func newSpread() *spread { return &spread{math.Inf(1), math.Inf(-1)} }

func (s *spread) see(y float64) { s.low, s.high = min(s.low, y), max(s.high, y) }

// energyStates draws U, above, and S, below, against the learning rate, a line for each curve.
func (r *Report) energyStates() *figure {
	f := newFigure(r.Name, "", "energy U, mean training loss")
	entropies := newFigure("", r.rateLabel(), "entropy S in nats, up to a constant").plot
	f.lower = append(f.lower, entropies)
	energies := newSpread()
	for i, c := range r.curvesOf() {
		var u, s dots
		for _, row := range c.Rows {
			if row.Rate > 0 {
				u.add(row.Rate, row.U, errorOf(row.UError), errorOf(row.UError))
				s.add(row.Rate, row.Entropy, errorOf(row.EntropyError), errorOf(row.EntropyError))
				f.see(row.Rate)
				energies.see(row.U - errorOf(row.UError))
				energies.see(row.U + errorOf(row.UError))
			}
		}
		f.joined(f.plot, i, c.Label, u)
		f.joined(entropies, i, "", s)
	}
	if f.empty() {
		return f
	}
	f.logarithmic()
	if energies.low > 0 {
		canvas.Logarithmic(&f.plot.Y, energies.low, energies.high)
	}
	return f
}

// errorOf returns how far an error bar reaches, 0 where the error is not known.
func errorOf(standardError *float64) float64 {
	if standardError == nil {
		return 0
	}
	return *standardError
}

// joined draws curve i's points with their intervals, joined by a line, into a panel. A curve with a
// label is entered in the legend.
func (f *figure) joined(panel *plot.Plot, i int, label string, d dots) {
	drawn := &plotter.Line{XYs: d.XYs, LineStyle: line(i, vg.Points(1))}
	points := &plotter.Scatter{XYs: d.XYs, GlyphStyle: glyph(i)}
	if label != "" {
		f.legend.Add(label, drawn, points)
	}
	if len(d.XYs) > 0 {
		panel.Add(drawn, points, d.alongY(i))
	}
}

// grey is the style of what belongs to no curve.
func grey(dash int) draw.LineStyle {
	return draw.LineStyle{Color: color.Gray{120}, Width: vg.Points(1), Dashes: dashes[dash]}
}

// widestBar is how far an interval is drawn on a logarithmic axis at most, as a factor: what reaches
// further says that nothing is known, and would flatten all else.
const widestBar = 1000

// energyTemperature draws T against the learning rate, with standard errors, which are shares of T; the
// fitted laws; and the thresholds kT*, dashed.
func (r *Report) energyTemperature() *figure {
	f := newFigure(r.Name, r.rateLabel(), "temperature T, in units of the loss")
	temperatures := newSpread()
	for i, c := range r.curvesOf() {
		var t dots
		var threshold, law plotter.XYs
		for _, row := range c.Rows {
			if row.T == nil {
				continue
			}
			factor := min(math.Exp(errorOf(row.TError) / *row.T), widestBar)
			t.add(row.Rate, *row.T, *row.T-*row.T/factor, *row.T*factor-*row.T)
			f.see(row.Rate)
			temperatures.see(*row.T / factor)
			temperatures.see(*row.T * factor)
			if row.Threshold != nil && *row.Threshold > 0 {
				threshold = append(threshold, plotter.XY{X: row.Rate, Y: *row.Threshold})
				temperatures.see(*row.Threshold)
			}
			if fit := c.Law; fit != nil && fit.Exponent != nil && fit.Prefactor != nil {
				if at := fit.Prefactor.Mean * math.Pow(row.Rate, fit.Exponent.Mean); at > 0 && !math.IsInf(at, 0) {
					law = append(law, plotter.XY{X: row.Rate, Y: at})
				}
			}
		}
		f.scatter(i, c.Label, t, false)
		f.stroke(threshold, i, 1)
		f.stroke(law, i, 0)
	}
	if f.empty() {
		return f
	}
	f.legend.Add("T = c·η^b", &plotter.Line{LineStyle: grey(0)})
	f.legend.Add("kT*", &plotter.Line{LineStyle: grey(1)})
	f.logarithmic()
	canvas.Logarithmic(&f.plot.Y, temperatures.low, temperatures.high)
	return f
}

// stroke draws a line in curve i's colour, if there is one.
func (f *figure) stroke(xys plotter.XYs, i, dash int) *plotter.Line {
	style := line(i, vg.Points(1))
	style.Dashes = dashes[dash]
	drawn := &plotter.Line{XYs: xys, LineStyle: style}
	if len(xys) > 1 {
		f.plot.Add(drawn)
	}
	return drawn
}
