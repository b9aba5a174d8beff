package rules

import (
	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// SGD is Δw = -η_n g. The rate may fall with the number n of open steps made before:
// η_n = η/(1 + n/half) (Robbins & Monro 1951). A step is open if the gate lets any of its
// presentations through, whether a synapse then changes or not.
type SGD struct {
	LearningRate float64 `key:"lr" doc:"learning rate η" in:"[0,inf)"`
	Half         float64 `key:"half" doc:"open steps, those that the gate lets learn, after which the rate is half of lr: η/(1 + n/half) after n; 0: it stays" in:"[0,inf)"`
}

func init() {
	masks.Optimizers.Register("sgd", schema.Doc{Summary: "Δw = -lr·g", Definition: "g is the gradient of the mean loss of the step's batch, a shorter last one included."}, func() masks.OptimizerSpec { return &SGD{LearningRate: 0.1} })
}

// sgd is an SGD with the number of open steps made.
type sgd struct {
	*SGD
	steps  int
	factor float32 // -η_n
}

var (
	_ masks.OptimizerSpec   = (*SGD)(nil)
	_ masks.Proportional    = (*sgd)(nil)
	_ masks.Revocable       = (*sgd)(nil)
	_ masks.Vectorized      = (*sgd)(nil)
	_ masks.DeviceOptimizer = (*sgd)(nil)
	_ masks.Accounted       = (*sgd)(nil)
	_ state.Stateful        = (*sgd)(nil)
)

// New implements OptimizerSpec.
func (s *SGD) New(masks.Network, uint64, string) (masks.Optimizer, error) { return &sgd{SGD: s}, nil }

// Begin implements Optimizer.
func (s *sgd) Begin() {
	rate := s.LearningRate
	if s.Half > 0 {
		rate /= 1 + float64(s.steps)/s.Half
	}
	s.factor = -float32(rate)
	s.steps++
}

// Revoke implements Revocable.
func (s *sgd) Revoke() { s.steps-- }

// Update implements Optimizer.
func (s *sgd) Update(_, _ int, g float32) float32 { return s.factor * g }

// Factor implements Proportional.
func (s *sgd) Factor() float32 { return s.factor }

// Traffic implements Accounted: nothing is remembered of a synapse.
func (*sgd) Traffic(masks.Usage) (none masks.Traffic) { return none }

// UpdateSpan implements Vectorized.
func (s *sgd) UpdateSpan(_, _ int, g, delta []float32) {
	simd.Scale(delta, g, s.factor)
}

// UpdateAt implements Vectorized.
func (s *sgd) UpdateAt(_ int, kept []int32, g, delta []float32) {
	for n, i := range kept {
		delta[n] = s.factor * g[i]
	}
}

// State implements state.Stateful.
func (s *sgd) State(v state.Visitor) { v.JSON("steps", &s.steps) }

// DeviceForm implements DeviceOptimizer.
func (*sgd) DeviceForm() masks.OptimizerForm { return masks.OptimizerForm{Kind: masks.BySGD} }

// Rates implements DeviceOptimizer.
func (s *sgd) Rates() (rate, scale float32) { return -s.factor, 0 }

// DeviceMemory implements DeviceOptimizer.
func (*sgd) DeviceMemory() (none [][][]float32) { return none }
