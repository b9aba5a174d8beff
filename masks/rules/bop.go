package rules

import (
	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// Bop learns binary weights by flipping them (Helwegen et al. 2019): a running mean m of a
// synapse's gradient says whether the sign of its weight is wrong,
//
//	m ← (1-γ) m + γ g,  Δw = -2w where w·m > τ·|w|, else 0.
//
// The paper has |w| = 1, and w·m > τ; the threshold here is of m, whatever the scale of the
// weights. m goes on as it is after a flip. A weight of 0 never flips; so biases, which begin at
// 0, stay: let model.bias be unit or none, and model.init.kind binary.
type Bop struct {
	Gamma     float64 `key:"gamma" doc:"adaptivity γ: weight of the latest gradient in its mean" in:"(0,1]"`
	Threshold float64 `key:"threshold" doc:"τ, of the mean gradient that speaks against the sign of a weight, above which it flips" in:"[0,inf)"`
}

func init() {
	masks.Optimizers.Register("bop", schema.Doc{
		Summary: "m ← (1-gamma)·m + gamma·g; a weight flips where sgn(w)·m > threshold", Source: "Helwegen et al. 2019, arXiv 1906.02107",
		Definition: "Δw = -2w of a synapse that flips, else 0: M0 counts flips. m of a synapse moves in the steps in which it may change. Weights keep the magnitudes of model.init; " +
			"a weight of 0 never flips.",
	}, func() masks.OptimizerSpec { return &Bop{Gamma: 1e-3, Threshold: 1e-6} })
}

// bop is a Bop with its running means.
type bop struct {
	gamma, rest, threshold float32 // γ, 1-γ, τ
	all                    []*masks.Synapses
	mean                   [][]float32
	scratch                []*masks.Synapses // of the step in progress
}

var (
	_ masks.OptimizerSpec = (*Bop)(nil)
	_ masks.Watching      = (*bop)(nil)
	_ masks.Local         = (*bop)(nil)
	_ masks.Vectorized    = (*bop)(nil)
	_ masks.Remembering   = (*bop)(nil)
	_ masks.Accounted     = (*bop)(nil)
	_ masks.Accumulating  = (*bop)(nil)
	_ masks.RuleChecker   = (*Bop)(nil)
	_ state.Stateful      = (*bop)(nil)
)

// New implements OptimizerSpec.
func (b *Bop) New(net masks.Network, _ uint64, _ string) (masks.Optimizer, error) {
	return &bop{
		gamma: float32(b.Gamma), rest: float32(1 - b.Gamma), threshold: float32(b.Threshold),
		all: masks.Arrays(net.Layers), mean: net.Zeros(),
	}, nil
}

// CheckRule implements RuleChecker: half a flip, or one that is kept back, leaves weights that
// are not binary.
func (b *Bop) CheckRule(r *masks.Rule, _ masks.Network) error {
	if _, ok := r.Clip.(masks.NoClip); !ok {
		return schema.Fieldf("rule.clip", "cuts Δw, and rule.optimizer bop flips a weight or leaves it; set none")
	}
	if err := onlyAtOnce(r, b); err != nil {
		return err
	}
	return onlyWeights(r, b)
}

// Watch implements Watching.
func (b *bop) Watch(step *masks.Step) error {
	b.scratch = step.Arrays
	return nil
}

// Begin implements Optimizer.
func (*bop) Begin() {}

// Update implements Optimizer.
func (b *bop) Update(array, i int, g float32) float32 {
	return simd.Flip(&b.mean[array][i], b.scratch[array].Weights[i], g, b.rest, b.gamma, b.threshold)
}

// UpdateSpan implements Vectorized.
func (b *bop) UpdateSpan(array, lo int, g, delta []float32) {
	simd.Flips(delta, b.mean[array][lo:], b.scratch[array].Weights[lo:], g, b.rest, b.gamma, b.threshold)
}

// UpdateAt implements Vectorized.
func (b *bop) UpdateAt(array int, kept []int32, g, delta []float32) {
	for n, i := range kept {
		delta[n] = b.Update(array, int(i), g[n])
	}
}

// Memories implements Remembering.
func (b *bop) Memories() [][][]float32 { return [][][]float32{b.mean} }

// Traffic implements Accounted: of each synapse kept, m is read and written, unless γ = 1
// makes it the gradient. The sign of the weight, a bit, is not counted.
func (b *bop) Traffic(u masks.Usage) (t masks.Traffic) {
	if b.rest != 0 {
		t = masks.Traffic{Reads: u.Kept, Writes: u.Kept}
	}
	return t
}

// Accumulated implements Accumulating. The amount is not counted: it is in other units than weights.
func (b *bop) Accumulated(u masks.Usage) masks.Accumulation {
	return masks.Accumulation{Updates: b.Traffic(u).Writes}
}

// Bits implements Accumulating.
func (b *bop) Bits(layer int) int64 {
	return b.Traffic(masks.Usage{Kept: masks.BitsOf(b.all, layer, 1)}).Writes
}

// State implements state.Stateful.
func (b *bop) State(v state.Visitor) { state.Float32Arrays(v, "mean", b.mean) }

// Locality implements Local.
func (*bop) Locality() (masks.Locality, error) { return masks.Alone, nil }
