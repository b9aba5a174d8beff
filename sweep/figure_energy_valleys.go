package sweep

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/sweep/freeenergy"
	"ergon/theory/temperature"
)

// shownValleys is how many temperatures a figure of free energies has at most.
const shownValleys = 7

// energyValleys draws F against the learning rate at several temperatures of the first curve that has
// any: less its minimum, which a star marks, and over its range, so that shapes can be compared. The states
// are the smoothed ones, of which temperatures are told.
func (r *Report) energyValleys() *figure {
	for _, c := range r.curvesOf() {
		if rows := spaced(c); len(rows) > 0 {
			f := newFigure(r.Name+": "+c.Label, r.rateLabel(), "F(η; T) above its minimum, scaled to 1")
			for i, row := range rows {
				f.valley(i, c, row)
			}
			f.logarithmic()
			return f
		}
	}
	return newFigure("", "", "")
}

// spaced returns the rows of a curve that have a temperature; if those are many, some of them, evenly.
func spaced(c *freeenergy.Curve) (rows []*freeenergy.Row) {
	for _, row := range c.Rows {
		if row.T != nil {
			rows = append(rows, row)
		}
	}
	if len(rows) <= shownValleys {
		return rows
	}
	var some []*freeenergy.Row
	for i := range shownValleys {
		some = append(some, rows[i*(len(rows)-1)/(shownValleys-1)])
	}
	return some
}

// valley draws the free energies of a curve at the temperature of one of its rows.
func (f *figure) valley(i int, c *freeenergy.Curve, row *freeenergy.Row) {
	states := c.Smoothed()
	energies := temperature.FreeEnergy(states, *row.T)
	least := temperature.Minimum(states, *row.T)
	depth := slices.Max(energies) - energies[least]
	var xys plotter.XYs
	for j, s := range states {
		f.see(s.Rate)
		xys = append(xys, plotter.XY{X: s.Rate, Y: (energies[j] - energies[least]) / max(depth, math.SmallestNonzeroFloat64)})
	}
	drawn := &plotter.Line{XYs: xys, LineStyle: line(i, vg.Points(1.2))}
	star := glyph(i)
	star.Shape, star.Radius = starGlyph{}, vg.Points(6)
	f.plot.Add(drawn, &plotter.Scatter{XYs: xys[least : least+1], GlyphStyle: star})
	f.legend.Add(fmt.Sprintf("T(%.3g) = %.3g", row.Rate, *row.T), drawn)
}

// starGlyph is a star of five points.
type starGlyph struct{}

var _ draw.GlyphDrawer = starGlyph{}

// DrawGlyph implements draw.GlyphDrawer.
func (starGlyph) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	c.SetColor(style.Color)
	var p vg.Path
	for i := range 10 {
		radius := style.Radius
		if i%2 == 1 {
			radius *= 0.4
		}
		sin, cos := math.Sincos(math.Pi * float64(i) / 5)
		corner := vg.Point{X: at.X + radius*vg.Length(sin), Y: at.Y + radius*vg.Length(cos)}
		if i == 0 {
			p.Move(corner)
		} else {
			p.Line(corner)
		}
	}
	p.Close()
	c.Fill(p)
}
