package theory

import "gonum.org/v1/plot"

var _ Drawer = (*Ridge)(nil)

// Draw implements Drawer: how much is learned, and what it costs.
func (*Ridge) Draw(r *Result) ([]*plot.Plot, error) {
	return withRising(r,
		[]panel{
			{column: "m", label: "overlap m"},
			{column: "inefficiency", label: "M1 / M1 of the straight way"},
		}, []panel{
			{column: "e", label: "distance e", logarithmic: true},
			{column: "train_loss", label: "training loss", logarithmic: true},
			{column: "m1", label: "mean |Δw| of a step", logarithmic: true},
			{column: "dissipation", label: "dissipation per synapse and step", logarithmic: true},
		})
}
