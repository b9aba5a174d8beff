package vonmisesfisher

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/entropy"
	"ergon/internal/philox"
	"ergon/theory"
	"ergon/theory/temperature"
)

const (
	unobserved = 10 // relaxation times before a walker is observed
	apart      = 4  // relaxation times from one iterate, of which S is estimated, to the next
	often      = 8  // observations of U in a relaxation time
	nearestFew = 2  // neighbours by which Kozachenko and Leonenko estimate S
)

// walks is what walkers measured at each rate: U, S, and S by graphs.
type walks struct {
	energy, entropy, graph [][]float64 // [rates][walkers]
}

// sweep returns U and S of the walkers.
func (w *walks) sweep(rates []float64) *temperature.Sweep {
	return &temperature.Sweep{Rates: rates, Energy: w.energy, Entropy: w.entropy}
}

// walk lets the walkers walk, each on one core.
func (b *Bath) walk(ctx context.Context, rates []float64) (*walks, error) {
	if b.Simulate == 0 {
		return nil, nil
	}
	m := func() [][]float64 { return theory.NewMatrix(len(rates), b.Simulate) }
	w := &walks{m(), m(), m()}
	err := theory.Walkers(ctx, len(rates), b.Simulate, func(r, n int) error {
		return b.follow(ctx, w, rates[r], r, n)
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// follow is walker number n at rate number r.
func (b *Bath) follow(ctx context.Context, w *walks, rate float64, r, n int) error {
	stream := philox.New(b.Seed, fmt.Sprintf("vmf/%g/%d", rate, n))
	x := [3]float64{0, 0, 1}
	window, step := entropy.NewWindow(b.Times/apart, 3), 0
	for k := range b.Times * often {
		if ctx.Err() != nil {
			return nil
		}
		for until := (unobserved + float64(k)/often) / rate; float64(step) < until; step++ {
			x = b.step(x, rate, stream, uint64(step))
		}
		w.energy[r][n] += (1 - x[2]) / float64(b.Times*often)
		if k%(often*apart) == 0 {
			if err := window.Add([]float32{float32(x[0]), float32(x[1]), float32(x[2])}); err != nil {
				return err
			}
		}
	}
	nearest, err := entropy.Nearest(ctx, window, max(b.K, nearestFew))
	if err != nil {
		return err
	}
	w.entropy[r][n] = nearest.KozachenkoLeonenko(nearestFew, 2)
	w.graph[r][n] = nearest.CostaHero(b.K, 2)
	return nil
}

// step returns x after step number k.
func (b *Bath) step(x [3]float64, rate float64, stream philox.Stream, k uint64) [3]float64 {
	var xi [4]float32
	stream.Normals(k, 0, xi[:])
	var g [3]float64
	radial := -x[2] // of ∇(1-z) + σξ, along x
	for i := range x {
		g[i] = b.Noise * float64(xi[i])
		radial += g[i] * x[i]
	}
	g[2]--
	norm := 0.0
	for i := range x {
		x[i] -= rate * (g[i] - radial*x[i])
		norm += x[i] * x[i]
	}
	norm = 1 / math.Sqrt(norm)
	return [3]float64{x[0] * norm, x[1] * norm, x[2] * norm}
}
