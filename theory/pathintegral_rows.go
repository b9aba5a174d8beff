package theory

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"ergon/theory/cumulants"
)

// lookRow is the comparison of one layer, ahead of one step.
type lookRow struct {
	label        string
	place        []quantity // at, window, layer and what it is
	drift, noise lookCell
}

// lookCell is a cumulant as leading order predicts it, with what the replicas
// gave, and as next order does.
type lookCell struct {
	quantity
	next     measured
	tangents int
	replicas int
}

// rows compares each layer of what was seen.
func (l look) rows() (rows []lookRow) {
	for i, layer := range l.Layers {
		rows = append(rows, lookRow{
			label: fmt.Sprintf("step %d, %d steps, layer %d", l.at, l.Steps, i+1),
			place: []quantity{
				given("at", float64(l.at)), given("window", float64(l.Steps)), given("layer", float64(i+1)),
				given("synapses", float64(layer.Synapses)), given("p", layer.Fraction),
			},
			drift: newLookCell("drift", layer.Drift), noise: newLookCell("noise", layer.Noise),
		})
	}
	return rows
}

func newLookCell(name string, c cumulants.Cumulant) lookCell {
	cell := lookCell{quantity: quantity{name: name, predicted: c.Predicted}, tangents: len(c.Next), replicas: len(c.Measured)}
	if cell.replicas > 0 {
		cell.simulations = []simulation{{"simulated", meanOf(c.Measured)}}
		if cell.same() {
			cell.simulations[0].standardError = math.NaN()
		}
	}
	if cell.tangents > 0 {
		cell.next = meanOf(c.Next)
	}
	return cell
}

// quantities are the columns of a row.
func (r lookRow) quantities() []quantity {
	return append(append(r.place, r.drift.quantities()...), r.noise.quantities()...)
}

// quantities are the columns of a cumulant.
func (c lookCell) quantities() []quantity {
	all := []quantity{c.quantity}
	if c.tangents > 0 {
		all = append(all, given(c.name+"_next", c.next.value), given(c.name+"_next_error", c.next.standardError))
		if c.replicas > 0 {
			z, _ := c.nextZ()
			all = append(all, given(c.name+"_simulated_next_z", z))
		}
	}
	return all
}

// nextZ returns by how many standard errors of both the replicas lie above next
// order, and the degrees of freedom of that (Welch 1947).
func (c lookCell) nextZ() (z, freedom float64) {
	replicas := c.simulations[0].measured
	a, b := replicas.standardError*replicas.standardError, c.next.standardError*c.next.standardError
	z = (replicas.value - c.next.value) / math.Sqrt(a+b)
	return z, (a + b) * (a + b) / (a*a/float64(c.replicas-1) + b*b/float64(c.tangents-1))
}

// beyond says that leading order is not good enough for what was measured: next
// order is, to the best of its own knowledge, another prediction by more than half a
// standard error.
func (c lookCell) beyond() bool {
	if c.tangents == 0 || c.replicas == 0 {
		return false
	}
	apart := math.Abs(c.next.value - c.predicted)
	return apart > c.simulations[0].standardError/2 && apart > 2*c.next.standardError
}

// same says that the replicas do not differ and are what was predicted, but for
// the rounding of weights to float32: nothing was tested.
func (c lookCell) same() bool {
	replicas := c.simulations[0].measured
	size := max(math.Abs(replicas.value), math.Abs(c.predicted))
	return replicas.standardError <= 1e-12*size && math.Abs(replicas.value-c.predicted) <= 1e-4*size
}

// still says that the layer does not move, or has no gradient.
func (r lookRow) still() bool {
	return math.IsNaN(r.drift.predicted) || r.drift.untested() && math.IsNaN(r.drift.simulations[0].value)
}

// untested says that there is no z.
func (c lookCell) untested() bool {
	return c.replicas > 0 && math.IsNaN(c.simulations[0].standardError)
}

// nextChance bounds the chance that measurements of a right next order lie as
// far from it, somewhere in the table, as the worst of these do: Student's t, times the
// number of comparisons. NaN if there are none.
func nextChance(rows []lookRow) float64 {
	least, n := 1.0, 0
	for _, row := range rows {
		for _, cell := range []lookCell{row.drift, row.noise} {
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
