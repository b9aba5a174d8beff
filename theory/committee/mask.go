package committee

import (
	"math/bits"

	"ergon/internal/philox"
)

// Mask says what of a step is carried out: as expectations, which the equations
// of motion need, and as draws, which a simulation does.
//
// M_i is the mask of the synapses onto the student's unit i, r_a the presence of
// unit a in the output, 0 or 1. [Outside] in place of a is a unit that is always
// present: the teacher's, or the noise of the labels.
type Mask interface {
	// Linear is E[M_i r_a].
	Linear(i, a int) float64
	// Quadratic is E[M_i M_k r_a r_b] for the same input of i and k.
	Quadratic(i, k, a, b int) float64
	// Share is the share of the first layer's synapses that a step may change.
	Share() float64
	// Decay is the share of the synapses that weight decay reaches in a step.
	Decay() float64
	// Test is what the student's output is multiplied by in a test.
	Test() float64

	// Draw draws the mask of a step.
	Draw(stream philox.Stream, step uint64, to *Drawn)
}

// Selecting is a mask that looks at the step: which synapses may change depends on the
// inputs and the errors, δ_k = v_k g'(λ_k)·Δ of unit k.
type Selecting interface {
	Mask
	// Select draws the mask of a step, in place of Draw, once the step is known: x is
	// [N], the errors are [K].
	Select(x, errors []float64, to *Drawn)
}

// Cutting is a mask that selects by cuts which depend on the errors. It has no
// constants for [Equations] to take, which then average over the fields: Share, Linear,
// Quadratic and Decay are NaN.
type Cutting interface {
	Selecting
	// Cuts writes the cuts c_k, [K], of a step with these errors, in the limit of many
	// inputs: onto unit k those synapses may change with |x| > c_k.
	Cuts(errors, cuts []float64)
}

// Outside is the place of a unit that no mask concerns.
const Outside = -1

// Masks make the masks with the probability p that something may change, by name.
var Masks = map[string]func(p float64) Mask{
	"none":    func(float64) Mask { return None{} },
	"element": func(p float64) Mask { return Element{P: p} },
	"row":     func(p float64) Mask { return Row{P: p} },
	"column":  func(p float64) Mask { return Column{P: p} },
	"dropout": func(p float64) Mask { return Dropout{P: p} },
}

// Selections make the masks that look at the step, by name: p is the share of winners, kappa
// the size of δ·x above which a synapse changes.
var Selections = map[string]func(p, kappa float64) Selecting{
	"top_neuron": func(p, _ float64) Selecting { return NewTopNeuron(p) },
	"top_layer":  func(p, _ float64) Selecting { return NewTopLayer(p) },
	"threshold":  func(_, kappa float64) Selecting { return Threshold{Kappa: kappa} },
}

// Drawn is the mask of one step.
type Drawn struct {
	Present []bool     // [K], r: whether the unit takes part in the output
	Units   []bool     // [K], whether any synapse onto the unit may change
	Inputs  [][]uint64 // [K], bit j: whether that from input j may; nil: each may
	Second  []bool     // [K], whether v_k may change
	Decays  bool       // weight decay reaches all synapses, not those of the mask alone
	inputs  int        // N
	memory  []uint64   // [K·words]
	sizes   []uint32   // of updates that compete
}

// NewDrawn returns the mask of k units of n inputs, all present and plastic.
func NewDrawn(k, n int) *Drawn {
	d := &Drawn{inputs: n, Inputs: make([][]uint64, k), memory: make([]uint64, k*words(n))}
	for range k {
		d.Present, d.Units, d.Second = append(d.Present, true), append(d.Units, true), append(d.Second, true)
	}
	return d
}

// words is how many words hold n bits.
func words(n int) int { return (n + 63) / 64 }

// row is the memory of unit k's bits.
func (d *Drawn) row(k int) []uint64 {
	n := len(d.memory) / len(d.Units)
	return d.memory[k*n : (k+1)*n : (k+1)*n]
}

// mark lets change the synapses onto unit k of which is true, and no others.
func (d *Drawn) mark(k int, is func(j int) bool) {
	row := d.row(k)
	clear(row)
	for j := range d.inputs {
		if is(j) {
			row[j/64] |= 1 << (j % 64)
		}
	}
}

// count returns how many bits are set.
func count(words []uint64) (n int) {
	for _, word := range words {
		n += bits.OnesCount64(word)
	}
	return n
}

// Each draw of a step has its place among the numbers of a stream.
const (
	drawUnits  = 0       // numbers 0 … of the step
	drawSecond = 1 << 20 // those from here
	drawInputs = 1 << 16 // words of 64 numbers from here on
)

// chances draws each of to with probability p.
func chances(stream philox.Stream, step, first uint64, p float64, to []bool) {
	threshold := philox.Threshold(p)
	for k := range to {
		to[k] = uint64(stream.Uint32(step, first+uint64(k))) < threshold
	}
}
