package cpu

import (
	"sync"

	"ergon/masks"
)

// scratch is a worker's buffers for one chunk.
type scratch struct {
	kept, other  [masks.ChunkSize]int32
	moves        [masks.ChunkSize]int32
	g, force     [masks.ChunkSize]float32
	delta, dense [masks.ChunkSize]float32
	bits         [masks.ChunkSize / 64]uint64
	bytes        [masks.ChunkSize + 8]uint8
	saved        [][]float32 // of a span: what an optimizer remembered of it
	row          rowWrites
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// keep notes what the optimizer remembers of a span, memory by memory.
func (w *scratch) keep(u *Updater, a *array, s span) {
	for n, arrays := range u.memories {
		if n == len(w.saved) {
			w.saved = append(w.saved, make([]float32, spanSize))
		}
		copy(w.saved[n], arrays[a.Index][s.lo:s.hi])
	}
}
