package online

import (
	"gonum.org/v1/plot"

	"ergon/theory"
)

var _ theory.Drawer = (*Online)(nil)

// Draw implements Drawer: the error, and what it costs to lower it.
func (*Online) Draw(r *theory.Result) ([]*plot.Plot, error) {
	return theory.DrawRising(r,
		[]theory.Panel{
			{Column: "m1_total", Label: "M1 per synapse so far"},
			{Column: "inefficiency", Label: "M1 / M1 of the straight way"},
		}, []theory.Panel{
			{Column: "e", Label: "distance e", Logarithmic: true},
			{Column: "dissipation", Label: "dissipation per synapse and unit of t"},
		})
}
