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

// clampedRows returns a function that calls body for each row of visible units x [B,V], which
// are then in m.v, to write a row of out [B,width]; in parallel. Rows that are the same are
// computed once, so that this never takes more than all states that there are. Each chunk of
// rows has a machine of its own.
func clampedRows(c *op.Compiler, x op.Operand, weights, biases []float64, out []float32, width int, body func(m *clamped, row []float32)) func() {
	const most = 16 // machines, each of which has its tables
	V := x.Shape[1]
	rows := newRepeats(x.Shape[0], V)
	machines := make([]*clamped, min(x.Shape[0], most))
	for i := range machines {
		machines[i] = newClamped(V, weights, biases)
	}
	chunk := func(i int) {
		m := machines[i]
		m.begin()
		lo, hi := parallel.Split(len(rows.distinct), len(machines), i)
		for _, r := range rows.distinct[lo:hi] {
			widen(m.v, x.Data[r*V:(r+1)*V])
			body(m, out[r*width:(r+1)*width])
		}
	}
	return func() {
		rows.find(x.Data)
		c.Pool.Run(len(machines), chunk)
		for r, first := range rows.first {
			if first != r {
				copy(out[r*width:(r+1)*width], out[first*width:(first+1)*width])
			}
		}
	}
}

// repeats finds the rows of V visible units that are the same as one before them.
type repeats struct {
	visible  int
	seen     []int // [2^V] number of the row that has the state, from 1; 0: none
	first    []int // [B] the first row that is the same
	distinct []int // rows that are first
}

func newRepeats(rows, visible int) *repeats {
	return &repeats{visible: visible, seen: make([]int, 1<<visible), first: make([]int, rows), distinct: make([]int, 0, rows)}
}

// find looks at rows x [B,V]. Of those with a unit that is neither 0 nor 1, none is the same.
func (p *repeats) find(x []float32) {
	p.distinct = p.distinct[:0]
	for r := range p.first {
		p.first[r] = r
		state, ok := stateOf(x[r*p.visible : (r+1)*p.visible])
		if ok && p.seen[state] > 0 {
			p.first[r] = p.seen[state] - 1
			continue
		}
		if p.distinct = append(p.distinct, r); ok {
			p.seen[state] = r + 1
		}
	}
	for _, r := range p.distinct {
		if state, ok := stateOf(x[r*p.visible : (r+1)*p.visible]); ok {
			p.seen[state] = 0
		}
	}
}

// stateOf returns the number of a state, in which unit i is bit i. ok is false unless all units
// are 0 or 1.
func stateOf(v []float32) (state int, ok bool) {
	for i, x := range v {
		switch x {
		case 0:
		case 1:
			state |= 1 << i
		default:
			return 0, false
		}
	}
	return state, true
}
