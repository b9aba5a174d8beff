package sweep

import (
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"ergon/internal/atomicfile"
	"ergon/internal/canvas"
)

// figure is a plot, or some of the same x, with a legend beside, so that many rules hide nothing.
type figure struct {
	plot      *plot.Plot
	lower     []*plot.Plot // under it
	legend    plot.Legend
	low, high float64 // of x, as far as anything is drawn
	linear    bool    // x is not logarithmic, so that 0 and below have a place
}

func newFigure(title, x, y string) *figure {
	f := &figure{plot: plot.New(), legend: plot.NewLegend(), low: math.Inf(1), high: math.Inf(-1)}
	f.plot.Title.Text, f.plot.X.Label.Text, f.plot.Y.Label.Text = title, x, y
	f.legend.Top, f.legend.Left = true, true
	f.legend.Padding = vg.Points(3)
	f.plot.Add(plotter.NewGrid())
	return f
}

// empty says whether nothing was drawn.
func (f *figure) empty() bool { return f.low > f.high }

// see widens the range of x.
func (f *figure) see(x float64) { f.low, f.high = min(f.low, x), max(f.high, x) }

// placed says whether x has a place on the axis.
func (f *figure) placed(x float64) bool {
	return x > 0 || f.linear && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// logarithmic makes the x axis logarithmic, with a little room on both sides;
// something must have been drawn.
func (f *figure) logarithmic() {
	for _, p := range f.panels() {
		canvas.Logarithmic(&p.X, f.low, f.high)
	}
}

// panels lists the plots, the upper one first.
func (f *figure) panels() []*plot.Plot {
	return append([]*plot.Plot{f.plot}, f.lower...)
}

// goal draws a line at an accuracy to be reached.
func (f *figure) goal(percent float64) {
	f.plot.Add(&plotter.Line{
		XYs:       plotter.XYs{{X: f.plot.X.Min, Y: percent}, {X: f.plot.X.Max, Y: percent}},
		LineStyle: draw.LineStyle{Color: color.Gray{140}, Width: vg.Points(0.8), Dashes: dashes[2]},
	})
}

// palette is Okabe and Ito's without its yellow, which is lost on white:
// colour-blind readers can tell them apart.
var palette = []color.NRGBA{
	{0, 0, 0, 255}, {0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255},
	{204, 121, 167, 255}, {230, 159, 0, 255}, {86, 180, 233, 255},
}

// dashes and shapes tell apart what has the same colour.
var (
	dashes = [][]vg.Length{nil, {vg.Points(6), vg.Points(3)}, {vg.Points(2), vg.Points(2)}, {vg.Points(8), vg.Points(3), vg.Points(2), vg.Points(3)}}
	shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.PyramidGlyph{}}
)

// line returns the style of rule i's lines.
func line(i int, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: palette[i%len(palette)], Width: width, Dashes: dashes[i/len(palette)%len(dashes)]}
}

// glyph returns the style of rule i's points.
func glyph(i int) draw.GlyphStyle {
	return draw.GlyphStyle{Color: palette[i%len(palette)], Radius: vg.Points(3), Shape: shapes[i/len(palette)%len(shapes)]}
}

// The size of a figure without its legend, which makes it higher where it is long.
const (
	figureWidth  = 15 * vg.Centimeter
	figureHeight = 10 * vg.Centimeter
)

// save writes the figure into a file below a folder, in a format of package canvas.
func (f *figure) save(folder, file, format string) error {
	scratch := draw.New(vgimg.New(figureWidth, figureHeight))
	legend := f.legend.Rectangle(scratch).Size()
	beside := legend.X + vg.Points(12)
	panels := f.panels()
	width, height := figureWidth+beside, max(vg.Length(len(panels))*figureHeight, legend.Y+vg.Points(32))
	paper := canvas.New(format, width, height)
	whole := draw.New(paper)
	each := height / vg.Length(len(panels))
	for i, p := range panels {
		p.Draw(draw.Crop(whole, vg.Points(4), -beside, vg.Points(4)+each*vg.Length(len(panels)-1-i), -vg.Points(4)-each*vg.Length(i)))
	}
	f.legend.Draw(draw.Crop(whole, figureWidth+vg.Points(4), 0, 0, -vg.Points(24)))
	return atomicfile.WriteIn(folder, file, func(w io.Writer) error {
		_, err := paper.WriteTo(w)
		return err
	})
}
