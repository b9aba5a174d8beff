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

// proposals returns Gaussians with the means of the activities and twice their
// variances, so that they reach into the tails of e^{-H/kT}.
func proposals(activities []moments) []proposal {
	all := make([]proposal, len(activities))
	for u, m := range activities {
		all[u] = proposal{m.mean(), math.Sqrt(2 * m.variance())}
	}
	return all
}

// importance measures F = -kT·ln ∫e^{-H/kT}dx of network number i. Activities are drawn
// independently of each other, without knowledge of the network's couplings.
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

// minSamples is the least effective number of samples for which the error of an
// importance-weighted mean can be trusted.
const minSamples = 100

// integral returns F from the logarithms of independent estimates of ∫e^{-H/kT}dx,
// NaN if their effective number (Σw)²/Σw² is below minSamples.
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
