package freeenergy

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/theory"
)

// proposal is the Gaussian from which importance sampling draws an activity.
type proposal struct{ mean, deviation float64 }

// proposals are twice as wide, in variance, as the activities were found to be,
// so that they reach into the tails of e^{-H/kT}.
func proposals(activities []moments) []proposal {
	all := make([]proposal, len(activities))
	for u, m := range activities {
		all[u] = proposal{m.mean(), math.Sqrt(2 * m.variance())}
	}
	return all
}

// importance measures F = -kT·ln ∫e^{-H/kT}dx of network number i from activities
// that are drawn independently: the draw knows nothing of the network's couplings.
func (f *FreeEnergy) importance(ctx context.Context, i int, n *elasticNet, draw []proposal) theory.Estimate {
	stream := philox.New(f.Seed, fmt.Sprintf("freeenergy/net/%d/importance", i))
	state, logs := n.state(), make([]float64, f.Simulate)
	for k := range logs {
		if k%1024 == 0 && ctx.Err() != nil {
			break
		}
		for u, p := range draw {
			normal := stream.Normal(uint64(k), uint64(u))
			state.x[u] = p.mean + p.deviation*normal
			logs[k] += normal*normal/2 + math.Log(p.deviation*math.Sqrt(2*math.Pi)) // -ln of its density
		}
		n.update(state)
		logs[k] -= state.energy / f.Temperature
	}
	return f.integral(logs)
}

// minSamples is the number of samples below which an importance-weighted mean has no
// error worth the name.
const minSamples = 100

// integral returns F from the logarithms of independent estimates of ∫e^{-H/kT}dx,
// NaN where fewer than fewest of them carry their mean: (Σw)²/Σw² counts them.
func (f *FreeEnergy) integral(logs []float64) theory.Estimate {
	top := floats.Max(logs)
	weights := make([]float64, len(logs))
	for k, log := range logs {
		weights[k] = math.Exp(log - top)
	}
	sum, root := floats.Sum(weights), floats.Norm(weights, 2)
	if !(sum*sum >= minSamples*root*root) {
		return theory.Estimate{Value: math.NaN(), StandardError: math.NaN()}
	}
	mean := theory.EstimateMean(weights)
	return theory.Estimate{
		Value:         -f.Temperature * (math.Log(mean.Value) + top),
		StandardError: f.Temperature * mean.StandardError / mean.Value,
	}
}
