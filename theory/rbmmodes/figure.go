package rbmmodes

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

var _ theory.Drawer = (*RBMModes)(nil)

// styles tell masks apart, where they lie upon each other, too: Okabe and Ito's blue,
// vermilion, green and purple.
var styles = []struct {
	colour color.Color
	wide   float64 // points
	dashes []vg.Length
}{
	{theory.TheoryColour, 2.4, nil},
	{theory.SimulationColour, 1.8, []vg.Length{vg.Points(6), vg.Points(4)}},
	{color.NRGBA{0, 158, 115, 255}, 1.8, []vg.Length{vg.Points(2), vg.Points(3)}},
	{color.NRGBA{204, 121, 167, 255}, 1.8, nil},
}

// grey is the colour of predictions, and of the threshold.
var grey = color.NRGBA{90, 90, 90, 255}

// Draw implements Drawer: couplings over updates, M0 and M1, and χ of the first over its
// coupling. Lines are means over machines, dotted ones the linear growth of a mode.
func (r *RBMModes) Draw(result *theory.Result) ([]*plot.Plot, error) {
	if r.Rows != "curves" {
		return nil, errors.New("theory rbm-modes: only curves are drawn; give rows=curves")
	}
	figure := []*plot.Plot{
		r.couplings(result, "updates", "updates"),
		r.couplings(result, "m0", "M0 per synapse"),
	}
	if r.Simulate > 0 {
		figure = append(figure, r.couplings(result, "m1_simulated", "M1 per synapse"), r.susceptibility(result))
	}
	return figure, nil
}

// couplings draws s1, s2, … over a column, thinner lines for later ones.
func (r *RBMModes) couplings(result *theory.Result, over, label string) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = label, "singular values s"
	p.X.Tick.Marker = theory.ShortTicks{}
	p.Legend.Padding = vg.Points(2)
	p.Add(plotter.NewGrid())
	for n, mask := range r.Masks {
		style := styles[n%len(styles)]
		for k := range r.Strengths {
			name := fmt.Sprintf("s%d", k+1)
			if points := pick(result, mask, over, name); over != "m1_simulated" && len(points) > 0 {
				p.Add(line(points, grey, 1, vg.Points(1), vg.Points(2)))
			}
			points := pick(result, mask, over, name+"_simulated")
			if len(points) == 0 {
				continue
			}
			drawn := line(points, style.colour, style.wide/float64(k+1), style.dashes...)
			p.Add(drawn)
			if k == 0 {
				p.Legend.Add(mask, drawn)
			}
		}
	}
	p.Add(line(plotter.XYs{{X: 0, Y: 1}, {X: p.X.Max, Y: 1}}, color.Black, 1, vg.Points(5), vg.Points(3)))
	p.Y.Min, p.Y.Max = r.Scale/2, max(4, p.Y.Max)
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	return p
}

// lastCoupling is how far χ is drawn: later it has the peaks of other modes.
const lastCoupling = 1.6

// susceptibility draws χ of the first coupling over it.
func (r *RBMModes) susceptibility(result *theory.Result) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = "first singular value s", "susceptibility χ"
	p.X.Tick.Marker, p.Y.Tick.Marker = theory.ShortTicks{}, theory.ShortTicks{}
	p.Add(plotter.NewGrid())
	for n, mask := range r.Masks {
		points := pick(result, mask, "s1_simulated", "chi1_simulated")
		if end := slices.IndexFunc(points, func(at plotter.XY) bool { return at.X > lastCoupling }); end >= 0 {
			points = points[:end]
		}
		if style := styles[n%len(styles)]; len(points) > 0 {
			p.Add(line(points, style.colour, style.wide, style.dashes...))
		}
	}
	p.Y.Min, p.Y.Max = 0, p.Y.Max*1.05
	p.Add(line(plotter.XYs{{X: 1, Y: 0}, {X: 1, Y: p.Y.Max}}, color.Black, 1, vg.Points(5), vg.Points(3)))
	return p
}

// pick returns the points of a mask, one column over another. What is unknown, or not above zero, is
// left out.
func pick(result *theory.Result, mask, x, y string) (points plotter.XYs) {
	atX, atY := slices.Index(result.Columns, x), slices.Index(result.Columns, y)
	if atX < 0 || atY < 0 {
		return nil
	}
	for i, row := range result.Rows {
		if result.Labels[i] == mask && row[atY] > 0 && !math.IsInf(row[atY], 0) && !math.IsNaN(row[atX]) {
			points = append(points, plotter.XY{X: row[atX], Y: row[atY]})
		}
	}
	return points
}

// line is a line through points.
func line(points plotter.XYs, c color.Color, width float64, dashes ...vg.Length) *plotter.Line {
	return &plotter.Line{XYs: points, LineStyle: draw.LineStyle{Color: c, Width: vg.Points(width), Dashes: dashes}}
}
