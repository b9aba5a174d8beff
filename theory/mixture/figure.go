package mixture

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"ergon/theory"
)

var _ theory.Drawer = (*Mixture)(nil)

// Draw implements Drawer: the error above its floor, the loss, what changed so far,
// and on how long a detour, or, by a rule, how often.
func (m *Mixture) Draw(r *theory.Result) ([]*plot.Plot, error) {
	fourth := theory.Panel{Column: "inefficiency", Label: "M1 / M1 of the straight way"}
	if m.rule() != nil {
		fourth = theory.Panel{Column: "m0_total", Label: "M0 per synapse so far"}
	}
	figure, err := theory.DrawPanels(r,
		theory.Panel{Column: "error", Label: "generalisation error"},
		theory.Panel{Column: "train_loss", Label: "training loss"},
		theory.Panel{Column: "m1_total", Label: "M1 per synapse so far"},
		fourth,
	)
	if err != nil {
		return nil, err
	}
	for i, p := range figure {
		p.X.Label.Text = "steps"
		p.Legend.Left = i >= 2 // curves that rise
	}
	if floor := r.Scalars["bayes_error"]; floor != nil {
		addFloor(figure[0], *floor)
	}
	return figure, nil
}

// addFloor draws the least error that the examples allow.
func addFloor(p *plot.Plot, floor float64) {
	line := plotter.NewFunction(func(float64) float64 { return floor })
	line.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
	p.Add(line)
	p.Legend.Add("best from the examples (Bayes)", line)
	p.Y.Min = min(p.Y.Min, 0.9*floor)
}
