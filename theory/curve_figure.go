package theory

import (
	"errors"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// TheoryColour and SimulationColour are the colours of predictions and simulations, Okabe
// and Ito's blue and vermilion.
var (
	TheoryColour     = color.NRGBA{0, 114, 178, 255}
	SimulationColour = color.NRGBA{213, 94, 0, 255}
)

// maxPoints is how many simulated points a panel shows; more would hide the line.
const maxPoints = 25

// Panel is one panel of a figure. It shows a column of a result as a line and its
// simulations, if there are, as points with their standard errors.
type Panel struct {
	Column      string
	Label       string // of the vertical axis; "": the column's name
	Logarithmic bool   // the vertical axis; what is not above zero is left out
}

// DrawPanels draws each panel against the result's first column. Panels without a point to
// draw are left out; if none is left, that is an error.
func DrawPanels(r *Result, list ...Panel) ([]*plot.Plot, error) {
	var figure []*plot.Plot
	for _, one := range list {
		p, err := one.draw(r)
		if err != nil {
			return nil, err
		}
		if p != nil {
			figure = append(figure, p)
		}
	}
	if len(figure) == 0 {
		return nil, errors.New("nothing in the result can be drawn")
	}
	return figure, nil
}

// DrawRising draws panels like [DrawPanels]: first those of rising curves, which have their
// legends at the foot, then the others.
func DrawRising(r *Result, rising, others []Panel) ([]*plot.Plot, error) {
	figure, err := DrawPanels(r, rising...)
	if err != nil {
		return nil, err
	}
	for _, p := range figure {
		p.Legend.Top = false
	}
	rest, err := DrawPanels(r, others...)
	return append(figure, rest...), err
}

// draw returns the panel, nil if none of its points can be drawn.
func (d Panel) draw(r *Result) (*plot.Plot, error) {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = r.Columns[0], d.Label
	if d.Label == "" {
		p.Y.Label.Text = d.Column
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = ShortTicks{}, ShortTicks{}
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	line := d.Points(r, d.Column)
	if len(line) == 0 {
		return nil, nil
	}
	drawn := &plotter.Line{XYs: line, LineStyle: draw.LineStyle{Color: TheoryColour, Width: vg.Points(1.6)}}
	p.Add(drawn)
	if slices.Contains(r.Columns, d.Column+"_simulated") {
		p.Legend.Add("theory", drawn)
		if err := d.simulated(p, r); err != nil {
			return nil, err
		}
	}
	if d.Logarithmic {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	return p, nil
}

// simulated adds the simulations.
func (d Panel) simulated(p *plot.Plot, r *Result) error {
	points := thinned(d.Points(r, d.Column+"_simulated"))
	if len(points) == 0 {
		return nil
	}
	scatter, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = draw.GlyphStyle{Color: SimulationColour, Radius: vg.Points(2.2), Shape: draw.CircleGlyph{}}
	p.Add(scatter)
	p.Legend.Add("simulation", scatter)
	bars := plotter.YErrorBars{LineStyle: draw.LineStyle{Color: SimulationColour, Width: vg.Points(1)}, CapWidth: vg.Points(3)}
	for _, point := range points {
		row := r.Rows[slices.IndexFunc(r.Rows, func(row []float64) bool { return row[0] == point.X })]
		wide := row[slices.Index(r.Columns, d.Column+"_simulated_error")]
		if low := point.Y - wide; !math.IsNaN(wide) && (!d.Logarithmic || low > 0) {
			bars.XYs = append(bars.XYs, point)
			bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{wide, wide})
		}
	}
	p.Add(&bars)
	return nil
}

// Points returns the points of a column that can be drawn: finite and, on a logarithmic
// axis, above zero.
func (d Panel) Points(r *Result, column string) (points plotter.XYs) {
	at := slices.Index(r.Columns, column)
	if at < 0 {
		return nil
	}
	for _, row := range r.Rows {
		if y := row[at]; !math.IsNaN(y) && !math.IsInf(y, 0) && (!d.Logarithmic || y > 0) {
			points = append(points, plotter.XY{X: row[0], Y: y})
		}
	}
	return points
}

// thinned returns at most maxPoints of the points, evenly chosen.
func thinned(points plotter.XYs) plotter.XYs {
	if len(points) <= maxPoints {
		return points
	}
	chosen := make(plotter.XYs, maxPoints)
	for i := range chosen {
		chosen[i] = points[i*(len(points)-1)/(maxPoints-1)]
	}
	return chosen
}
