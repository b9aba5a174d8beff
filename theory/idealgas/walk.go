package idealgas

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/entropy"
	"ergon/internal/philox"
	"ergon/theory"
)

const (
	radial               = 3  // relaxation times of the radius before a walker is observed
	unobserved           = 10 // and those of the direction
	apart                = 4  // relaxation times from one iterate, of which S is estimated, to the next
	often                = 8  // observations in a relaxation time
	neighbours           = 2  // by which S is estimated
	mostEntropyDimension = 10
)

// walks is what walkers measured at each place of the grid.
type walks struct {
	radius, volume, energy, entropy [][]float64 // [places][walkers]
	bath                            [][]float64 // the mean of ησ²/2r²
}

// relaxation returns the steps in which the direction forgets, r²/pη, and those in which the radius does.
func (g *IdealGas) relaxation(at point) (direction, radius float64) {
	s := g.state(at.rate, at.decay)
	effective := 2 * s.temperature / (g.Sigma * g.Sigma) // η/r²
	rate := effective * 2 * s.volume                     // η
	direction, radius = 1/(g.P*effective), 1/(2*rate*at.decay)
	if g.Hold == "rate" {
		radius /= 2
	}
	return direction, radius
}

// burn returns the steps before a walker is observed.
func (g *IdealGas) burn(at point) float64 {
	direction, radius := g.relaxation(at)
	return max(unobserved*direction, radial*radius)
}

// steps returns how many a walker makes.
func (g *IdealGas) steps(at point) float64 {
	direction, _ := g.relaxation(at)
	return g.burn(at) + float64(g.Times)*direction
}

// walk lets the walkers walk, each on one core.
func (g *IdealGas) walk(ctx context.Context, points []point) (*walks, error) {
	if g.Simulate == 0 {
		return nil, nil
	}
	m := func() [][]float64 { return theory.NewMatrix(len(points), g.Simulate) }
	w := &walks{m(), m(), m(), m(), m()}
	err := theory.Walkers(ctx, len(points), g.Simulate, func(i, n int) error {
		return g.follow(ctx, w, points[i], i, n)
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// follow is walker number n at place number i.
func (g *IdealGas) follow(ctx context.Context, w *walks, at point, i, n int) error {
	walker := g.walker(at, n)
	direction, _ := g.relaxation(at)
	step, until := 0, g.burn(at)
	observations := float64(g.Times * often)
	window, place := entropy.NewWindow(g.Times/apart, g.D), make([]float32, g.D)
	logRadius := 0.0
	for k := range g.Times * often {
		for ; float64(step) < until+float64(k)*direction/often; step++ {
			if step%1024 == 0 && ctx.Err() != nil {
				return nil
			}
			walker.step(uint64(step))
		}
		r := math.Sqrt(walker.square)
		w.radius[i][n] += r / observations
		w.volume[i][n] += walker.square / 2 / observations
		w.energy[i][n] += (1 - walker.x[g.D-1]/r) / observations
		w.bath[i][n] += walker.rate() * g.Sigma * g.Sigma / (2 * walker.square) / observations
		logRadius += math.Log(r) / observations
		if k%(often*apart) == 0 {
			for c, x := range walker.x {
				place[c] = float32(x / r)
			}
			if err := window.Add(place); err != nil {
				return err
			}
		}
	}
	w.entropy[i][n] = math.NaN()
	if g.D > mostEntropyDimension {
		return nil
	}
	nearest, err := entropy.Nearest(ctx, window, neighbours)
	if err != nil {
		return err
	}
	w.entropy[i][n] = nearest.KozachenkoLeonenko(neighbours, g.D-1) + float64(g.D-1)*logRadius
	return nil
}

// walker is a set of weights.
type walker struct {
	*IdealGas
	at        point
	noise     philox.Stream
	mask      philox.Stream
	threshold uint64
	x         []float64 // [D]
	square    float64   // |x|²
	xi        []float32 // [D]
	plastic   []uint64  // the mask, one bit for each weight
}

// walker returns number n, at the least loss and at the radius of the theory.
func (g *IdealGas) walker(at point, n int) *walker {
	w := &walker{
		IdealGas: g, at: at, threshold: philox.Threshold(g.P),
		noise: philox.New(g.Seed, fmt.Sprintf("idealgas/%g/%g/%d/noise", at.rate, at.decay, n)),
		mask:  philox.New(g.Seed, fmt.Sprintf("idealgas/%g/%g/%d/mask", at.rate, at.decay, n)),
		x:     make([]float64, g.D), xi: make([]float32, g.D), plastic: make([]uint64, (g.D+63)/64),
	}
	r := g.state(at.rate, at.decay).r
	w.x[g.D-1], w.square = r, r*r
	return w
}

// rate returns η of the next step.
func (w *walker) rate() float64 {
	if w.Hold == "effective" {
		return w.at.rate * w.square
	}
	return w.at.rate
}

// step is x ← x - η·M ⊙ g - ηλ·x.
func (w *walker) step(k uint64) {
	w.noise.Normals(k, 0, w.xi)
	w.mask.Below(k, 0, w.threshold, w.plastic)
	r, last := math.Sqrt(w.square), w.D-1
	radial := -w.x[last] / r // of ∇(1 - x_D/r)·r + σξ, along x/r
	for i, xi := range w.xi {
		radial += w.Sigma * float64(xi) * w.x[i] / r
	}
	rate := w.rate()
	keep := 1 - rate*w.at.decay
	w.square = 0
	for i, xi := range w.xi {
		x := keep * w.x[i]
		if w.plastic[i/64]>>(i%64)&1 == 1 {
			g := w.Sigma*float64(xi) - radial*w.x[i]/r
			if i == last {
				g--
			}
			x -= rate * g / r
		}
		w.x[i] = x
		w.square += x * x
	}
}
