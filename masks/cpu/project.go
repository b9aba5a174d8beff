package cpu

import (
	"math"

	"ergon/internal/parallel"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// projection puts scale-invariant weights back to their lengths after an update, and counts
// what both changed. nil: the rule has none.
type projection struct {
	target  masks.Target
	pool    *parallel.Pool
	all     []*masks.Synapses // those that are projected
	chunks  []masks.Chunk     // of these
	before  [][]float32       // their weights before the step
	writes  [][]uint8         // where their writes are counted
	started bool
	shares  []float64 // of each array, of the squared length at the start

	squares    []float64      // of each chunk
	norms      []float64      // of each array: its squared length
	scales     []float32      // of each array
	changes    []masks.Change // of each chunk
	rule       []masks.Change // of each layer: what the update alone did
	square     func(chunk int)
	scale      func(chunk int)
	difference func(chunk int)
}

var _ state.Stateful = (*projection)(nil)

func newProjection(rule masks.Rule, net masks.Network, arrays []*masks.Synapses, pool *parallel.Pool) *projection {
	all, target := rule.Projected(net, arrays)
	if target == nil {
		return nil
	}
	p := &projection{target: *target, pool: pool, all: all, chunks: masks.Chunks(all), rule: make([]masks.Change, len(net.Layers))}
	for _, s := range all {
		p.before = append(p.before, make([]float32, s.In*s.Out))
	}
	p.writes = make([][]uint8, len(all))
	p.shares, p.norms, p.scales = make([]float64, len(all)), make([]float64, len(all)), make([]float32, len(all))
	p.squares, p.changes = make([]float64, len(p.chunks)), make([]masks.Change, len(p.chunks))
	p.square, p.scale, p.difference = p.squareChunk, p.scaleChunk, p.differChunk
	return p
}

// start notes the shares of the arrays, and puts the weights to where they will be put
// back to. It does so once.
func (p *projection) start() {
	if p.started {
		return
	}
	p.started = true
	total := p.measure()
	for i, square := range p.norms {
		p.shares[i] = square / total
	}
	p.put()
}

// begin opens a step: it notes the weights, and takes over the counting of their writes.
func (p *projection) begin(u *Updater) {
	if p == nil {
		return
	}
	p.start()
	for i, s := range p.all {
		copy(p.before[i], s.Weights)
		a := &u.arrays[s.Index]
		p.writes[i], a.window = a.window, nil
	}
}

// end puts the weights back. changes holds what the update did to each layer, and
// afterwards what it and the projection did together.
func (p *projection) end(changes []masks.Change) {
	if p == nil {
		return
	}
	copy(p.rule, changes)
	p.put()
	p.pool.Run(len(p.chunks), p.difference)
	for _, s := range p.all {
		changes[s.Layer] = masks.Change{Work: changes[s.Layer].Work} // a scale-invariant loss has no slope along the weights
	}
	for c, chunk := range p.chunks {
		changes[p.all[chunk.Array].Layer].Add(p.changes[c])
	}
}

// measure computes the squared length of each array, and returns that of all.
func (p *projection) measure() (total float64) {
	p.pool.Run(len(p.chunks), p.square)
	clear(p.norms)
	for c, chunk := range p.chunks {
		p.norms[chunk.Array] += p.squares[c]
		total += p.squares[c]
	}
	return total
}

// put scales the weights to their lengths. Weights of length 0, or that are not finite,
// stay as they are.
func (p *projection) put() {
	total := p.measure()
	for i := range p.all {
		square, target := total, p.target.Norm
		if p.target.Layers {
			square, target = p.norms[i], target*math.Sqrt(p.shares[i])
		}
		p.scales[i] = 1
		if scale := target / math.Sqrt(square); scale > 0 && !math.IsInf(scale, 0) {
			p.scales[i] = float32(scale)
		}
	}
	p.pool.Run(len(p.chunks), p.scale)
}

func (p *projection) squareChunk(c int) {
	chunk, sum := p.chunks[c], 0.0
	for _, x := range p.all[chunk.Array].Weights[chunk.Lo:chunk.Hi] {
		sum += float64(x) * float64(x)
	}
	p.squares[c] = sum
}

func (p *projection) scaleChunk(c int) {
	chunk := p.chunks[c]
	w := p.all[chunk.Array].Weights[chunk.Lo:chunk.Hi]
	simd.Scale(w, w, p.scales[chunk.Array])
}

func (p *projection) differChunk(c int) {
	chunk, change := p.chunks[c], masks.Change{}
	before, writes := p.before[chunk.Array][chunk.Lo:chunk.Hi], p.writes[chunk.Array]
	for i, w := range p.all[chunk.Array].Weights[chunk.Lo:chunk.Hi] {
		if w != before[i] {
			change.M0++
			if writes != nil {
				writes[chunk.Lo+i]++
			}
			change.M1 += math.Abs(float64(w) - float64(before[i]))
		}
	}
	change.Stored = change.M0
	p.changes[c] = change
}

// State implements state.Stateful.
func (p *projection) State(v state.Visitor) {
	v.JSON("started", &p.started)
	v.Float64s("shares", p.shares)
}

// StartProjection puts scale-invariant weights to where the rule will put them back to, for
// a network that begins. Step does so by itself, and too late for the first forward pass.
func (u *Updater) StartProjection() {
	if u.projection != nil {
		u.projection.start()
	}
}

// RuleChanges returns what the update of the last step did to each layer, without the
// projection that followed; nil if none did. The slice is valid until the next step.
func (u *Updater) RuleChanges() []masks.Change {
	if u.projection == nil {
		return nil
	}
	return u.projection.rule
}
