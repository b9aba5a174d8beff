package rules

import (
	"math"

	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// Adam keeps running means m of g and v of g², Δw = -η m̂/(√v̂ + ε) (Kingma & Ba
// 2015). Under a mask, the means of a synapse move only in steps in which it may
// change, while the bias correction counts all open steps of the network, those that the
// gate lets learn, as in sparse versions of Adam.
type Adam struct {
	LearningRate float64 `key:"lr" doc:"learning rate η" in:"[0,inf)"`
	Beta1        float64 `key:"beta1" doc:"decay of the mean of g" in:"[0,1)"`
	Beta2        float64 `key:"beta2" doc:"decay of the mean of g²" in:"[0,1)"`
	Epsilon      float64 `key:"epsilon" doc:"added to the root of the mean of g²" in:"(0,inf)"`
}

func init() {
	masks.Optimizers.Register("adam", schema.Doc{Summary: "Δw = -lr·m/(√v + epsilon), m and v running means of g and g²", Source: "Kingma & Ba 2015",
		Definition: "m and v of a synapse move in the steps in which it may change; the bias correction counts the open steps of the network, " +
			"those that the gate lets learn."},
		func() masks.OptimizerSpec {
			return &Adam{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
		})
}

// adam is an Adam with its running means.
type adam struct {
	spec          *Adam
	steps         int
	rates         simd.AdamRates // β₁, β₂, 1-β₁, 1-β₂, -η/(1-β₁ᵗ), 1/(1-β₂ᵗ) and ε
	all           []*masks.Synapses
	first, second [][]float32
}

var (
	_ masks.OptimizerSpec   = (*Adam)(nil)
	_ masks.Vectorized      = (*adam)(nil)
	_ masks.DeviceOptimizer = (*adam)(nil)
	_ masks.Local           = (*adam)(nil)
	_ masks.Accounted       = (*adam)(nil)
	_ masks.Accumulating    = (*adam)(nil)
	_ state.Stateful        = (*adam)(nil)
)

// New implements OptimizerSpec.
func (a *Adam) New(net masks.Network, _ uint64, _ string) (masks.Optimizer, error) {
	return &adam{
		spec: a,
		rates: simd.AdamRates{
			Beta1: float32(a.Beta1), Beta2: float32(a.Beta2), Rest1: float32(1 - a.Beta1), Rest2: float32(1 - a.Beta2), Small: float32(a.Epsilon),
		},
		all: masks.Arrays(net.Layers), first: net.Zeros(), second: net.Zeros(),
	}, nil
}

// Begin implements Optimizer.
func (a *adam) Begin() {
	a.steps++
	a.rates.Factor = -float32(a.spec.LearningRate / (1 - math.Pow(a.spec.Beta1, float64(a.steps))))
	a.rates.Scale = float32(1 / (1 - math.Pow(a.spec.Beta2, float64(a.steps))))
}

// Update implements Optimizer. The conversions forbid fused multiply-add.
func (a *adam) Update(array, i int, g float32) float32 {
	m, v, r := &a.first[array][i], &a.second[array][i], &a.rates
	*m = float32(r.Beta1**m) + float32(r.Rest1*g)
	*v = float32(r.Beta2**v) + float32(r.Rest2*float32(g*g))
	root := float32(math.Sqrt(float64(r.Scale * *v)))
	return r.Factor * *m / (root + r.Small)
}

// UpdateSpan implements Vectorized.
func (a *adam) UpdateSpan(array, lo int, g, delta []float32) {
	simd.Adam(delta, a.first[array][lo:], a.second[array][lo:], g, &a.rates)
}

// UpdateAt implements Vectorized.
func (a *adam) UpdateAt(array int, kept []int32, g, delta []float32) {
	for n, i := range kept {
		delta[n] = a.Update(array, int(i), g[n])
	}
}

// Traffic implements Accounted: of each synapse kept, m and v are read and written, but
// for a mean that is the gradient itself because its β is 0.
func (a *adam) Traffic(u masks.Usage) (t masks.Traffic) {
	for _, decay := range []float32{a.rates.Beta1, a.rates.Beta2} {
		if decay != 0 {
			t.Add(masks.Traffic{Reads: u.Kept, Writes: u.Kept})
		}
	}
	return t
}

// Accumulated implements Accumulating. The amount is not counted: it is in other units than weights.
func (a *adam) Accumulated(u masks.Usage) masks.Accumulation {
	return masks.Accumulation{Updates: a.Traffic(u).Writes}
}

// Bits implements Accumulating.
func (a *adam) Bits(layer int) int64 {
	return a.Traffic(masks.Usage{Kept: masks.BitsOf(a.all, layer, 1)}).Writes
}

// State implements state.Stateful: Begin computes rate and scale anew.
func (a *adam) State(v state.Visitor) {
	v.JSON("steps", &a.steps)
	state.Float32Arrays(v, "first", a.first)
	state.Float32Arrays(v, "second", a.second)
}

// DeviceForm implements DeviceOptimizer.
func (a *adam) DeviceForm() masks.OptimizerForm {
	return masks.OptimizerForm{Kind: masks.ByAdam, Decay: a.rates.Beta1, Decay2: a.rates.Beta2, Rest: a.rates.Rest1, Rest2: a.rates.Rest2, Small: a.rates.Small}
}

// Rates implements DeviceOptimizer.
func (a *adam) Rates() (rate, scale float32) { return -a.rates.Factor, a.rates.Scale }

// Memories implements Remembering.
func (a *adam) Memories() [][][]float32 { return [][][]float32{a.first, a.second} }

// Locality implements Local.
func (*adam) Locality() (masks.Locality, error) { return masks.Alone, nil }
