package rules

import (
	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// Momentum is v ← μ v + g, Δw = -η v (Polyak's heavy ball).
type Momentum struct {
	LearningRate float64 `key:"lr" doc:"learning rate η" in:"[0,inf)"`
	Momentum     float64 `key:"momentum" doc:"decay μ of the velocity, per step in which the synapse may change" in:"[0,1)"`
}

func init() {
	masks.Optimizers.Register("momentum", schema.Doc{Summary: "v ← momentum·v + g, Δw = -lr·v", Source: "Polyak 1964",
		Definition: "v of a synapse moves in the steps in which it may change."},
		func() masks.OptimizerSpec { return &Momentum{LearningRate: 0.01, Momentum: 0.9} })
}

// momentum is a Momentum with its velocities.
type momentum struct {
	rate, decay float32
	all         []*masks.Synapses
	velocity    [][]float32 // of each array
}

var (
	_ masks.OptimizerSpec   = (*Momentum)(nil)
	_ masks.Vectorized      = (*momentum)(nil)
	_ masks.DeviceOptimizer = (*momentum)(nil)
	_ masks.Local           = (*momentum)(nil)
	_ masks.Accounted       = (*momentum)(nil)
	_ masks.Accumulating    = (*momentum)(nil)
	_ state.Stateful        = (*momentum)(nil)
)

// New implements OptimizerSpec.
func (m *Momentum) New(net masks.Network, _ uint64, _ string) (masks.Optimizer, error) {
	return &momentum{float32(m.LearningRate), float32(m.Momentum), masks.Arrays(net.Layers), net.Zeros()}, nil
}

// Begin implements Optimizer.
func (*momentum) Begin() {}

// Update implements Optimizer. The conversions forbid fused multiply-add, so
// that every processor computes the same bits.
func (m *momentum) Update(array, i int, g float32) float32 {
	v := &m.velocity[array][i]
	*v = float32(m.decay**v) + g
	return -m.rate * *v
}

// UpdateSpan implements Vectorized.
func (m *momentum) UpdateSpan(array, lo int, g, delta []float32) {
	simd.Momentum(delta, m.velocity[array][lo:], g, m.decay, -m.rate)
}

// UpdateAt implements Vectorized.
func (m *momentum) UpdateAt(array int, kept []int32, g, delta []float32) {
	for n, i := range kept {
		delta[n] = m.Update(array, int(i), g[n])
	}
}

// Traffic implements Accounted: of each synapse kept, v is read and written, unless μ = 0
// makes it the gradient.
func (m *momentum) Traffic(u masks.Usage) (t masks.Traffic) {
	if m.decay != 0 {
		t = masks.Traffic{Reads: u.Kept, Writes: u.Kept}
	}
	return t
}

// Accumulated implements Accumulating. The amount is not counted: it is in other units than weights.
func (m *momentum) Accumulated(u masks.Usage) masks.Accumulation {
	return masks.Accumulation{Updates: m.Traffic(u).Writes}
}

// Bits implements Accumulating.
func (m *momentum) Bits(layer int) int64 {
	return m.Traffic(masks.Usage{Kept: masks.BitsOf(m.all, layer, 1)}).Writes
}

// State implements state.Stateful.
func (m *momentum) State(v state.Visitor) { state.Float32Arrays(v, "velocity", m.velocity) }

// DeviceForm implements DeviceOptimizer.
func (m *momentum) DeviceForm() masks.OptimizerForm {
	return masks.OptimizerForm{Kind: masks.ByMomentum, Decay: m.decay}
}

// Rates implements DeviceOptimizer.
func (m *momentum) Rates() (rate, scale float32) { return m.rate, 0 }

// Memories implements Remembering.
func (m *momentum) Memories() [][][]float32 { return [][][]float32{m.velocity} }

// Locality implements Local.
func (*momentum) Locality() (masks.Locality, error) { return masks.Alone, nil }
