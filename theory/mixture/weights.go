package mixture

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// weights are a chunk of paths of a single weight, which mask and clip make other
// than Gaussian:
//
//	w(t+1) = w(t) - η·M(t)·clip_κ(G(t)),   w(0) = m0·v + √R·N(0, 1),   v ~ N(0, 1),
//
// with the gradient of [pull].
type weights struct {
	share     float64 // of a path in averages over all weights
	mask      philox.Stream
	threshold uint64
	lo        int // number of the first path

	known [][]float64 // [3+times][paths] 1, v, the start, what ξ is made of; orthonormal
	w     [][]float64 // [times][paths]

	gradient []float64 // G
	update   []float64 // clip(G)
	loose    []float32 // 1 where that is G, else 0
	plastic  []float32 // M
	bits     []uint64  // M, a bit a path
}

// startedWeights returns paths at the start, cut into chunks, with what so many
// steps and one more take.
func startedWeights(ctx context.Context, pool *parallel.Pool, p *Problem, paths int, seed uint64) ([]*weights, error) {
	lists, err := normals(ctx, pool, philox.New(seed, "mixture/weights"), len(p.Rates)+3, paths)
	if err != nil {
		return nil, err
	}
	mask := philox.New(seed, "mixture/mask")
	chunks := make([]*weights, parts(paths))
	for i := range chunks {
		lo, hi := part(paths, i)
		n := hi - lo
		w := &weights{
			share: 1 / float64(paths), mask: mask, threshold: philox.Threshold(p.P), lo: lo,
			known: stretch(lists, lo, hi), w: [][]float64{make([]float64, n)},
			gradient: make([]float64, n), update: make([]float64, n),
			loose: make([]float32, n), plastic: make([]float32, n), bits: make([]uint64, (n+63)/64),
		}
		floats.AddScaled(w.w[0], p.M0, w.known[1])
		floats.AddScaled(w.w[0], math.Sqrt(p.R), w.known[2])
		chunks[i] = w
	}
	return chunks, nil
}

// pull computes G(t), draws M(t), and clips.
func (w *weights) pull(p *Problem, t int, act pull) {
	clear(w.gradient)
	for s, a := range act.a {
		floats.AddScaled(w.gradient, a, w.w[s])
	}
	floats.AddScaled(w.gradient, act.mu, w.known[1])
	for s, l := range act.factor {
		floats.AddScaled(w.gradient, l, w.known[s+3])
	}
	w.mask.Below(uint64(t), uint64(w.lo)/64, w.threshold, w.bits)
	for i, g := range w.gradient {
		w.update[i] = min(max(g, -p.Clip), p.Clip)
		w.loose[i], w.plastic[i] = 0, 0
		if w.update[i] == g {
			w.loose[i] = 1
		}
		if bit(w.bits, i) {
			w.plastic[i] = 1
		}
	}
}
