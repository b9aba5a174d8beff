package accumulate

import (
	"ergon/internal/parallel"
	"ergon/internal/schema"
	"ergon/masks"
)

// LowRank keeps the sum of the gradients of many presentations as a matrix of low rank, and
// writes it to quantised weights when enough of them would change (Gural et al. 2020).
//
// Of each array the sum of x ⊗ δ is kept as Σ_k c_k l_k ⊗ r_k, k = 1 … Rank. A presentation's pair is added
// as follows. With Gram-Schmidt, x and δ become coordinates a and b with one new direction each. The
// core diag(c, 0) + a bᵀ, of size Rank+1, has singular values s_1 ≥ … ≥ s_{Rank+1}. Of them the
// last few, from m on, are mixed into one less, all of
//
//	s̄ = Σ_{i≥m} s_i/(Rank+1-m), m as small as s_m ≤ s̄ allows
//
// by random signs, so that the mean of the sum is exact and its variance least.
//
// Every Batch presentations, with G the sum that is kept, β = .999 and n the batches since the last write,
//
//	G̃ = G/max(max|G|, mean of max|G| with decay β)    with MaxNorm, else G
//	k = round(lr·√n·G̃/ε)                               ε = Range·2^{1-Bits}; without MaxNorm √n is 1
//	w ← w - kε within ±Range, G ← 0                    where at least RhoMin of the k are not 0, else n ← n + 1
//
// The gradients are those of the loss's mean over a step's batch. Biases are an array with the input 1.
type LowRank struct {
	Rank    int     `key:"rank" doc:"rank of the sum of gradients that is kept of each array" in:"[1,31]"`
	Batch   int     `key:"batch" doc:"presentations after which a write is tried" in:"[1,1000000000]"`
	RhoMin  float64 `key:"rho_min" doc:"share of an array's synapses that must change for a write to be made; else gradients go on adding up" in:"[0,1]"`
	Bits    int     `key:"bits" doc:"bits of a weight: changes are multiples of range·2^(1-bits); 0: any number" in:"[0,23]"`
	Range   float64 `key:"range" doc:"largest |w| that a write leads to, if weights have bits" in:"(0,inf)"`
	MaxNorm bool    `key:"max_norm" doc:"whether the sum is divided by its largest magnitude, or the running mean of it if that is larger, and the rate multiplied by the root of the batches in it"`
}

var (
	_ masks.Cache       = (*LowRank)(nil)
	_ masks.RuleChecker = (*LowRank)(nil)
)

func init() {
	masks.Caches.Register("low_rank", schema.Doc{
		Summary: "gradients add up in a matrix of low rank, written when enough quantised weights would change", Source: "Gural et al. 2020, arXiv 2009.03887",
		Definition: "Each pair of activities and errors is added to a sum of rank Rank by Gram-Schmidt and the singular values of the core of size rank+1, the small ones mixed by random signs. " +
			"Every batch presentations Δw = lr·√n·G/max(max|G|, its running mean), n the batches since the last write, is rounded to multiples of range·2^(1-bits), " +
			"and written if at least rho_min of it is not 0. Without max_norm Δw = lr·G; with bits 0 nothing is rounded. Changes of the factors are counted as accumulate.",
	}, func() masks.Cache {
		return &LowRank{Rank: 4, Batch: 100, RhoMin: 0.01, Bits: 8, Range: 1, MaxNorm: true}
	})
}

// CheckRule implements RuleChecker: what it learns from is neither masked nor clipped.
func (c *LowRank) CheckRule(r *masks.Rule, net masks.Network) error {
	for _, m := range r.Mask {
		if name := masks.Masks.Name(m); name != "full" {
			return schema.Fieldf("rule.mask", "%s restricts updates, and rule.cache low_rank learns from activities and errors; set full", name)
		}
	}
	if _, ok := r.Clip.(masks.NoClip); !ok {
		return schema.Fieldf("rule.clip", "bounds updates, and rule.cache low_rank learns from activities and errors; set none, or rule.cache.max_norm")
	}
	for l, layer := range net.Layers {
		if layer.Fixed {
			return schema.Fieldf("rule.cache.kind", "low_rank writes all layers, and layer %d is fixed", l+1)
		}
	}
	if err := needsFactors(r, net, "rule.cache.kind"); err != nil {
		return err
	}
	o, err := r.NewOptimizer(net, 0)
	if err != nil {
		return err
	}
	if _, ok := o.(masks.Proportional); !ok {
		return schema.Fieldf("rule.optimizer", "%s is not Δw = -lr·g, and rule.cache low_rank writes sums of gradients; set sgd", masks.Optimizers.Name(r.Optimizer))
	}
	return notProjected(r, "low_rank")
}

// Price implements Cache: Σ|Δw|.
func (*LowRank) Price(x masks.Consolidation) float64 { return x.M1 }

// New implements Cache.
func (c *LowRank) New(all []*masks.Synapses, pool *parallel.Pool) masks.Memory {
	m := &lowRank{
		LowRank: c, all: all, pool: pool, inputs: inputsOf(all), maxima: make([]runningMax, len(all)), batches: make([]int, len(all)),
		consolidations: make([]masks.Consolidation, all[len(all)-1].Layer+1),
		accumulations:  make([]masks.Accumulation, all[len(all)-1].Layer+1),
	}
	for a, s := range all {
		m.sums = append(m.sums, newRankSum(c.Rank, s.In, s.Out))
		m.kept = append(m.kept, m.sums[a].kept)
		m.batches[a] = 1
	}
	m.scratch.factors = make([]factors, len(all))
	m.body = m.learn
	m.Seed(0)
	return m
}
