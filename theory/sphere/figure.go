package sphere

import (
	"gonum.org/v1/plot"

	"ergon/theory"
)

// Draw implements Drawer: everything against η, on logarithmic axes where it is above zero.
func (s *Sphere) Draw(r *theory.Result) ([]*plot.Plot, error) {
	panels := []theory.Panel{
		{Column: "excess", Label: "U - U_min", Logarithmic: true},
		{Column: "temperature", Label: "T", Logarithmic: true},
		{Column: "entropy", Label: "S in nats"},
		{Column: "snr", Label: "signal to noise of the gradient", Logarithmic: true},
	}
	if s.Kind == "op" {
		panels = []theory.Panel{
			{Column: "collapse_steps", Label: "steps to a loss of 1e-16", Logarithmic: true},
			{Column: "snr", Label: "signal to noise of the gradient"},
		}
	}
	figure, err := theory.DrawPanels(r, panels...)
	for _, p := range figure {
		p.X.Label.Text = "η"
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
		p.Legend.Left = s.Kind == "up"
	}
	return figure, err
}
