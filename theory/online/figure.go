package theory

import "gonum.org/v1/plot"

var _ Drawer = (*Online)(nil)

// Draw implements Drawer: the error, and what it costs to lower it.
func (*Online) Draw(r *Result) ([]*plot.Plot, error) {
	return DrawRising(r,
		[]Panel{
			{Column: "m1_total", Label: "M1 per synapse so far"},
			{Column: "inefficiency", Label: "M1 / M1 of the straight way"},
		}, []Panel{
			{Column: "e", Label: "distance e", Logarithmic: true},
			{Column: "dissipation", Label: "dissipation per synapse and unit of t"},
		})
}
