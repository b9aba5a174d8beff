package theory

import "gonum.org/v1/plot"

var _ Drawer = (*Online)(nil)

// Draw implements Drawer: the error, and what it costs to lower it.
func (*Online) Draw(r *Result) ([]*plot.Plot, error) {
	return withRising(r,
		[]panel{
			{column: "m1_total", label: "M1 per synapse so far"},
			{column: "inefficiency", label: "M1 / M1 of the straight way"},
		}, []panel{
			{column: "e", label: "distance e", logarithmic: true},
			{column: "dissipation", label: "dissipation per synapse and unit of t"},
		})
}
