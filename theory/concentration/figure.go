package concentration

import (
	"errors"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/theory"
)

// Draw implements Drawer: predicted savings of M0 and M1 against the share of synapses, and where a
// benchmark is beside them measured ones against predicted ones.
func (*Concentration) Draw(r *theory.Result) (figure []*plot.Plot, err error) {
	for _, saving := range []struct{ column, label string }{{"m0_saving", "M0 saving"}, {"m1_saving", "M1 saving"}} {
		draw := drawPredicted
		if slices.Contains(r.Columns, saving.column+"_measured") {
			draw = drawMeasured
		}
		p, err := draw(r, saving.column, saving.label)
		if err != nil {
			return nil, err
		}
		figure = append(figure, p)
	}
	return figure, nil
}

// column returns the numbers of a column.
func column(r *theory.Result, name string) (values []float64) {
	at := slices.Index(r.Columns, name)
	for _, row := range r.Rows {
		values = append(values, row[at])
	}
	return values
}

// newPanel returns a panel whose axes are logarithmic.
func newPanel(x, y string) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Add(plotter.NewGrid())
	return p
}

// drawPredicted draws a saving against the share of synapses.
func drawPredicted(r *theory.Result, name, label string) (*plot.Plot, error) {
	p := newPanel("share p of the changes", label+", predicted")
	points, names := named(r, column(r, "p"), column(r, name))
	if len(points) == 0 {
		return nil, errors.New("theory concentration: no rule has a finite saving to draw")
	}
	return p, addPoints(p, points, names, theory.TheoryColour)
}

// drawMeasured draws measured savings with their intervals against predicted ones.
func drawMeasured(r *theory.Result, name, label string) (*plot.Plot, error) {
	p := newPanel(label+", predicted", label+", measured")
	points, names := named(r, column(r, name), column(r, name+"_measured"))
	if len(points) == 0 {
		return nil, errors.New("theory concentration: no rule of the benchmark has a saving to draw")
	}
	lo, hi := column(r, name+"_lo"), column(r, name+"_hi")
	var bars plotter.YErrors
	least, most := math.Inf(1), math.Inf(-1)
	for _, point := range points {
		bar := struct{ Low, High float64 }{}
		for i, y := range column(r, name+"_measured") {
			if y == point.Y && lo[i] > 0 {
				bar.Low, bar.High = y-lo[i], hi[i]-y
			}
		}
		bars = append(bars, bar)
		least, most = min(least, point.X, point.Y), max(most, point.X, point.Y)
	}
	p.Add(&plotter.Line{XYs: plotter.XYs{{X: least, Y: least}, {X: most, Y: most}}, LineStyle: draw.LineStyle{Color: color.Black, Width: vg.Points(1)}})
	p.Add(&plotter.YErrorBars{XYs: points, YErrors: bars, LineStyle: draw.LineStyle{Color: theory.SimulationColour, Width: vg.Points(1)}, CapWidth: vg.Points(4)})
	return p, addPoints(p, points, names, theory.SimulationColour)
}

// named returns the points that a logarithmic scale has, with the labels of their rows.
func named(r *theory.Result, x, y []float64) (points plotter.XYs, names []string) {
	for i, label := range r.Labels {
		if x[i] > 0 && y[i] > 0 && !math.IsInf(x[i], 0) && !math.IsInf(y[i], 0) {
			points, names = append(points, plotter.XY{X: x[i], Y: y[i]}), append(names, label)
		}
	}
	return points, names
}

// addPoints draws points with their names.
func addPoints(p *plot.Plot, points plotter.XYs, names []string, colour color.Color) error {
	scatter, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = draw.GlyphStyle{Color: colour, Radius: vg.Points(2.5), Shape: draw.CircleGlyph{}}
	labels, err := plotter.NewLabels(plotter.XYLabels{XYs: points, Labels: names})
	if err != nil {
		return err
	}
	for i := range labels.TextStyle {
		labels.TextStyle[i].Font.Size = vg.Points(6)
	}
	labels.Offset = vg.Point{X: vg.Points(4), Y: vg.Points(2)}
	p.Add(scatter, labels)
	return nil
}
