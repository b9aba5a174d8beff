// Package cpu applies a learning rule on processor cores: one pass over weights and
// gradients that masks, clips, applies and counts. For each array it takes the cheapest
// update path that the rule allows: see way.
package cpu

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"ergon/internal/parallel"
	"ergon/masks"
)

// Updater applies a rule to a network. It is a gorgonia.Solver; call Step after the
// machine has run.
type Updater struct {
	pool         *parallel.Pool
	masks        []masks.Mask
	optimizer    masks.Optimizer
	proportional masks.Proportional // the optimizer if Δw = Factor·g, else nil
	clip         masks.Limits
	memory       masks.Memory       // of the cache; nil without one
	transmission masks.Transmission // of stochastic synapses; nil without them
	lazy         bool               // gradients that are products stay uncomputed

	all    []*masks.Synapses
	arrays []array // of all
	chunks []masks.Chunk

	// The step in progress.
	step       uint64
	presented  masks.Presentation
	drawn      masks.Step
	drawnAhead bool           // drawn was begun by DrawAhead
	live       [][]int32      // of each layer: units whose errors are needed; nil: all
	factor     float32        // of proportional
	counters   []counters     // of each chunk
	blocks     *blocks        // of arrays that are streamed
	bounds     bounds         // of a clip by norm
	changes    []masks.Change // of each layer

	// The pool's loop bodies, made once: a new closure in each step would allocate.
	learnChunk, measureChunk func(int)
}

var _ G.Solver = (*Updater)(nil)

// NewUpdater makes the updater of a rule for a network. pool works on chunks in
// parallel; nil is one core. It fails if the rule does not fit the network.
func NewUpdater(rule masks.Rule, net masks.Network, seed uint64, pool *parallel.Pool) (u *Updater, err error) {
	all := masks.Arrays(net.Layers)
	u = &Updater{
		pool: pool, all: all, arrays: make([]array, len(all)), chunks: masks.Chunks(all),
		changes: make([]masks.Change, len(net.Layers)), blocks: new(blocks),
	}
	if u.clip, err = rule.Limits(net); err != nil {
		return nil, err
	}
	if u.masks, err = rule.NewMasks(net, seed); err != nil {
		return nil, err
	}
	if u.optimizer, err = rule.NewOptimizer(net, seed); err != nil {
		return nil, err
	}
	if u.transmission, err = rule.NewTransmission(net, seed, pool); err != nil {
		return nil, err
	}
	u.proportional, _ = u.optimizer.(masks.Proportional)
	u.memory = rule.Cache.New(all, pool)
	u.lazy = u.gradientFree()
	u.counters = make([]counters, len(u.chunks))
	u.bounds = newBounds(u)
	for n, s := range all {
		u.arrays[n] = array{Synapses: s, masks: make([]masks.Mask, 0, len(u.masks))}
		u.arrays[n].stream = func(r0, r1, c0, c1 int, dw []float32, stride int) {
			u.learnBlock(n, r0, r1, c0, c1, dw, stride)
		}
	}
	u.learnChunk, u.measureChunk = u.learn, u.measure
	return u, nil
}

// gradientFree reports whether the rule needs no gradient in memory: Δw = factor·g, no
// norm of it is taken, synapses transmit their weights, and every mask is GradientFree.
func (u *Updater) gradientFree() bool {
	if u.proportional == nil || u.transmission != nil || u.clipsNorm() {
		return false
	}
	for _, m := range u.masks {
		if _, ok := m.(masks.GradientFree); !ok {
			return false
		}
	}
	return true
}

// clipsNorm reports whether the clip is by norm.
func (u *Updater) clipsNorm() bool { return !math.IsInf(u.clip.Norm, 1) }

// Step implements gorgonia.Solver: it changes the weights in place. Parameters come in
// the order of masks.Arrays: for each layer its weights, then its biases.
func (u *Updater) Step(parameters []G.ValueGrad) error {
	if err := u.bind(parameters); err != nil {
		return err
	}
	if u.transmission != nil {
		u.transmission.Begin(u.all)
	}
	if err := u.draw(); err != nil {
		return err
	}
	u.drawnAhead = false
	u.choose()
	u.optimizer.Begin()
	if err := u.prepare(); err != nil {
		return err
	}
	u.update()
	u.collect()
	if u.transmission != nil {
		u.transmission.End()
	}
	u.consolidate(max(1, u.presented.Batch))
	u.presented = masks.Presentation{}
	u.step++
	return nil
}

// Present announces the batch of which the next Step's gradients are; without it, they
// count as one presentation. Masks that read activities, errors or labels need it. The
// slices are read during Step.
func (u *Updater) Present(p masks.Presentation) { u.presented = p }

// Rest replaces Step if the gate kept out every presentation of a batch: nothing is
// updated, but time passes.
func (u *Updater) Rest(presentations int) {
	clear(u.changes)
	u.consolidate(presentations)
	u.drawnAhead = false
	u.step++
}

// Transmit replaces weights, array by array, by what the synapses transmit in the
// next step. Call Restore before Step.
func (u *Updater) Transmit(weights [][]float32) {
	if u.transmission != nil {
		u.transmission.Transmit(weights, u.step)
	}
}

// Restore puts back the weights that Transmit has replaced.
func (u *Updater) Restore(weights [][]float32) {
	if u.transmission != nil {
		u.transmission.Restore(weights)
	}
}

// Changes returns what the last step did to each layer, biases included. The slice is
// valid until the next step and must not be modified.
func (u *Updater) Changes() []masks.Change { return u.changes }

// Memory returns the cache's memory of the synapses; nil if every change is permanent
// at once.
func (u *Updater) Memory() masks.Memory { return u.memory }

// Transmission returns the transmission of the synapses; nil if they transmit their
// weights.
func (u *Updater) Transmission() masks.Transmission { return u.transmission }

// bind points the arrays at the parameters' storage, and starts the cache at the first
// step.
func (u *Updater) bind(parameters []G.ValueGrad) error {
	if len(parameters) != len(u.all) {
		return fmt.Errorf("masks: %d parameters for %d arrays of synapses", len(parameters), len(u.all))
	}
	for n, p := range parameters {
		var err error
		a := &u.arrays[n]
		if a.x, a.dz, err = a.Bind(n, p, u.lazy); err != nil {
			return err
		}
	}
	if u.memory != nil && u.memory.Permanent() == nil {
		u.memory.Start()
	}
	return nil
}

// prepare computes what each array's way needs of its gradient.
func (u *Updater) prepare() error {
	if u.proportional != nil {
		u.factor = u.proportional.Factor()
	}
	u.blocks.begin()
	for n := range u.arrays {
		a := &u.arrays[n]
		if err := a.way.prepare(u, a); err != nil {
			return err
		}
	}
	return nil
}

// update updates all chunks.
func (u *Updater) update() {
	if u.clipsNorm() {
		u.scale()
	}
	if u.serial() {
		for c := range u.chunks {
			u.learn(c)
		}
		return
	}
	u.pool.Run(len(u.chunks), u.learnChunk)
}

// learn updates one chunk.
func (u *Updater) learn(c int) {
	chunk, t := u.chunks[c], &u.counters[c]
	a := &u.arrays[chunk.Array]
	*t = counters{}
	a.way.chunk(u, a, chunk, t)
}

// serial reports whether one core is faster than waking the others: a step of a single
// presentation on fewer than 2¹⁹ synapses.
func (u *Updater) serial() bool {
	synapses := 0
	for n := range u.arrays {
		a := &u.arrays[n]
		if _, ok := a.way.(rankOne); !ok && !a.Bias {
			return false
		}
		synapses += a.In * a.Out
	}
	return synapses < 1<<19
}

// collect adds the counters of chunks and blocks, in order, to their layers' changes.
func (u *Updater) collect() {
	clear(u.changes)
	for c := range u.chunks {
		u.changes[u.all[u.chunks[c].Array].Layer].Add(u.counters[c].change())
	}
	u.blocks.collect(u)
}

// consolidate lets the cache consolidate the changes of the step.
func (u *Updater) consolidate(presentations int) {
	if u.memory != nil {
		u.memory.Consolidate(presentations, u.changes)
	}
}
