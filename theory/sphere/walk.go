package sphere

import (
	"context"
	"fmt"

	"ergon/internal/entropy"
	"ergon/internal/philox"
	"ergon/theory"
	"ergon/theory/temperature"
)

const (
	unobserved = 10 // relaxation times before a walker is observed
	apart      = 4  // relaxation times from one iterate, of which S is estimated, to the next
	often      = 8  // observations of loss and gradient in a relaxation time
	neighbours = 2  // by which S is estimated
)

// walks is what walkers of kind up measured at each rate.
type walks struct {
	excess, snr, entropy [][]float64 // [rates][walkers]
}

// walk lets the walkers walk, each on one core.
func (s *Sphere) walk(ctx context.Context, rates []float64) (*walks, error) {
	if s.Simulate == 0 {
		return nil, nil
	}
	w := &walks{
		theory.NewMatrix(len(rates), s.Simulate), theory.NewMatrix(len(rates), s.Simulate), theory.NewMatrix(len(rates), s.Simulate),
	}
	err := theory.Walkers(ctx, len(rates), s.Simulate, func(r, n int) error {
		return s.follow(ctx, w, rates[r], r, n)
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// follow is walker number n at rate number r.
func (s *Sphere) follow(ctx context.Context, w *walks, rate float64, r, n int) error {
	stream := philox.New(s.Seed, fmt.Sprintf("sphere/up/%g/%d", rate, n))
	e, x := examplesOf("up"), vector{0, 0, 1}
	relaxation := 1 / (rate * curvature)
	step := 0
	walkUntil := func(when float64) {
		for ; float64(step) < when; step++ {
			x = e.step(stream.Intn(uint64(step), 0, len(e)), x, rate)
		}
	}
	window := entropy.NewWindow(s.Times/apart, 3)
	observations := float64(s.Times * often)
	for k := range s.Times * often {
		if ctx.Err() != nil {
			return nil
		}
		walkUntil((unobserved + float64(k)/often) * relaxation)
		signal, noise := e.gradients(x)
		w.excess[r][n] += (e.loss(x) - beta2) / observations
		w.snr[r][n] += signal / noise / observations
		if k%(often*apart) == 0 {
			if err := window.Add([]float32{float32(x[0]), float32(x[1]), float32(x[2])}); err != nil {
				return err
			}
		}
	}
	nearest, err := entropy.Nearest(ctx, window, neighbours)
	if err != nil {
		return err
	}
	w.entropy[r][n] = nearest.KozachenkoLeonenko(neighbours, 2)
	return nil
}

// sweep returns U and S of the walkers.
func (w *walks) sweep(rates []float64) *temperature.Sweep {
	return &temperature.Sweep{Rates: rates, Energy: w.excess, Entropy: w.entropy}
}
