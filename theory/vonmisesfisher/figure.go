package vonmisesfisher

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/theory"
	"ergon/theory/temperature"
)

// Draw implements Drawer: U, S and T against η, and F against η at several T, with its minima.
func (b *Bath) Draw(r *theory.Result) ([]*plot.Plot, error) {
	figure, err := theory.DrawPanels(r, []theory.Panel{
		{Column: "u", Label: "U", Logarithmic: true},
		{Column: "entropy", Label: "S in nats"},
		{Column: "temperature", Label: "T", Logarithmic: true},
	}...)
	if err != nil {
		return nil, err
	}
	for _, p := range figure {
		p.Legend.Left = true
	}
	figure = append(figure, b.freeEnergies(r))
	for _, p := range figure {
		p.X.Label.Text = "η"
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	return figure, nil
}

// freeEnergies is the panel of F: a line for each of several T, its least state as a point. F is shown above its
// least value and in units of T.
func (b *Bath) freeEnergies(r *theory.Result) *plot.Plot {
	u, s := theory.Panel{Column: "u_simulated"}, theory.Panel{Column: "entropy_simulated"}
	energies, entropies := u.Points(r, u.Column), s.Points(r, s.Column)
	if len(energies) == 0 || len(energies) != len(entropies) { // without simulations: the theory's
		energies, entropies = u.Points(r, "u"), s.Points(r, "entropy")
	}
	var states []temperature.State
	for i, point := range energies {
		states = append(states, temperature.State{Rate: point.X, Energy: point.Y, Entropy: entropies[i].Y})
	}
	p := plot.New()
	p.Y.Label.Text, p.Y.Tick.Marker = "(F - F_min)/T at several T, minima marked", theory.ShortTicks{}
	p.Add(plotter.NewGrid())
	for i := 0; i < len(states); i += max(1, len(states)/6) {
		t := b.temperatureAt(states[i].Rate)
		f, least := temperature.FreeEnergy(states, t), temperature.Minimum(states, t)
		var line plotter.XYs
		for j, value := range f {
			if y := (value - f[least]) / t; y < 6 && !math.IsNaN(y) {
				line = append(line, plotter.XY{X: states[j].Rate, Y: y})
			}
		}
		p.Add(&plotter.Line{XYs: line, LineStyle: draw.LineStyle{Color: theory.TheoryColour, Width: vg.Points(1.2)}})
		p.Add(&plotter.Scatter{
			XYs:        plotter.XYs{{X: states[least].Rate, Y: 0}},
			GlyphStyle: draw.GlyphStyle{Color: theory.SimulationColour, Radius: vg.Points(3), Shape: draw.PyramidGlyph{}},
		})
	}
	return p
}
