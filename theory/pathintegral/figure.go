package pathintegral

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/theory"
)

// layerColours tell layers apart: Okabe and Ito's blue, vermilion, green, purple,
// orange and sky blue.
var layerColours = []color.Color{
	theory.TheoryColour, theory.SimulationColour,
	color.NRGBA{0, 158, 115, 255}, color.NRGBA{204, 121, 167, 255}, color.NRGBA{230, 159, 0, 255}, color.NRGBA{86, 180, 233, 255},
}

// Draw implements Drawer: drift and noise over what leading order predicts, against
// the window, a row of panels for each step of the run. Points are replicas,
// lines next order; leading order is 1.
func (*PathIntegral) Draw(r *theory.Result) (figure []*plot.Plot, err error) {
	for _, at := range distinct(r, "at") {
		for _, name := range []string{"noise", "drift"} {
			p, err := newPanel(r, at, name)
			if err != nil {
				return nil, err
			}
			figure = append(figure, p)
		}
	}
	if len(figure) == 0 {
		return nil, errors.New("theory pathintegral: there is no row to draw")
	}
	return figure, nil
}

// distinct returns the numbers in a column without duplicates.
func distinct(r *theory.Result, column string) (numbers []float64) {
	at := slices.Index(r.Columns, column)
	for _, row := range r.Rows {
		if !slices.Contains(numbers, row[at]) {
			numbers = append(numbers, row[at])
		}
	}
	return numbers
}

// newPanel draws one cumulant ahead of one step.
func newPanel(r *theory.Result, at float64, name string) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s from step %g on", name, at)
	p.X.Label.Text, p.Y.Label.Text = "window, steps", name+" / leading order"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Y.Tick.Marker = theory.ShortTicks{}
	p.Legend.Top, p.Legend.Left, p.Legend.Padding = true, true, vg.Points(2)
	p.Add(plotter.NewGrid())
	windows := distinct(r, "window")
	ends := plotter.XYs{{X: slices.Min(windows) / 1.3, Y: 1}, {X: slices.Max(windows) * 1.3, Y: 1}}
	p.Add(&plotter.Line{XYs: ends, LineStyle: draw.LineStyle{Color: color.Black, Width: vg.Points(1)}})
	for i, layer := range distinct(r, "layer") {
		points := layerPoints{r: r, at: at, layer: layer, name: name}
		// Points of different layers must not cover each other.
		points.shift = math.Pow(1.06, float64(i))
		if err := points.add(p, layerColours[i%len(layerColours)]); err != nil {
			return nil, err
		}
	}
	p.Y.Max += (p.Y.Max - p.Y.Min) * 0.4 // room for the legend
	return p, nil
}

// layerPoints are the points of a layer in a panel.
type layerPoints struct {
	r         *theory.Result
	at, layer float64
	name      string
	shift     float64 // factor of the window
}

// of returns a column over leading order, with the errors in another.
func (l layerPoints) of(column, errorColumn string) (points plotter.XYs, bars plotter.YErrors) {
	index := func(name string) int { return slices.Index(l.r.Columns, name) }
	at, window, layer, leading, value, wide := index("at"), index("window"), index("layer"), index(l.name), index(column), index(errorColumn)
	if value < 0 || wide < 0 {
		return nil, nil
	}
	for _, row := range l.r.Rows {
		y, bar := row[value]/row[leading], row[wide]/row[leading]
		if row[at] != l.at || row[layer] != l.layer || math.IsNaN(y) || math.IsInf(y, 0) {
			continue
		}
		if math.IsNaN(bar) {
			bar = 0
		}
		points = append(points, plotter.XY{X: row[window] * l.shift, Y: y})
		bars = append(bars, struct{ Low, High float64 }{bar, bar})
	}
	return points, bars
}

// add draws the points in a colour.
func (l layerPoints) add(p *plot.Plot, colour color.Color) error {
	label := fmt.Sprintf("layer %g", l.layer)
	if next, _ := l.of(l.name+"_next", l.name+"_next_error"); len(next) > 0 {
		line := &plotter.Line{XYs: next, LineStyle: draw.LineStyle{Color: colour, Width: vg.Points(1.4)}}
		p.Add(line)
		p.Legend.Add(label+", next order", line)
	}
	points, bars := l.of(l.name+"_simulated", l.name+"_simulated_error")
	if len(points) == 0 {
		return nil
	}
	scatter, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = draw.GlyphStyle{Color: colour, Radius: vg.Points(2.5), Shape: draw.CircleGlyph{}}
	p.Add(scatter, &plotter.YErrorBars{XYs: points, YErrors: bars, LineStyle: draw.LineStyle{Color: colour, Width: vg.Points(1)}, CapWidth: vg.Points(4)})
	p.Legend.Add(label+", replicas", scatter)
	return nil
}
