package twolayer

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/theory"
)

var _ theory.Drawer = (*TwoLayer)(nil)

// Draw implements Drawer: the error, with that of a mask that all units share
// where there is one, specialisation, the overlap of two units, and the work.
func (w *TwoLayer) Draw(r *theory.Result) ([]*plot.Plot, error) {
	overlap := w.names()[2] // of a unit with itself
	if w.K > 1 {
		overlap = w.names()[3]
	}
	figure, err := theory.DrawPanels(r,
		theory.Panel{Column: "eps_g", Label: "generalisation error eps_g", Logarithmic: true},
		theory.Panel{Column: "specialisation"},
		theory.Panel{Column: overlap, Label: "overlap " + overlap},
		theory.Panel{Column: "work", Label: "work / N (units of the loss)"},
	)
	if err != nil {
		return nil, err
	}
	for _, p := range figure[1:] {
		p.Legend.Top = p.Y.Label.Text == "overlap "+overlap // the others rise
	}
	if shared := (theory.Panel{Logarithmic: true}).Points(r, "eps_g_column"); len(shared) > 0 {
		line := &plotter.Line{XYs: shared, LineStyle: draw.LineStyle{
			Color: color.Gray{110}, Width: vg.Points(1.2), Dashes: []vg.Length{vg.Points(4), vg.Points(3)},
		}}
		figure[0].Add(line)
		figure[0].Legend.Add("mask shared by all units", line)
	}
	return figure, nil
}
