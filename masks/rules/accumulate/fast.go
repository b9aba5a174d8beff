package accumulate

import (
	"ergon/internal/parallel"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// FastArray is a second array of devices A, beside that of the weights C, that takes every update:
//
//	A ← A + ΔJ - |ΔJ|A/b, within ±b
//
// The last term is the asymmetry of its devices, which have soft bounds: a step up is the smaller the higher A
// is, and a step down the larger, so that random steps let A decay to 0, where both are
// equal. A so is a running mean of the update over the synapse's own activity: it comes to b⟨ΔJ⟩/⟨|ΔJ|⟩.
// Without it (b = ∞) A is the sum of all updates, what is added to C again and again, and
// weights swing about their goal ever more widely.
//
// Every TransferEvery presentations, Rows rows are read, the next ones each time, and a share
// Alpha of A goes to C. A row holds the synapses from one unit; biases are one row.
// The network computes with C + Gamma·A.
type FastArray struct {
	Alpha         float64 `key:"alpha" doc:"share α of the fast array A that goes to the weights C when its row is read" in:"(0,inf)"`
	Bound         float64 `key:"bound" doc:"soft bound b of A, in units of the weights: A decays by |Δw|/b of itself in each update, and stays within ±b; .inf: neither" in:"(0,inf]"`
	TransferEvery int     `key:"transfer_every" doc:"presentations between two transfers" in:"[1,1000000000]"`
	Rows          int     `key:"rows" doc:"rows of each array, the synapses from one unit each, that a transfer reads, the next ones each time; 0: all" in:"[0,1000000000]"`
	Gamma         float64 `key:"gamma" doc:"share γ of A that the network sees beside C" in:"[0,inf)"`
}

// fast is a FastArray of a network, with what a rule does when a synapse is read.
type fast struct {
	*FastArray
	buffered
	schedule
	due      bool
	fast     [][]float32 // A of each array
	slow     [][]float32 // C of each array; nil where it is what the network sees, because γ = 0
	transfer func(t *tally, array, i int, c *float32)
	pending  func(array, i int) bool // whether a synapse is written though A is 0; nil: none is
}

func newFast(f *FastArray, all []*masks.Synapses, pool *parallel.Pool) *fast {
	m := &fast{FastArray: f, buffered: newBuffered(all, pool), schedule: schedule{every: f.TransferEvery, rows: f.Rows}}
	for _, s := range all {
		m.fast = append(m.fast, make([]float32, s.In*s.Out))
		if f.Gamma > 0 {
			m.slow = append(m.slow, make([]float32, s.In*s.Out))
		}
	}
	m.body = m.learn
	return m
}

// Start implements Memory.
func (m *fast) Start() {
	m.buffered.Start()
	for a, c := range m.slow {
		copy(c, m.all[a].Weights)
	}
}

// Consolidate implements Memory.
func (m *fast) Consolidate(presentations int, _ []masks.Change) {
	m.due = m.started && m.pass(presentations)
	m.run()
}

// shown is how many neighbouring synapses are shown to the network together, if an update has changed any.
const shown = 512

// learn lets the fast array of a chunk take the update, and reads the rows that are due.
func (m *fast) learn(n int) {
	c, t := m.chunks[n], &m.sums[n]
	*t = tally{}
	a, delta, bound, decay := m.fast[c.Array], m.scratch.updates[c.Array], float32(m.Bound), float32(1/m.Bound)
	var amount [simd.BlockLanes]float64
	for lo := c.Lo; lo < c.Hi; lo += shown {
		hi := min(lo+shown, c.Hi)
		if updates := simd.Fade(a[lo:hi], delta[lo:hi], bound, decay, &amount); updates > 0 {
			t.accumulated.Updates += int64(updates)
			m.show(c.Array, lo, hi)
		}
	}
	for _, lane := range amount {
		t.accumulated.Amount += lane
	}
	t.accumulated.Reads, t.accumulated.Writes = t.accumulated.Updates, t.accumulated.Updates
	if !m.due {
		return
	}
	first, last, rest := m.spans(m.all[c.Array])
	for _, span := range [2][2]int{{first, last}, {0, rest}} {
		m.read(t, c.Array, max(span[0], c.Lo), min(span[1], c.Hi))
	}
}

// read transfers what the fast array has at synapses [lo,hi).
func (m *fast) read(t *tally, array, lo, hi int) {
	if lo >= hi {
		return
	}
	t.accumulated.Reads += int64(m.all[array].Among(lo, hi))
	for i := lo; i < hi; i++ {
		if m.fast[array][i] != 0 || m.pending != nil && m.pending(array, i) {
			m.transfer(t, array, i, m.weight(array, i))
		}
	}
	m.show(array, lo, hi)
}

// weight returns C of a synapse.
func (m *fast) weight(array, i int) *float32 {
	if m.slow == nil {
		return &m.all[array].Weights[i]
	}
	return &m.slow[array][i]
}

// show sets what the network sees of synapses [lo,hi).
func (m *fast) show(array, lo, hi int) {
	if m.slow == nil {
		return
	}
	w := m.all[array].Weights[lo:hi]
	copy(w, m.slow[array][lo:hi])
	simd.AddScaled(w, m.fast[array][lo:hi], float32(m.Gamma))
}

// Permanent implements Memory: C.
func (m *fast) Permanent() [][]float32 {
	if m.slow != nil && m.started {
		return m.slow
	}
	return m.buffered.Permanent()
}

// Bits implements Accumulating.
func (m *fast) Bits(layer int) int64 { return masks.BitsOf(m.all, layer, 1) }

// State implements state.Stateful.
func (m *fast) State(v state.Visitor) {
	v.JSON("started", &m.started)
	m.schedule.State(v)
	state.Float32Arrays(v, "fast", m.fast)
	state.Float32Arrays(v, "slow", m.slow)
}
