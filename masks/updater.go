package masks

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/parallel"
)

// Updater applies a rule to a network: one pass over weights and gradients
// that masks, clips, applies and counts. It is a gorgonia.Solver; call Step
// after the machine has run.
type Updater struct {
	pool         *parallel.Pool
	masks        []Mask
	presented    Presentation
	optimizer    Optimizer
	clip         Limits
	all          []*Synapses
	chunks       []Chunk
	tallies      []tally     // of each chunk
	norms        []float64   // Σ Δw² of each chunk
	squares      []float64   // Σ Δw² of each vector that the clip is of
	proposed     [][]float32 // of each array, where the clip is by norm: packed updates of each chunk
	changes      []Change    // of each layer
	step         uint64
	drawn        Step           // the step in progress
	drawnAhead   bool           // drawn has been begun ahead of Step
	wanted       [][]int32      // of each layer: whose errors the step looks at
	limits       []limit        // of it, of each layer
	active       [][]Mask       // of each array: the masks that do not keep all of it in this step
	sparing      bool           // gradients need not be written out
	blocks       *blocks        // that arrays are learned in
	sets         []*RowPatterns // of each array: the columns of each row that the masks of this step keep, where that is known
	grids        []RowPatterns  // of each array: scratch of those between units
	memory       Memory         // of the cache; nil without one
	transmission Transmission   // of stochastic synapses; nil without them

	// The pool's loop bodies, made once: a new closure would be an allocation.
	updateChunk, measureChunk, finishChunk func(int)
}

// Chunk is a chunk's place: synapses lo … hi-1 of array number array.
type Chunk struct{ Array, Lo, Hi int }

var _ G.Solver = (*Updater)(nil)

// NewUpdater makes the updater of a rule for a network.
// Chunks are worked on in parallel by pool, which may be nil.
func NewUpdater(rule Rule, net Network, seed uint64, pool *parallel.Pool) (*Updater, error) {
	all := Arrays(net.Layers)
	clip, err := rule.Limits(net)
	if err != nil {
		return nil, err
	}
	masks, err := newMasks(rule.Mask, net, seed)
	if err != nil {
		return nil, err
	}
	u := &Updater{
		pool: pool, masks: masks, all: all,
		clip: clip, squares: make([]float64, clip.Vectors()), limits: make([]limit, len(net.Layers)),
		changes: make([]Change, len(net.Layers)), active: make([][]Mask, len(all)),
	}
	var sizes []int
	for a, s := range all {
		n := s.In * s.Out
		sizes = append(sizes, n)
		for lo := 0; lo < n; lo += ChunkSize {
			u.chunks = append(u.chunks, Chunk{a, lo, min(lo+ChunkSize, n)})
		}
		u.active[a] = make([]Mask, 0, len(masks))
	}
	u.optimizer = rule.newOptimizer(all, seed)
	u.tallies = make([]tally, len(u.chunks))
	u.norms = make([]float64, len(u.chunks))
	if !math.IsInf(clip.Norm, 1) {
		u.proposed = Zeros(sizes)
	}
	u.memory = rule.Cache.New(all, pool)
	u.updateChunk, u.measureChunk, u.finishChunk = u.update, u.measure, u.finish
	u.transmission, err = rule.transmission(all, seed, pool)
	u.sparing = u.spares()
	u.blocks = newBlocks(u)
	u.sets, u.grids = make([]*RowPatterns, len(all)), make([]RowPatterns, len(all))
	return u, err
}

// Step implements gorgonia.Solver: it changes the values in place. Parameters
// come in the order of the layers, for each its weights and then its biases.
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
	for a, s := range u.all {
		u.active[a] = u.active[a][:0]
		for _, m := range u.masks {
			if !m.KeepsAll(s) {
				u.active[a] = append(u.active[a], m)
			}
		}
	}
	if err := u.evaluate(); err != nil {
		return err
	}
	u.optimizer.Begin()
	for l, bound := range u.clip.Value {
		u.limits[l] = limit{1, bound}
	}
	if err := u.learnInBlocks(); err != nil {
		return err
	}
	if u.serial() {
		for c := range u.chunks {
			u.update(c)
		}
	} else if math.IsInf(u.clip.Norm, 1) {
		u.pool.Run(len(u.chunks), u.updateChunk)
	} else {
		u.stepWithinNorm()
	}
	u.collect()
	u.collectBlocks()
	if u.transmission != nil {
		u.transmission.End()
	}
	u.consolidate(max(1, u.presented.Batch))
	u.presented = Presentation{}
	u.step++
	return nil
}

// Present says what the next Step's gradients come from: without it, one
// presentation. Masks that look at activities, errors or labels need it; the
// slices are read during Step.
func (u *Updater) Present(p Presentation) { u.presented = p }

// Rest takes the place of Step where none of a batch's presentations opened the
// gate: nothing is updated, but time passes.
func (u *Updater) Rest(presentations int) {
	clear(u.changes)
	u.consolidate(presentations)
	u.drawnAhead = false
	u.step++
}

// consolidate lets the cache consolidate what has changed.
func (u *Updater) consolidate(presentations int) {
	if u.memory != nil {
		u.memory.Consolidate(presentations, u.changes)
	}
}

// Changes returns what the last step did to each layer, biases included. It is
// valid until the next step.
func (u *Updater) Changes() []Change { return u.changes }

// Memory returns the cache's memory of the synapses, or nil where every change
// is permanent at once.
func (u *Updater) Memory() Memory { return u.memory }

// bind points the arrays at the parameters' storage.
func (u *Updater) bind(parameters []G.ValueGrad) error {
	if len(parameters) != len(u.all) {
		return fmt.Errorf("masks: %d parameters for %d arrays of synapses", len(parameters), len(u.all))
	}
	for a, s := range u.all {
		w, ok := parameters[a].Value().(*tensor.Dense)
		if !ok || w.DataSize() != s.In*s.Out {
			return fmt.Errorf("masks: parameter %d does not have the %d×%d synapses of layer %d", a, s.In, s.Out, s.Layer+1)
		}
		s.Weights = w.Float32s()
		if u.sparing && s.postpone(parameters[a]) {
			continue
		}
		gradient, err := parameters[a].Grad()
		if err != nil {
			return err
		}
		g, ok := gradient.(*tensor.Dense)
		if !ok || g.DataSize() != s.In*s.Out {
			return fmt.Errorf("masks: the gradient of parameter %d does not have the %d×%d synapses of layer %d", a, s.In, s.Out, s.Layer+1)
		}
		s.Gradient, s.pending = g.Float32s(), pending{part: s.pending.part}
	}
	if u.memory != nil && u.memory.Permanent() == nil {
		u.memory.Start()
	}
	return nil
}

// collect adds the chunks' tallies, in order, to their layers' changes.
func (u *Updater) collect() {
	clear(u.changes)
	for c := range u.chunks {
		u.changes[u.all[u.chunks[c].Array].Layer].Add(u.tallies[c].change())
	}
}
