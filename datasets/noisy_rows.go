package datasets

import (
	"sync"
	"sync/atomic"

	"ergon/internal/philox"
	"ergon/internal/simd"
)

// noisyRows are pixels kept as bytes, and inputs x = scale·b + offset + deviation·z, whose
// noise z is drawn when they are presented: most examples of a short run never are, and all
// inputs together take four times the memory of the pixels. z of pixel j of example i is
// number i·width + j of step 0, N(0, 1), so that it is the same at each presentation.
type noisyRows struct {
	pixels                   []byte // [n, width]
	width                    int
	scale, offset, deviation float64
	noise                    philox.Stream

	drawing sync.Once
	kept    atomic.Pointer[floatRows] // all inputs; nil: they are drawn when they are presented
}

// gather asks for the pixels of a row, which are anywhere in memory, before it draws noise for them.
func (r *noisyRows) gather(idx []int32, x []float32, stride int) {
	if all := r.kept.Load(); all != nil {
		all.gather(idx, x, stride)
		return
	}
	for k, i := range idx {
		first := int(i) * r.width
		simd.Prefetch(r.pixels[first:][:r.width])
		r.draw(x[k*stride:][:r.width], first)
	}
}

// draw writes the inputs of consecutive pixels of the set to x, from the first on.
func (r *noisyRows) draw(x []float32, first int) {
	var z [128]float64
	for len(x) > 0 {
		before := first % 2 // noise comes in pairs, and the first may belong to the row before
		n := min(len(x), len(z)-before)
		r.noise.NormalPairs(0, uint64(first/2), z[:before+n])
		simd.Noisy(x[:n], r.pixels[first:], z[before:], r.scale, r.offset, r.deviation)
		x, first = x[n:], first+n
	}
}

// all draws all rows, on all cores.
func (r *noisyRows) all() *floatRows {
	x := make([]float32, len(r.pixels))
	inParallel(len(x), func(from, to int) { r.draw(x[from:to], from) })
	return &floatRows{x, r.width}
}

func (r *noisyRows) keep() { r.drawing.Do(func() { r.kept.Store(r.all()) }) }

func (r *noisyRows) countActive(_ int32, inputs []float32) int { return simd.Nonzero(inputs) }
