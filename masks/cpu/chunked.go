package cpu

import (
	"sync"

	"ergon/masks"
)

// chunked updates any array: it computes the gradient, and lists the synapses of each
// chunk that the masks keep.
type chunked struct{}

func (chunked) fits(*Updater, *array) bool { return true }

func (chunked) prepare(_ *Updater, a *array) error { return a.Write() }

func (chunked) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	kept, all := a.kept(c, work)
	u.apply(a, c, kept, all, u.computeUpdates(a, c, kept, all, work), t, work)
}

// scratch is a worker's buffers for one chunk.
type scratch struct {
	kept, other  [masks.ChunkSize]int32
	moves        [masks.ChunkSize]int32
	delta, dense [masks.ChunkSize]float32
	bits         [masks.ChunkSize / 64]uint64
	bytes        [masks.ChunkSize + 8]uint8
	row          rowWrites
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// kept returns the synapses of a chunk that every mask keeps; all is true, and the
// list is nil, if no mask restricts the array.
func (a *array) kept(c masks.Chunk, work *scratch) (kept []int32, all bool) {
	if len(a.masks) == 0 {
		return nil, true
	}
	return a.selected(c.Lo, c.Hi, work), false
}

// computeUpdates returns the optimizer's Δw of the kept synapses of a chunk: delta[n]
// belongs to kept[n], or to synapse c.Lo+n if all are kept.
func (u *Updater) computeUpdates(a *array, c masks.Chunk, kept []int32, all bool, work *scratch) []float32 {
	if all {
		delta := work.delta[:c.Hi-c.Lo]
		masks.UpdateSpan(u.optimizer, c.Array, c.Lo, a.Gradient[c.Lo:c.Hi], delta)
		return delta
	}
	delta := work.delta[:len(kept)]
	masks.UpdateAt(u.optimizer, c.Array, kept, a.Gradient, delta)
	return delta
}

// sparse sets when to update synapse by synapse: if less than one in sparse is kept.
// Above that, it is faster to scatter the updates into a dense array and use the
// vector code.
const sparse = 16

// apply clips, applies and counts the updates of a chunk, and lets the transmission
// learn.
func (u *Updater) apply(a *array, c masks.Chunk, kept []int32, all bool, delta []float32, t *counters, work *scratch) {
	if u.transmission != nil {
		u.transmission.Learn(c.Array, c.Lo, c.Hi, kept, all)
	}
	switch {
	case !u.remembers:
	case all:
		t.kept = c.Hi - c.Lo
	default:
		t.kept = len(kept)
	}
	var force []float32 // nil: delta
	if u.proportional == nil {
		force = a.Gradient
	}
	if !all && len(kept)*sparse < c.Hi-c.Lo {
		t.applyAt(a, kept, delta, force)
		return
	}
	if !all {
		scatter(work.dense[:c.Hi-c.Lo], c.Lo, kept, delta)
		delta = work.dense[:c.Hi-c.Lo]
	}
	span := delta
	if force != nil {
		span = force[c.Lo:c.Hi]
	}
	t.applySpan(a, c.Lo, c.Hi, delta, span)
}
