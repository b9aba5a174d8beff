package rules

import (
	"math"

	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/masks"
)

// Manhattan moves each weight by one step of its device, whatever the size of the gradient:
//
//	Δw = -ε sgn(g) where |g| > threshold, else 0,
//
// cut where w + Δw would leave ±bound. It is Rprop without adaptation of the step
// (Riedmiller & Braun 1993), and what a crossbar of memristors does with one pulse a synapse
// (Zamanidoost, Bayat, Strukov & Kataeva 2015).
//
// A weight that is the difference of two devices, w = G⁺ - G⁻ with 0 ≤ G ≤ G_max, has
// bound = G_max, and a change programs both devices. If G⁻ stays at G_max/2 (Quiñonez,
// Sánchez & Rubi 2025, arXiv 2511.03858), bound = G_max/2, and a change programs one.
type Manhattan struct {
	Step      float64 `key:"step" doc:"step ε of a weight, in units of the weights" in:"[0,inf)"`
	Threshold float64 `key:"threshold" doc:"|g| above which a weight moves; 0: wherever g is not 0" in:"[0,inf)"`
	Bound     float64 `key:"bound" doc:"largest |w| that the device can hold; a weight outside comes back with its next change; .inf: none" in:"(0,inf]"`
}

func init() {
	masks.Optimizers.Register("manhattan", schema.Doc{
		Summary: "Δw = -step·sgn(g) where |g| > threshold, within ±bound", Source: "Zamanidoost, Bayat, Strukov & Kataeva 2015; Quiñonez, Sánchez & Rubi 2025, arXiv 2511.03858",
		Definition: "A gradient of exactly 0 moves nothing. A weight at its bound that is pushed outward has Δw = 0, and counts as unchanged.",
	}, func() masks.OptimizerSpec { return &Manhattan{Step: 5e-4, Bound: math.Inf(1)} })
}

// manhattan is a Manhattan with the weights of its network.
type manhattan struct {
	step, threshold, bound float32
	scratch                []*masks.Synapses // of the step in progress
}

var (
	_ masks.OptimizerSpec = (*Manhattan)(nil)
	_ masks.Watching      = (*manhattan)(nil)
	_ masks.Local         = (*manhattan)(nil)
	_ masks.Revocable     = (*manhattan)(nil)
	_ masks.Vectorized    = (*manhattan)(nil)
	_ masks.Remembering   = (*manhattan)(nil)
	_ masks.Accounted     = (*manhattan)(nil)
	_ masks.RuleChecker   = (*Manhattan)(nil)
)

// New implements OptimizerSpec.
func (m *Manhattan) New(masks.Network, uint64, string) (masks.Optimizer, error) {
	return &manhattan{float32(m.Step), float32(m.Threshold), float32(m.Bound), nil}, nil
}

// CheckRule implements RuleChecker.
func (m *Manhattan) CheckRule(r *masks.Rule, _ masks.Network) error {
	if !math.IsInf(m.Bound, 1) {
		if err := onlyAtOnce(r, m); err != nil {
			return err
		}
	}
	return onlyWeights(r, m)
}

// Watch implements Watching.
func (m *manhattan) Watch(step *masks.Step) error {
	m.scratch = step.Arrays
	return nil
}

// Begin implements Optimizer.
func (*manhattan) Begin() {}

// Revoke implements Revocable.
func (*manhattan) Revoke() {}

// Update implements Optimizer.
func (m *manhattan) Update(array, i int, g float32) float32 {
	return m.update(m.scratch[array].Weights[i], g)
}

// update returns Δw of a weight w with gradient g.
func (m *manhattan) update(w, g float32) float32 {
	return masks.Within(w, simd.Sign(g, m.step, m.threshold), m.bound)
}

// UpdateSpan implements Vectorized.
func (m *manhattan) UpdateSpan(array, lo int, g, delta []float32) {
	simd.Signs(delta, g, m.step, m.threshold)
	if math.IsInf(float64(m.bound), 1) {
		return
	}
	for i, w := range m.scratch[array].Weights[lo:][:len(delta)] {
		delta[i] = masks.Within(w, delta[i], m.bound)
	}
}

// UpdateAt implements Vectorized.
func (m *manhattan) UpdateAt(array int, kept []int32, g, delta []float32) {
	w := m.scratch[array].Weights
	for n, i := range kept {
		delta[n] = m.update(w[i], g[n])
	}
}

// Memories implements Remembering.
func (*manhattan) Memories() (none [][][]float32) { return none }

// Traffic implements Accounted: nothing is remembered of a synapse.
func (*manhattan) Traffic(masks.Usage) (none masks.Traffic) { return none }

// Locality implements Local.
func (*manhattan) Locality() (masks.Locality, error) { return masks.Alone, nil }
