package likelihood

import (
	"ergon/graph/boltzmann"
	"ergon/internal/philox"
	"ergon/internal/simd"
)

// path is the machines between one of independent units and the machine itself: at the inverse
// temperature β they have
//
//	W_β = βW,   a_β = (1-β)a⁰ + βa,   b_β = βb.
//
// Of Bernoulli units these are the distributions of Salakhutdinov and Murray 2008.
type path struct {
	m          *boltzmann.Machine
	base, tilt []float64 // a⁰, a - a⁰ [V]
	transposed []float32 // Wᵀ [H,V]
}

func newPath(m *boltzmann.Machine, base []float64) *path {
	v, h := len(m.Visible), len(m.Hidden)
	p := &path{m: m, base: make([]float64, v), tilt: make([]float64, v), transposed: make([]float32, v*h)}
	for i, a := range m.Visible {
		p.base[i] = float64(a)
		if base != nil {
			p.base[i] = base[i]
		}
		p.tilt[i] = float64(a) - p.base[i]
		for j := range h {
			p.transposed[j*v+i] = m.W[i*h+j]
		}
	}
	return p
}

// lnZ0 returns ln Z at β = 0, Σ Γ(a⁰) + Σ Γ(0).
func (p *path) lnZ0() float64 {
	return p.m.VisibleUnits.LogPartition(p.base) + p.m.HiddenUnits.LogPartition(make([]float64, len(p.m.Hidden)))
}

// chain is one Markov chain along a path. States are rounded to float32, as those of training.
type chain struct {
	*path
	stream philox.Stream
	number int

	v      []float32 // [V]
	fields []float64 // b + vᵀW, those of hidden units at β = 1 [H]
	tilted float64   // (a - a⁰)·v

	visibleUnits, hiddenUnits *units
	visibleFields, visible    []float64 // at some β, and what is drawn under them [V]
	hiddenFields, hidden      []float64 // [H]
	words                     []uint32
}

func (p *path) chain(stream philox.Stream, number int) *chain {
	v, h := len(p.m.Visible), len(p.m.Hidden)
	row := func(n int) []float64 { return make([]float64, n) }
	return &chain{
		path: p, stream: stream, number: number, v: make([]float32, v), fields: row(h),
		visibleUnits: newUnits(p.m.VisibleUnits, v), hiddenUnits: newUnits(p.m.HiddenUnits, h),
		visibleFields: row(v), visible: row(v), hiddenFields: row(h), hidden: row(h),
		words: make([]uint32, whole(h)+whole(v)),
	}
}

// begin draws v at β = 0.
func (c *chain) begin(step uint64) {
	c.draw(step)
	copy(c.visibleFields, c.base)
	c.drawVisible()
}

// put sets v.
func (c *chain) put(v []float32) {
	copy(c.v, v)
	c.m.HiddenFields(c.fields, c.v)
	c.tilted = 0
	for i, x := range c.v {
		c.tilted += float64(c.tilt[i] * float64(x))
	}
}

// sweep draws h given v, then v given h, at β: a step that leaves p_β(v) as it is.
func (c *chain) sweep(step uint64, beta float64) {
	c.draw(step)
	c.scale(beta)
	c.hiddenUnits.Sample(c.hidden, c.hiddenFields, c.words)
	clear(c.visibleFields)
	for j, h := range c.hidden {
		if x := float32(h); x != 0 {
			simd.Axpy(c.visibleFields, c.transposed[j*len(c.v):(j+1)*len(c.v)], x)
		}
	}
	for i, field := range c.visibleFields {
		c.visibleFields[i] = c.base[i] + float64(beta*(c.tilt[i]+field))
	}
	c.drawVisible()
}

// draw fetches the words of a step, those of hidden units first.
func (c *chain) draw(step uint64) {
	fill(c.words, c.stream, step, uint64(c.number)*uint64(len(c.words)))
}

// drawVisible draws v under the visible fields.
func (c *chain) drawVisible() {
	c.visibleUnits.Sample(c.visible, c.visibleFields, c.words[whole(len(c.hidden)):])
	for i, x := range c.visible {
		c.v[i] = float32(x)
	}
	c.put(c.v)
}

// scale writes the fields of hidden units at β to hiddenFields.
func (c *chain) scale(beta float64) {
	for j, f := range c.fields {
		c.hiddenFields[j] = beta * f
	}
}

// lnWeight returns F_from(v) - F_to(v), ln of the ratio of the unnormalised probabilities of v
// at two β. The potential of v is the same in both.
func (c *chain) lnWeight(from, to float64) float64 {
	c.scale(to)
	sum := c.hiddenUnits.LogPartition(c.hiddenFields)
	c.scale(from)
	return (to-from)*c.tilted + sum - c.hiddenUnits.LogPartition(c.hiddenFields)
}
