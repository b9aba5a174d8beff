package theory

import "gonum.org/v1/plot"

var _ Drawer = (*Ridge)(nil)

// Draw implements Drawer: how much is learned, and what it costs.
func (*Ridge) Draw(r *Result) ([]*plot.Plot, error) {
	return DrawRising(r,
		[]Panel{
			{Column: "m", Label: "overlap m"},
			{Column: "inefficiency", Label: "M1 / M1 of the straight way"},
		}, []Panel{
			{Column: "e", Label: "distance e", Logarithmic: true},
			{Column: "train_loss", Label: "training loss", Logarithmic: true},
			{Column: "m1", Label: "mean |Δw| of a step", Logarithmic: true},
			{Column: "dissipation", Label: "dissipation per synapse and step", Logarithmic: true},
		})
}
