// Package stochastic has synapses that transmit with noise, and learn its amplitude.
package stochastic

import (
	"math"

	"ergon/internal/parallel"
	"ergon/internal/schema"
	"ergon/masks"
)

// Stochastic synapses transmit w = μ + σξ, with ξ ~ N(0, 1) drawn anew for each synapse
// in each step, the same for all presentations of a batch. Reliability has a cost: with
// σ = log(1+e^φ), the rule minimises over μ and φ
//
//	E = loss + l1·Σ|μ| + cost·Σ σ^-ρ
//
// where loss is the mean over the batch, and sums are over weights and biases
// (Malkin, O'Donnell, Houghton & Aitchison 2024, eLife 12:RP92595, eq. 1-6).
// With g = ∂loss/∂w at the transmitted w, the gradients are
//
//	∂E/∂μ = g + l1·sign(μ)
//	∂E/∂φ = (g·ξ - cost·ρ·σ^(-ρ-1))·dσ/dφ
//
// Near a minimum of the loss with curvature H, E is minimal at σ^(ρ+2) = cost·ρ/H: the
// synapses that matter most are the most reliable.
//
// The weights of the network are μ. Masks, clip, optimizer, cache and ledger treat them
// as any rule's weights; the ledger does not count changes of σ. φ is learned by an
// optimizer of the same kind and settings, under the same masks, without clip or cache.
//
// The authors' program minimises B·loss + B/N·Σ(s/σ)^ρ/ρ + B/N·l·Σ|μ| for batches
// of B among N = 60 000 examples. Over B, that is cost = s^ρ/(ρN), l1 = l/N.
type Stochastic struct {
	Rho         float64 `key:"rho" doc:"ρ of the cost of reliability σ^-ρ: 0.5 calcium efflux, 0.6667 vesicle membrane, 1.3333 actin, 2 vesicle traffic" in:"(0,inf)"`
	Cost        float64 `key:"cost" doc:"c of c·Σ σ^-ρ, in units of the mean loss of a batch" in:"[0,inf)"`
	L1          float64 `key:"l1" doc:"λ of λ·Σ|μ|, in the same units" in:"[0,inf)"`
	Sigma       float64 `key:"sigma" doc:"initial σ, in units of the weights" in:"[1e-30,1000000]"`
	Homogeneous bool    `key:"homogeneous" doc:"true: all synapses share one σ, which is learned, as a control"`
	Average     int     `key:"average" doc:"epochs at the end of the run over which the report averages gradients and rates" in:"[1,1000000]"`
}

var _ masks.Synapse = (*Stochastic)(nil)

func init() {
	masks.SynapseKinds.Register("stochastic", schema.Doc{
		Summary: "a synapse transmits μ + σξ; reliability has a cost, c·Σ σ^-ρ, and σ is learned",
		Source:  "Malkin, O'Donnell, Houghton & Aitchison 2024, eq. 1-6",
		Definition: "σ = log(1+e^φ). φ is learned by an optimizer of the same kind and settings, under the same masks, without clip or cache; " +
			"weights, and all that is counted of them, are the means μ.",
	}, func() masks.Synapse {
		return &Stochastic{Rho: 2, Cost: publishedCost, L1: publishedL1, Sigma: 1e-4, Average: 1}
	})
}

// The constants of the authors' program at ρ = 2, s = 0.001 and l = 0.01, in the units of
// cost and l1.
const (
	publishedCost = 8.3e-12
	publishedL1   = 1.7e-7
)

// New implements Synapse.
func (s *Stochastic) New(net masks.Network, optimizer masks.OptimizerSpec, seed uint64, pool *parallel.Pool) (masks.Transmission, error) {
	n := newNoise(s, masks.Arrays(net.Layers), seed, pool)
	if slope := n.table.costSlope(inverseSoftplus(s.Sigma)); math.Abs(slope) > math.MaxFloat32 {
		return nil, schema.Fieldf("sigma", "%g is so small that the cost has a gradient of %.3g; take a larger one, or less cost", s.Sigma, slope)
	}
	if s.Homogeneous {
		return newHomogeneous(n, optimizer, seed)
	}
	return newHeterogeneous(n, net, optimizer, seed)
}
