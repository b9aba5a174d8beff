package freeenergy

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ergon/internal/philox"
)

// walkers is the number of independent Langevin trajectories of a network.
const walkers = 64

// langevin lets the units of network number i move by overdamped Langevin
// dynamics,
//
//	dx = -∂H/∂x dt + √(2kT) dB,
//
// from x = 0. It uses only the energy and its slope. Each walker first moves unobserved
// until its start is forgotten. Then it makes a sixteenth as many steps as there are
// samples, whose mean is one sample.
func (f *FreeEnergy) langevin(ctx context.Context, i int, n *elasticNet) *elasticSamples {
	samples := newElasticSamples(len(n.stiffness), walkers)
	steps := max(1, f.Simulate/16)
	unobserved := max(steps, n.relaxationSteps())
	for w := range walkers {
		walk := f.walker(n, philox.New(f.Seed, fmt.Sprintf("freeenergy/net/%d/langevin/%d", i, w)))
		for k := range unobserved + steps {
			if k%1024 == 0 && ctx.Err() != nil {
				return samples
			}
			walk.step(uint64(k))
			if k >= unobserved {
				samples.add(w, n, walk.here, 1/float64(steps))
			}
		}
	}
	return samples
}

// stride is a walker's step in units of the relaxation time of the stiffest unit:
// most are accepted.
const stride = 0.6

// relaxationSteps is the number of steps in which the softest unit relaxes thirty times.
func (n *elasticNet) relaxationSteps() int {
	return int(math.Ceil(30 / stride * n.curvature() / slices.Min(n.stiffness)))
}

// walker is a network in Langevin motion. Metropolis' rule decides whether a step is
// made, so that discrete time does not change the equilibrium (Roberts & Tweedie 1996:
// the Metropolis-adjusted Langevin algorithm).
type walker struct {
	net         *elasticNet
	here, there *elasticState
	stream      philox.Stream
	temperature float64
	time        float64 // h of a step, with mobility 1: activity² per energy
}

// walker returns a network at rest at x = 0.
func (f *FreeEnergy) walker(n *elasticNet, stream philox.Stream) *walker {
	w := &walker{
		net: n, here: n.state(), there: n.state(), stream: stream,
		temperature: f.Temperature, time: stride / n.curvature(),
	}
	n.update(w.here)
	return w
}

// step proposes x' = x - h·∂H/∂x + √(2kTh)·ξ and accepts it with the probability
// min(1, e^{-(H'-H)/kT}·(density of the way back)/(density of the way there)).
func (w *walker) step(k uint64) {
	units := uint64(len(w.here.x))
	deviation := math.Sqrt(2 * w.temperature * w.time)
	out := 0.0
	for i, x := range w.here.x {
		xi := w.stream.Normal(k, uint64(i))
		w.there.x[i] = x - w.time*w.here.slope[i] + deviation*xi
		out += xi * xi
	}
	w.net.update(w.there)
	back := 0.0
	for i, x := range w.here.x {
		xi := (x - w.there.x[i] + w.time*w.there.slope[i]) / deviation
		back += xi * xi
	}
	favour := (w.here.energy-w.there.energy)/w.temperature + (out-back)/2
	// The uniform number is drawn from the words after those of the normals.
	if math.Log(w.stream.Float64(k, units+1)) < favour {
		w.here, w.there = w.there, w.here
	}
}

// curvature is an upper bound of ∂²H/∂x_j² over the units j: of the unit's own spring
// and of those of the units that it drives.
func (n *elasticNet) curvature() float64 {
	stiffest := 0.0
	for i, kappa := range n.stiffness {
		stiffest = max(stiffest, kappa+n.driven(i))
	}
	return stiffest
}

// driven is Σ_i κ_i·w_ij² over the units that unit j drives.
func (n *elasticNet) driven(j int) (sum float64) {
	for l := 1; l < len(n.layers); l++ {
		layer, unit := &n.layers[l], j-n.layers[l-1].from
		if unit < 0 || unit >= layer.in {
			continue
		}
		for i := range layer.out {
			w := layer.weights[i*layer.in+unit]
			sum += n.stiffness[layer.from+i] * w * w
		}
	}
	return sum
}
