package optimum

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

// gridColour is that of the grid which the search is measured by.
var gridColour = color.NRGBA{110, 110, 110, 255}

// Draw implements Drawer: what the best plan of each number of steps costs, and
// what the cells of the grid that reach the target do.
func (o *Optimum) Draw(r *theory.Result) ([]*plot.Plot, error) {
	plans := plot.New()
	plans.X.Label.Text, plans.Y.Label.Text = "steps", o.Energy+" per synapse until the target is reached"
	if err := o.scatter(plans, "best of so many steps, theory", o.costs(r, 0, "steps", o.Energy), theory.TheoryColour, draw.RingGlyph{}, 4); err != nil {
		return nil, err
	}
	if err := o.scatter(plans, "simulation", o.costs(r, 0, "steps", "cost_simulated"), theory.SimulationColour, draw.CircleGlyph{}, 2.2); err != nil {
		return nil, err
	}
	o.gridLine(plans, r)
	cells := plot.New()
	cells.X.Label.Text, cells.Y.Label.Text = "p of a cell of the grid", "least "+o.Energy+" of any η"
	if err := o.scatter(cells, "grid of p and η, theory", cheapestOf(o.costs(r, 1, "p", o.Energy)), gridColour, draw.RingGlyph{}, 4); err != nil {
		return nil, err
	}
	if err := o.scatter(cells, "grid, simulation", cheapestOf(o.costs(r, 1, "p", "cost_simulated")), gridColour, draw.CircleGlyph{}, 2.2); err != nil {
		return nil, err
	}
	if err := o.scatter(cells, "optimum, theory", cheapestPoint(o.costs(r, 0, "p", o.Energy)), theory.TheoryColour, draw.PyramidGlyph{}, 4); err != nil {
		return nil, err
	}
	for _, p := range []*plot.Plot{plans, cells} {
		p.Add(plotter.NewGrid())
		p.Legend.Top, p.Legend.Padding = true, vg.Points(2)
		p.Y.Min, p.Y.Max = 0, p.Y.Max*1.5 // room for the legend
	}
	if len(r.Rows) == 0 {
		return nil, errors.New("theory optimum: nothing was tried, there is nothing to draw")
	}
	return []*plot.Plot{plans, cells}, nil
}

// gridLine draws the cost of the grid's best cell as a line.
func (o *Optimum) gridLine(p *plot.Plot, r *theory.Result) {
	cost := r.Scalars["grid_cost"]
	if cost == nil {
		return
	}
	line := &plotter.Line{
		XYs:       plotter.XYs{{X: p.X.Min, Y: *cost}, {X: p.X.Max, Y: *cost}},
		LineStyle: draw.LineStyle{Color: gridColour, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(4), vg.Points(3)}},
	}
	p.Add(line)
	p.Legend.Add(fmt.Sprintf("best of the %d×%d grid, theory", o.Grid, o.Grid), line)
}

// scatter adds points, if there are any.
func (o *Optimum) scatter(p *plot.Plot, name string, points plotter.XYs, c color.Color, shape draw.GlyphDrawer, radius float64) error {
	if len(points) == 0 {
		return nil
	}
	scatter, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = draw.GlyphStyle{Color: c, Radius: vg.Points(radius), Shape: shape}
	p.Add(scatter)
	p.Legend.Add(name, scatter)
	return nil
}

// costs returns two columns of the rows that are predicted to reach the target,
// of the grid or not.
func (o *Optimum) costs(r *theory.Result, ofGrid float64, x, y string) (points plotter.XYs) {
	at := func(row []float64, name string) float64 {
		if i := slices.Index(r.Columns, name); i >= 0 {
			return row[i]
		}
		return math.NaN()
	}
	for _, row := range r.Rows {
		if cost := at(row, y); at(row, "grid") == ofGrid && at(row, "reached") == 1 && cost > 0 {
			points = append(points, plotter.XY{X: at(row, x), Y: cost})
		}
	}
	return points
}

// cheapestOf keeps the lowest of the points at each x; those of an x are neighbours.
func cheapestOf(points plotter.XYs) (least plotter.XYs) {
	for _, point := range points {
		if n := len(least); n == 0 || least[n-1].X != point.X {
			least = append(least, point)
		} else {
			least[n-1].Y = min(least[n-1].Y, point.Y)
		}
	}
	return least
}

// cheapestPoint keeps the lowest point of all.
func cheapestPoint(points plotter.XYs) plotter.XYs {
	if len(points) == 0 {
		return nil
	}
	return plotter.XYs{slices.MinFunc(points, func(a, b plotter.XY) int {
		switch {
		case a.Y < b.Y:
			return -1
		case a.Y > b.Y:
			return 1
		}
		return 0
	})}
}
