package idealgas

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

// Draw implements Drawer: V and S over λ, a line for each η.
func (g *IdealGas) Draw(r *theory.Result) ([]*plot.Plot, error) {
	var figure []*plot.Plot
	for _, panel := range []struct{ column, label string }{{"v", "V = r²/2"}, {"entropy", "S in nats"}} {
		p := plot.New()
		p.X.Label.Text, p.Y.Label.Text = "λ", panel.label
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
		p.Y.Tick.Marker = theory.ShortTicks{}
		p.Add(plotter.NewGrid())
		if panel.column == "v" {
			p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
		}
		for first := 0; first+g.Grid <= len(r.Rows); first += g.Grid {
			g.line(p, r, r.Rows[first:first+g.Grid], panel.column, float64(first)/float64(len(r.Rows)))
		}
		if g.Grid == 1 { // one place has no width, and a logarithmic axis must not reach zero
			p.X.Min, p.X.Max = g.Decay/2, g.Decay*2
			if panel.column == "v" {
				v := g.state(g.Rate, g.Decay).volume
				p.Y.Min, p.Y.Max = v/2, v*2
			}
		}
		figure = append(figure, p)
	}
	if len(r.Rows) == 0 {
		return nil, errors.New("nothing in the result can be drawn")
	}
	return figure, nil
}

// line draws a column of the rows of one η: the theory as a line, simulations as points. Higher rates are
// darker.
func (g *IdealGas) line(p *plot.Plot, r *theory.Result, rows [][]float64, column string, dark float64) {
	points := func(name string) (xy plotter.XYs) {
		at := slices.Index(r.Columns, name)
		for _, row := range rows {
			if at >= 0 && !math.IsNaN(row[at]) {
				xy = append(xy, plotter.XY{X: row[1], Y: row[at]})
			}
		}
		return xy
	}
	shade := func(c color.NRGBA) color.NRGBA { c.A = uint8(110 + 145*dark); return c }
	p.Add(&plotter.Line{XYs: points(column), LineStyle: draw.LineStyle{Color: shade(theory.TheoryColour), Width: vg.Points(1.4)}})
	p.Add(&plotter.Scatter{
		XYs:        points(column + "_simulated"),
		GlyphStyle: draw.GlyphStyle{Color: shade(theory.SimulationColour), Radius: vg.Points(2.4), Shape: draw.CircleGlyph{}},
	})
}
