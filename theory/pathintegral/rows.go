package pathintegral

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"ergon/theory"
	"ergon/theory/cumulants"
)

// layerRow is the comparison of one layer, ahead of one step.
type layerRow struct {
	label        string
	place        []theory.Quantity // at, window, layer, its synapses and p
	drift, noise cumulantCell
}

// cumulantCell is a cumulant as leading order predicts it, with what the replicas
// gave, and as next order does.
type cumulantCell struct {
	theory.Quantity
	next     theory.Estimate
	tangents int
	replicas int
}

// rows returns a row for each layer.
func (l measurement) rows() (rows []layerRow) {
	for i, layer := range l.Layers {
		rows = append(rows, layerRow{
			label: fmt.Sprintf("step %d, %d steps, layer %d", l.at, l.Steps, i+1),
			place: []theory.Quantity{
				theory.Value("at", float64(l.at)), theory.Value("window", float64(l.Steps)), theory.Value("layer", float64(i+1)),
				theory.Value("synapses", float64(layer.Synapses)), theory.Value("p", layer.Fraction),
			},
			drift: newCumulantCell("drift", layer.Drift), noise: newCumulantCell("noise", layer.Noise),
		})
	}
	return rows
}

func newCumulantCell(name string, c cumulants.Cumulant) cumulantCell {
	cell := cumulantCell{Quantity: theory.Quantity{Name: name, Predicted: c.Predicted}, tangents: len(c.Next), replicas: len(c.Measured)}
	if cell.replicas > 0 {
		cell.Simulations = theory.Simulated(theory.EstimateMean(c.Measured))
		if cell.identical() {
			cell.Simulations[0].StandardError = math.NaN()
		}
	}
	if cell.tangents > 0 {
		cell.next = theory.EstimateMean(c.Next)
	}
	return cell
}

// quantities are the columns of a row.
func (r layerRow) quantities() []theory.Quantity {
	return append(append(r.place, r.drift.quantities()...), r.noise.quantities()...)
}

// quantities are the columns of a cumulant.
func (c cumulantCell) quantities() []theory.Quantity {
	all := []theory.Quantity{c.Quantity}
	if c.tangents > 0 {
		all = append(all, theory.Value(c.Name+"_next", c.next.Value), theory.Value(c.Name+"_next_error", c.next.StandardError))
		if c.replicas > 0 {
			z, _ := c.nextZ()
			all = append(all, theory.Value(c.Name+"_simulated_next_z", z))
		}
	}
	return all
}

// nextZ returns by how many standard errors of both the replicas lie above next
// order, and the degrees of freedom of that (Welch 1947).
func (c cumulantCell) nextZ() (z, freedom float64) {
	replicas := c.Simulations[0].Estimate
	a, b := replicas.StandardError*replicas.StandardError, c.next.StandardError*c.next.StandardError
	z = (replicas.Value - c.next.Value) / math.Sqrt(a+b)
	return z, (a + b) * (a + b) / (a*a/float64(c.replicas-1) + b*b/float64(c.tangents-1))
}

// beyond says whether leading order is too inaccurate for what was measured: next order
// differs from it by more than half a standard error of the replicas and more than two of
// its own.
func (c cumulantCell) beyond() bool {
	if c.tangents == 0 || c.replicas == 0 {
		return false
	}
	apart := math.Abs(c.next.Value - c.Predicted)
	return apart > c.Simulations[0].StandardError/2 && apart > 2*c.next.StandardError
}

// identical says whether the replicas do not differ and equal the prediction up to the
// rounding of weights to float32, so that nothing was tested.
func (c cumulantCell) identical() bool {
	replicas := c.Simulations[0].Estimate
	size := max(math.Abs(replicas.Value), math.Abs(c.Predicted))
	return replicas.StandardError <= 1e-12*size && math.Abs(replicas.Value-c.Predicted) <= 1e-4*size
}

// still says whether the layer does not move, or has no gradient.
func (r layerRow) still() bool {
	return math.IsNaN(r.drift.Predicted) || r.drift.untested() && math.IsNaN(r.drift.Simulations[0].Value)
}

// untested says whether there is no z.
func (c cumulantCell) untested() bool {
	return c.replicas > 0 && math.IsNaN(c.Simulations[0].StandardError)
}

// nextPValue is [theory.PValue] for next order, whose own error counts too: the least
// p-value of Student's t, times the number of comparisons. NaN if there are none.
func nextPValue(rows []layerRow) float64 {
	least, n := 1.0, 0
	for _, row := range rows {
		for _, cell := range []cumulantCell{row.drift, row.noise} {
			if z, freedom := cell.nextZ(); !math.IsNaN(z) {
				t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}
				least, n = min(least, 2*t.Survival(math.Abs(z))), n+1
			}
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return min(1, float64(n)*least)
}
