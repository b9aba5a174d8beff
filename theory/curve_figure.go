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

// theoryColour and simulationColour are Okabe and Ito's blue and vermilion.
var (
	theoryColour     = color.NRGBA{0, 114, 178, 255}
	simulationColour = color.NRGBA{213, 94, 0, 255}
)

// most is how many simulated points a panel shows; more would hide the line.
const most = 25

// panel is what one panel of a figure shows: a column of the result as a line,
// and its simulations, where there are, as points with their standard errors.
type panel struct {
	column      string
	label       string // of the axis; "": the column
	logarithmic bool   // of the axis; what is not above zero is left out
}

// panels draws columns of a result against its first one.
func panels(r *Result, list ...panel) ([]*plot.Plot, error) {
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

// withRising draws panels whose curves rise, their legend at the foot, and others.
func withRising(r *Result, rising, others []panel) ([]*plot.Plot, error) {
	figure, err := panels(r, rising...)
	if err != nil {
		return nil, err
	}
	for _, p := range figure {
		p.Legend.Top = false
	}
	rest, err := panels(r, others...)
	return append(figure, rest...), err
}

// draw returns the panel, nil if none of its points can be drawn.
func (d panel) draw(r *Result) (*plot.Plot, error) {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = r.Columns[0], d.label
	if d.label == "" {
		p.Y.Label.Text = d.column
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = shortTicks{}, shortTicks{}
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	line := d.points(r, d.column)
	if len(line) == 0 {
		return nil, nil
	}
	drawn := &plotter.Line{XYs: line, LineStyle: draw.LineStyle{Color: theoryColour, Width: vg.Points(1.6)}}
	p.Add(drawn)
	if slices.Contains(r.Columns, d.column+"_simulated") {
		p.Legend.Add("theory", drawn)
		if err := d.simulated(p, r); err != nil {
			return nil, err
		}
	}
	if d.logarithmic {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	return p, nil
}

// simulated adds the simulations.
func (d panel) simulated(p *plot.Plot, r *Result) error {
	points := thinned(d.points(r, d.column+"_simulated"))
	if len(points) == 0 {
		return nil
	}
	scatter, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = draw.GlyphStyle{Color: simulationColour, Radius: vg.Points(2.2), Shape: draw.CircleGlyph{}}
	p.Add(scatter)
	p.Legend.Add("simulation", scatter)
	bars := plotter.YErrorBars{LineStyle: draw.LineStyle{Color: simulationColour, Width: vg.Points(1)}, CapWidth: vg.Points(3)}
	for _, point := range points {
		row := r.Rows[slices.IndexFunc(r.Rows, func(row []float64) bool { return row[0] == point.X })]
		wide := row[slices.Index(r.Columns, d.column+"_simulated_error")]
		if low := point.Y - wide; !math.IsNaN(wide) && (!d.logarithmic || low > 0) {
			bars.XYs = append(bars.XYs, point)
			bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{wide, wide})
		}
	}
	p.Add(&bars)
	return nil
}

// points returns what can be drawn of a column.
func (d panel) points(r *Result, column string) (points plotter.XYs) {
	at := slices.Index(r.Columns, column)
	if at < 0 {
		return nil
	}
	for _, row := range r.Rows {
		if y := row[at]; !math.IsNaN(y) && !math.IsInf(y, 0) && (!d.logarithmic || y > 0) {
			points = append(points, plotter.XY{X: row[0], Y: y})
		}
	}
	return points
}

// thinned returns at most so many points as a panel shows, evenly chosen.
func thinned(points plotter.XYs) plotter.XYs {
	if len(points) <= most {
		return points
	}
	chosen := make(plotter.XYs, most)
	for i := range chosen {
		chosen[i] = points[i*(len(points)-1)/(most-1)]
	}
	return chosen
}
