package pictures

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/internal/canvas"
	"ergon/train/rundir"
)

// The size of each of the two panels.
const (
	panelWidth  = 13 * vg.Centimeter
	panelHeight = 10 * vg.Centimeter
)

// singularValues draws the singular values of the weights, and the stability, over steps and
// over the number of changes.
func (r *run) singularValues(format string) canvas.Canvas {
	if len(r.evaluations) == 0 {
		return nil
	}
	steps := r.spectra("steps", func(m *rundir.Metrics) float64 { return float64(m.Step) })
	changes := r.spectra("synapses changed, M0", func(m *rundir.Metrics) float64 { return float64(m.M0) })
	if steps == nil {
		return nil
	}
	panels := []*plot.Plot{steps}
	if changes != nil {
		panels = append(panels, changes)
	}
	steps.Title.Text = r.name + ": singular values of the weights"
	paper := canvas.New(format, panelWidth*vg.Length(len(panels)), panelHeight)
	gap := vg.Points(8)
	tiles := draw.Tiles{Rows: 1, Cols: len(panels), PadX: gap, PadTop: gap, PadBottom: gap / 2, PadLeft: gap / 2, PadRight: gap}
	for i, p := range panels {
		p.Draw(tiles.At(draw.New(paper), i, 0))
	}
	return paper
}

// curve is a line of a panel, with what has a place on logarithmic axes.
type curve struct {
	plotter.XYs
	style draw.LineStyle
	label string // "": not in the legend
}

// spectra returns the panel of singular values against x; nil if nothing of them is above 0.
func (r *run) spectra(label string, x func(*rundir.Metrics) float64) *plot.Plot {
	curves := r.curves(x)
	left, right, low, high := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = label, "singular value"
	p.Title.Text = " " // as high as the other panel's
	p.Add(plotter.NewGrid())
	for _, c := range curves {
		for _, xy := range c.XYs {
			left, right, low, high = min(left, xy.X), max(right, xy.X), min(low, xy.Y), max(high, xy.Y)
		}
	}
	if left > right {
		return nil
	}
	for _, c := range curves {
		if len(c.XYs) == 0 {
			continue
		}
		line := &plotter.Line{XYs: c.XYs, LineStyle: c.style}
		p.Add(line, &plotter.Scatter{XYs: c.XYs, GlyphStyle: draw.GlyphStyle{Color: c.style.Color, Radius: vg.Points(1.2), Shape: draw.CircleGlyph{}}})
		if c.label != "" {
			p.Legend.Add(c.label, line)
		}
	}
	canvas.Logarithmic(&p.X, left, right)
	canvas.Logarithmic(&p.Y, low, high)
	p.Add(&plotter.Line{XYs: plotter.XYs{{X: p.X.Min, Y: 1}, {X: p.X.Max, Y: 1}}, LineStyle: draw.LineStyle{Color: color.Gray{150}, Width: vg.Points(0.7)}})
	return p
}

// curves returns the singular values, the first ones darker, and the stability.
func (r *run) curves(x func(*rundir.Metrics) float64) (curves []curve) {
	at := func(of func(*rundir.Metrics) (float64, bool)) (xys plotter.XYs) {
		for i := range r.evaluations {
			m := &r.evaluations[i]
			if y, ok := of(m); ok && y > 0 && x(m) > 0 {
				xys = append(xys, plotter.XY{X: x(m), Y: y})
			}
		}
		return xys
	}
	n := len(r.evaluations[0].Boltzmann.SingularValues)
	for k := n - 1; k >= 0; k-- { // the first lies on top
		label := ""
		if k == 0 || k == n-1 {
			label = fmt.Sprintf("σ%d of W", k+1)
		}
		curves = append(curves, curve{at(func(m *rundir.Metrics) (float64, bool) {
			if k < len(m.Boltzmann.SingularValues) {
				return m.Boltzmann.SingularValues[k], true
			}
			return 0, false
		}), draw.LineStyle{Color: between(blue, white, 0.8*float64(k)/float64(max(1, n-1))), Width: vg.Points(1.2)}, label})
	}
	return append(curves, curve{at(func(m *rundir.Metrics) (float64, bool) {
		if m.Boltzmann.Stability == nil {
			return 0, false
		}
		return *m.Boltzmann.Stability, true
	}), draw.LineStyle{Color: vermilion, Width: vg.Points(1.6), Dashes: []vg.Length{vg.Points(5), vg.Points(3)}}, "stability: the first transition is at 1"})
}
