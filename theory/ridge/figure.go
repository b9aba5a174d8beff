package ridge

import (
	"gonum.org/v1/plot"

	"ergon/theory"
)

var _ theory.Drawer = (*Ridge)(nil)

// Draw implements Drawer: how much is learned, and what it costs.
func (*Ridge) Draw(r *theory.Result) ([]*plot.Plot, error) {
	return theory.DrawRising(r,
		[]theory.Panel{
			{Column: "m", Label: "overlap m"},
			{Column: "inefficiency", Label: "M1 / M1 of the straight way"},
		}, []theory.Panel{
			{Column: "e", Label: "distance e", Logarithmic: true},
			{Column: "train_loss", Label: "training loss", Logarithmic: true},
			{Column: "m1", Label: "mean |Δw| of a step", Logarithmic: true},
			{Column: "dissipation", Label: "dissipation per synapse and step", Logarithmic: true},
		})
}
