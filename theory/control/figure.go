package control

import (
	"gonum.org/v1/plot"

	"ergon/theory"
)

var _ theory.Drawer = (*Control)(nil)

// Draw implements Drawer: the controls, the error and what it costs.
func (c *Control) Draw(r *theory.Result) ([]*plot.Plot, error) {
	panels := []theory.Panel{
		{Column: "p", Label: "density p of the mask"}, {Column: "eta", Label: "learning rate η"},
		{Column: "eps_g", Label: "generalisation error eps_g", Logarithmic: true}, {Column: "cost"},
	}
	if c.Rate > 0 {
		panels[1] = theory.Panel{Column: "r1", Label: "overlap with the teacher"}
	}
	figure, err := theory.DrawPanels(r, panels...)
	if err != nil {
		return nil, err
	}
	figure[0].Y.Min, figure[0].Y.Max = 0, 1.05
	figure[1].Legend.Top, figure[len(figure)-1].Legend.Top = false, false
	return figure, nil
}
