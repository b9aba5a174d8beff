package cpu

import (
	"math"

	"ergon/internal/parallel"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// writes counts how often each synapse was written. Steps count in bytes, which are small and
// so quick to add to, and are drained into the counts before one of them is full.
type writes struct {
	masks.Writes
	byMemory bool // a cache counts, not the update
	pool     *parallel.Pool
	chunks   []masks.Chunk
	window   [][]uint8      // of each array: writes that are not in Counts yet
	steps    int            // since the window was drained
	outer    []*outerWrites // of each array: more of such writes
	body     func(chunk int)
}

var _ state.Stateful = (*writes)(nil)

func newWrites(all []*masks.Synapses, m masks.Memory, chunks []masks.Chunk, pool *parallel.Pool) *writes {
	w := &writes{pool: pool, chunks: chunks}
	w.Writes, w.byMemory = masks.NewWrites(all, m)
	for _, s := range all {
		if w.byMemory || w.Unknown != "" {
			break
		}
		w.window = append(w.window, make([]uint8, s.In*s.Out))
		w.outer = append(w.outer, newOuterWrites(s, pool))
	}
	w.body = w.drainChunk
	return w
}

// of returns the bytes that the update of an array adds to; nil: it does not count.
func (w *writes) of(array int) []uint8 {
	if w.window == nil || w.Unknown != "" {
		return nil
	}
	return w.window[array]
}

// next closes a step in which the window may have been added to.
func (w *writes) next() {
	if w.steps++; w.steps == math.MaxUint8 {
		w.drainWindow()
	}
}

// drainWindow moves the window to the counts.
func (w *writes) drainWindow() {
	if w.steps > 0 && w.window != nil {
		w.pool.Run(len(w.chunks), w.body)
	}
	w.steps = 0
}

// drain moves all to the counts.
func (w *writes) drain() {
	w.drainWindow()
	for a, outer := range w.outer {
		outer.drain(w.Counts[a])
	}
}

func (w *writes) drainChunk(n int) {
	c := w.chunks[n]
	simd.Drain(w.Counts[c.Array][c.Lo:c.Hi], w.window[c.Array][c.Lo:c.Hi])
}

// discard forgets what was counted since drain.
func (w *writes) discard() {
	w.steps = 0
	for a, outer := range w.outer {
		clear(w.window[a])
		outer.clear()
	}
}

// State implements state.Stateful.
func (w *writes) State(v state.Visitor) {
	w.drain()
	w.Writes.State(v)
}

// Writes returns how often each synapse was written until now. It is valid until the next step and must not
// be modified.
func (u *Updater) Writes() *masks.Writes {
	u.writes.drain()
	return &u.writes.Writes
}

// countWrites counts, after an update, what it has not counted by itself.
func (u *Updater) countWrites() {
	window := u.projection != nil
	for n := range u.arrays {
		a := &u.arrays[n]
		if w, ok := a.way.(rankOne); ok {
			w.count(u, a, u.m0[n])
		}
		window = window || a.window != nil
	}
	if window {
		u.writes.next()
	}
}
