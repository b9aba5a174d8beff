package selection

import (
	"gonum.org/v1/plot"

	"ergon/theory"
)

var _ theory.Drawer = (*Selection)(nil)

// Draw implements Drawer: the error, what it costs to lower it, and what is saved.
func (*Selection) Draw(r *theory.Result) ([]*plot.Plot, error) {
	return theory.DrawRising(r,
		[]theory.Panel{
			{Column: "m0_total", Label: "M0 per synapse so far"},
			{Column: "m1_total", Label: "M1 per synapse so far"},
		}, []theory.Panel{
			{Column: "e", Label: "distance e", Logarithmic: true},
			{Column: "saving", Label: "M0 without selection / M0"},
		})
}
