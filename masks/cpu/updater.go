// Package cpu applies a learning rule on processor cores: one pass over weights and
// gradients that masks, clips, applies and counts. For each array it takes the cheapest
// update path that the rule allows: see way.
package cpu

import (
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
	sparse       masks.Sparse       // the optimizer if it knows what it moves, else nil
	memories     [][][]float32      // what the optimizer remembers of synapses
	wholly       bool               // it can update whole spans, and memories be put back where it must not
	clip         masks.Limits
	memory       masks.Memory         // of the cache; nil without one
	learner      masks.FactorLearner  // the memory, if it learns in place of the update, else nil
	former       masks.GradientFormer // the memory, if it forms the gradients, else nil
	transmission masks.Transmission   // of stochastic synapses; nil without them
	projection   *projection          // of scale-invariant weights; nil without one
	writes       *writes              // of each synapse
	payment      *payment             // for updates; nil: they cost nothing
	accounts     masks.Accounts       // of optimizer, memory and transmission
	remembers    bool                 // optimizer or transmission may remember something of synapses kept
	lazy         bool                 // gradients that are products stay uncomputed

	all    []*masks.Synapses
	arrays []array // of all
	chunks []masks.Chunk

	// The step in progress.
	step          uint64
	presented     masks.Presentation
	drawn         masks.Step
	drawnAhead    bool                 // drawn was begun by DrawAhead
	live          [][]int32            // of each layer: units whose errors are needed; nil: all
	factor        float32              // of proportional
	counters      []counters           // of each chunk
	m0            []int                // of each array
	blocks        *blocks              // of arrays that are streamed
	bounds        bounds               // of a clip by norm
	changes       []masks.Change       // of each layer
	usage         []masks.Usage        // of each layer
	traffic       []masks.Traffic      // of each layer
	accumulations []masks.Accumulation // of each layer

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
	u.projection = newProjection(rule, net, all, pool)
	u.payment = newPayment(rule, all, u.optimizer)
	u.proportional, _ = u.optimizer.(masks.Proportional)
	u.sparse, _ = u.optimizer.(masks.Sparse)
	if r, ok := u.optimizer.(masks.Remembering); ok {
		u.memories = r.Memories()
		_, u.wholly = u.optimizer.(masks.Vectorized)
	}
	u.remembers = u.proportional == nil && u.sparse == nil || u.transmission != nil
	u.memory = rule.NewMemory(all, seed, pool, false)
	u.learner, _ = u.memory.(masks.FactorLearner)
	u.former = masks.FormerOf(u.memory)
	u.writes = newWrites(all, u.memory, u.chunks, pool)
	u.accounts = rule.NewAccounts(u.optimizer, u.memory, u.transmission)
	u.usage, u.traffic = make([]masks.Usage, len(net.Layers)), make([]masks.Traffic, len(net.Layers))
	u.accumulations = make([]masks.Accumulation, len(net.Layers))
	for _, s := range all {
		u.usage[s.Layer].Layer = s.Layer
		u.usage[s.Layer].Synapses += int64(s.Size())
	}
	u.lazy = u.forced() == ""
	u.counters, u.m0 = make([]counters, len(u.chunks)), make([]int, len(all))
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

// forced returns which stage of the rule needs the gradient in memory before a way asks for it, and for what; "" if none does:
// synapses transmit their weights, the cache has no gradient of its own, and every mask is
// GradientFree.
func (u *Updater) forced() string {
	switch {
	case u.transmission != nil:
		return "rule.synapse learns more than weights from it"
	case u.former != nil:
		return "rule.cache forms it, from what it has rounded"
	}
	for _, m := range u.masks {
		if _, ok := m.(masks.GradientFree); !ok {
			return "rule.mask reads it"
		}
	}
	return ""
}

// clipsNorm reports whether the clip is by norm.
func (u *Updater) clipsNorm() bool { return !math.IsInf(u.clip.Norm, 1) }

// Present announces the batch of which the next Step's gradients are; without it, they
// count as one presentation. Masks that read activities, errors or labels need it. The
// slices are read during Step.
func (u *Updater) Present(p masks.Presentation) { u.presented = p }

// Rest replaces Step if the gate kept out every presentation of a batch: nothing is
// updated, but time passes.
func (u *Updater) Rest(presentations int) {
	clear(u.changes)
	u.forget()
	u.payment.rest(presentations)
	u.consolidate(presentations)
	u.account()
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

// Follows reports whether the learning rate follows the loss.
func (u *Updater) Follows() bool {
	_, ok := u.optimizer.(masks.Following)
	return ok
}

// RateShare returns what the learning rate is multiplied by, given the loss that was seen so far;
// 1 if it does not follow the loss.
func (u *Updater) RateShare() float64 {
	if f, ok := u.optimizer.(masks.Following); ok {
		return f.Follower().Share()
	}
	return 1
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

// Arrays returns the arrays of synapses, in the order of masks.Arrays.
func (u *Updater) Arrays() []*masks.Synapses { return u.all }
