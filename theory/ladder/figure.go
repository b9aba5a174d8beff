package ladder

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/theory"
)

// rungColours tell how a rung is known: Okabe and Ito's black, blue and
// vermilion, by known_by.
var rungColours = []color.Color{color.NRGBA{0, 0, 0, 255}, color.NRGBA{0, 114, 178, 255}, color.NRGBA{213, 94, 0, 255}}

// rungLine is a rung as it is drawn: a line at its joules, its name at the
// height where there is room for it.
type rungLine struct {
	label          string
	joules, height float64
	known          int
}

// Draw implements Drawer: each rung a line at its joules per presentation, with
// its name beside it. A rung of zero has no place on a logarithmic axis and is
// named at its foot.
func (*Ladder) Draw(r *theory.Result) ([]*plot.Plot, error) {
	rungs, feet := rungsOf(r)
	if len(rungs) == 0 {
		return nil, errors.New("theory ladder: no rung is known, there is nothing to draw")
	}
	p := plot.New()
	p.Title.Text = "energy of a presentation: measured, modelled, bounded"
	p.Y.Label.Text = "J per presentation"
	p.X.Min, p.X.Max = 0, 3
	p.HideX()
	p.Y.Min, p.Y.Max = rungs[0].joules/100, rungs[len(rungs)-1].joules*10
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	raise(rungs, p.Y.Min, p.Y.Max)
	for _, rung := range rungs {
		if err := rung.draw(p); err != nil {
			return nil, err
		}
	}
	foot := rungLine{label: strings.Join(feet, ", "), height: p.Y.Min * 2}
	return []*plot.Plot{p}, foot.name(p)
}

// rungsOf returns the rungs above zero, the lowest first, and the names of
// those at zero.
func rungsOf(r *theory.Result) (rungs []rungLine, feet []string) {
	for i, row := range r.Rows {
		joules, known := row[1], int(row[2])
		switch {
		case math.IsNaN(joules), math.IsInf(joules, 0):
		case joules <= 0:
			feet = append(feet, r.Labels[i]+": 0")
		default:
			rungs = append(rungs, rungLine{r.Labels[i], joules, joules, known})
		}
	}
	slices.SortFunc(rungs, func(a, b rungLine) int { return cmp.Compare(a.joules, b.joules) })
	return rungs, feet
}

// raise raises names that would overlap those below them.
func raise(rungs []rungLine, low, high float64) {
	const lines = 24 // that stand one above the other in a figure
	gap := math.Pow(high/low, 1.0/lines)
	for i := 1; i < len(rungs); i++ {
		rungs[i].height = max(rungs[i].height, rungs[i-1].height*gap)
	}
}

// draw draws the line and the name.
func (g *rungLine) draw(p *plot.Plot) error {
	p.Add(&plotter.Line{
		XYs:       plotter.XYs{{X: 0, Y: g.joules}, {X: 1, Y: g.joules}},
		LineStyle: draw.LineStyle{Color: rungColours[g.known], Width: vg.Points(1.6)},
	})
	return g.name(p)
}

// name draws the name.
func (g *rungLine) name(p *plot.Plot) error {
	name, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: 1.04, Y: g.height}}, Labels: []string{g.label}})
	if err != nil {
		return err
	}
	name.TextStyle[0].Color, name.TextStyle[0].YAlign = rungColours[g.known], draw.YCenter
	p.Add(name)
	return nil
}

// decades marks every third power of ten.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) (ticks []plot.Tick) {
	for power := int(math.Ceil(math.Log10(low))); power <= int(math.Floor(math.Log10(high))); power++ {
		tick := plot.Tick{Value: math.Pow(10, float64(power))}
		if power%3 == 0 {
			tick.Label = fmt.Sprintf("1e%d", power)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}
