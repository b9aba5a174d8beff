package randommasks

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/theory"
)

var _ theory.Drawer = (*RandomMasks)(nil)

// Draw implements Drawer: the changes to the goal, and what is saved of them, with the law of
// linear units.
func (*RandomMasks) Draw(r *theory.Result) ([]*plot.Plot, error) {
	figure, err := theory.DrawPanels(r,
		theory.Panel{Column: "tau", Label: "changes per synapse / N to the goal"},
		theory.Panel{Column: "saving", Label: "M0 of p = 1 / M0"},
	)
	if err != nil {
		return nil, err
	}
	figure[0].Legend.Top, figure[0].Legend.Left = true, true
	law := &plotter.Line{XYs: (theory.Panel{}).Points(r, "law"), LineStyle: draw.LineStyle{
		Color: color.Gray{110}, Width: vg.Points(1.2), Dashes: []vg.Length{vg.Points(4), vg.Points(3)},
	}}
	figure[1].Add(law)
	figure[1].Legend.Add("K/(1+(K-1)p)", law)
	return figure, nil
}
