package cpu

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"ergon/internal/schema"
	"ergon/masks"
)

// Step implements gorgonia.Solver: it changes the weights in place. Parameters come in
// the order of masks.Arrays: for each layer its weights, then its biases.
func (u *Updater) Step(parameters []G.ValueGrad) error {
	if err := u.bind(parameters); err != nil {
		return err
	}
	u.projection.begin(u)
	if u.transmission != nil {
		u.transmission.Begin(u.all)
	}
	if err := u.draw(); err != nil {
		return err
	}
	u.drawnAhead = false
	u.drawn.Loss, u.drawn.Presented = u.presented.Loss, u.presented.Presented // known since it was drawn
	u.choose()
	u.payment.begin(u)
	if w, ok := u.optimizer.(masks.Watching); ok {
		if err := w.Watch(&u.drawn); err != nil {
			return schema.Under("rule.optimizer", err)
		}
	}
	u.optimizer.Begin()
	if err := u.learnStep(); err != nil {
		return err
	}
	for n := range u.arrays {
		u.arrays[n].learnedBy = u.arrays[n].formed()
	}
	u.projection.end(u.changes)
	if u.transmission != nil {
		u.transmission.End()
	}
	u.consolidate(max(1, u.presented.Batch))
	u.account()
	u.presented = masks.Presentation{}
	u.step++
	return nil
}

// learnStep makes the update, or lets the cache learn in its place.
func (u *Updater) learnStep() error {
	if u.learner != nil {
		clear(u.changes)
		u.forget()
		return schema.Under("rule.cache", u.learner.Learn(&u.drawn, u.proportional.Factor()))
	}
	if err := u.prepare(); err != nil {
		return err
	}
	u.update()
	u.collect()
	u.payment.end(u, max(1, u.presented.Batch))
	return nil
}

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
	for n := range u.arrays {
		u.arrays[n].target, u.arrays[n].window = masks.TargetOf(u.memory, u.all[n]), u.writes.of(n)
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
	u.run(u.learnChunk)
}

// run runs body for all chunks.
func (u *Updater) run(body func(chunk int)) {
	if u.serial() {
		for c := range u.chunks {
			body(c)
		}
		return
	}
	u.pool.Run(len(u.chunks), body)
}

// learn updates one chunk.
func (u *Updater) learn(c int) {
	chunk, t := u.chunks[c], &u.counters[c]
	a := &u.arrays[chunk.Array]
	*t = counters{}
	if u.transmission != nil {
		u.learnTransmission(a, chunk)
	}
	a.way.chunk(u, a, chunk, t)
}

// learnTransmission lets the transmission learn what synapses have besides weights, chunk by chunk.
func (u *Updater) learnTransmission(a *array, c masks.Chunk) {
	if len(a.masks) == 0 {
		u.transmission.Learn(a.Index, c.Lo, c.Hi, nil, true)
		return
	}
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	u.transmission.Learn(a.Index, c.Lo, c.Hi, a.selected(c.Lo, c.Hi, work), false)
}

// serial reports whether one core is faster than waking the others: a step of a single
// presentation on fewer than 2¹⁹ synapses.
func (u *Updater) serial() bool {
	synapses := 0
	for n := range u.arrays {
		a := &u.arrays[n]
		switch a.way.(type) {
		case rankOne, moved:
		default:
			if !a.Bias {
				return false
			}
		}
		synapses += a.In * a.Out
	}
	return synapses < 1<<19
}

// collect adds the counters of chunks and blocks, in order, to their layers' changes.
func (u *Updater) collect() {
	clear(u.changes)
	u.forget()
	clear(u.m0)
	for c := range u.chunks {
		array := u.chunks[c].Array
		layer := u.all[array].Layer
		u.m0[array] += u.counters[c].m0
		u.changes[layer].Add(u.counters[c].change())
		u.usage[layer].Kept += int64(u.counters[c].kept)
	}
	u.blocks.collect(u)
	u.countWrites()
	for l := range u.changes {
		u.changes[l].Work *= u.perForce()
	}
}

// consolidate lets the cache consolidate the changes of the step.
func (u *Updater) consolidate(presentations int) {
	if u.memory != nil {
		u.memory.Consolidate(presentations, u.changes)
	}
}
