package cumulants

import (
	"math"

	"ergon/configs"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
)

// Law is how a rule changes synapses, -M_j·u_j, as far as theory needs to know it.
type Law struct {
	Fractions [][]float64 // p_j = ⟨M_j⟩ [arrays][n]
	rate      float32     // η
	bounds    []float32   // of each array: of |u|; +Inf: none
	layers    []int       // of each array: its layer
}

// newLaw returns the law of a config's rule, or says what of it cannot be
// averaged over.
func newLaw(config *configs.Config, net masks.Network) (*Law, error) {
	rule := config.Rule
	if err := averages(rule); err != nil {
		return nil, err
	}
	if config.Engine.OnGPU() {
		return nil, schema.Under("engine", schema.Fieldf("device", "%s: the replay is made by the host, and differs by rounding; give the run engine.device=cpu", config.Engine.Device))
	}
	limits, err := rule.Clip.Limits(net)
	if err != nil {
		return nil, schema.Under("rule.clip", err)
	}
	law := &Law{rate: float32(rule.Optimizer.(*rules.SGD).LearningRate)}
	for _, s := range synapses(net) {
		p, err := fractions(rule.Mask, net, s)
		if err != nil {
			return nil, err
		}
		law.Fractions = append(law.Fractions, p)
		law.bounds = append(law.bounds, limits.Value[s.Layer])
		law.layers = append(law.layers, s.Layer)
	}
	return law, nil
}

// updates writes u_j of an array's gradients g.
func (l *Law) updates(array int, g, u []float32) {
	for i, x := range g {
		u[i] = l.rate * x
	}
	bound := l.bounds[array]
	if math.IsInf(float64(bound), 1) {
		return
	}
	for i, x := range u {
		u[i] = max(-bound, min(bound, x))
	}
}
