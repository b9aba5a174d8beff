package boltzmann

import (
	"ergon/graph/op"
	"ergon/internal/parallel"
)

// clamped sums over the states of the hidden units of a fully connected machine while the
// visible ones, its first, are held.
type clamped struct {
	visible, units int       // V and N
	weights        []float64 // [N,N] the machine's own, of i < j
	biases         []float64 // [N]
	hidden         *ensemble
	couplings      []float64 // [H,H] of the hidden units
	fields         []float64 // [H] that the visible units give them
	v              []float64 // [V] scratch
}

// newClamped makes room for a machine whose weights [N,N] and biases [N] these are.
func newClamped(visible int, weights, biases []float64) *clamped {
	units := len(biases)
	h := units - visible
	return &clamped{
		visible: visible, units: units, weights: weights, biases: biases,
		hidden: newEnsemble(h, nil), couplings: make([]float64, h*h), fields: make([]float64, h), v: make([]float64, visible),
	}
}

// begin takes over the weights as they are.
func (c *clamped) begin() {
	h := c.units - c.visible
	for j := range h {
		copy(c.couplings[j*h:(j+1)*h], c.weights[(c.visible+j)*c.units+c.visible:])
	}
	c.hidden.couple(c.couplings)
}

// freeEnergy returns F(v) = -ln Σ_h e^-E(v,h), and has the moments of the hidden units summed
// if they are asked for.
func (c *clamped) freeEnergy(v []float64, moments bool) float64 {
	minusE := 0.0
	copy(c.fields, c.biases[c.visible:])
	for i, x := range v {
		if x == 0 {
			continue
		}
		row := c.weights[i*c.units : (i+1)*c.units]
		minusE += x * c.biases[i]
		for j := i + 1; j < c.visible; j++ {
			minusE += x * row[j] * v[j]
		}
		for j, w := range row[c.visible:] {
			c.fields[j] += x * w
		}
	}
	c.hidden.sum(c.fields, moments)
	return -minusE - c.hidden.lnZ
}

// write writes the moments [N,N] of all units, of the v that the free energy was last computed
// of: ⟨s_i s_j⟩ of i < j, ⟨s_i⟩ on the diagonal, and 0 below it.
func (c *clamped) write(moments []float32, v []float64) {
	h := c.units - c.visible
	clear(moments)
	for i, x := range v {
		row := moments[i*c.units : (i+1)*c.units]
		row[i] = float32(x)
		for j := i + 1; j < c.visible; j++ {
			row[j] = float32(x * v[j])
		}
		for j := range h {
			row[c.visible+j] = float32(x * c.hidden.moments[j*(h+1)])
		}
	}
	for j := range h {
		for k := j; k < h; k++ {
			moments[(c.visible+j)*c.units+c.visible+k] = float32(c.hidden.moments[j*h+k])
		}
	}
}

// clampedRows calls body for each of some rows of visible units, in parallel. Each chunk of
// rows has a machine of its own.
func clampedRows(c *op.Compiler, rows, visible int, weights, biases []float64, body func(m *clamped, r int)) func() {
	const most = 16 // fixed: each has tables of its own
	chunks := min(rows, most)
	machines := make([]*clamped, chunks)
	for i := range machines {
		machines[i] = newClamped(visible, weights, biases)
	}
	chunk := func(i int) {
		machines[i].begin()
		lo, hi := parallel.Split(rows, chunks, i)
		for r := lo; r < hi; r++ {
			body(machines[i], r)
		}
	}
	return func() { c.Pool.Run(chunks, chunk) }
}
