package masks

import (
	"ergon/internal/schema"
	"ergon/internal/simd"
)

// SGD is Δw = -η g.
type SGD struct {
	LearningRate float64 `key:"lr" doc:"learning rate η" in:"[0,inf)"`
}

func init() {
	Optimizers.Register("sgd", schema.Doc{Summary: "Δw = -lr·g"}, func() OptimizerSpec { return &SGD{LearningRate: 0.1} })
}

// sgd holds -η. It has no memory.
type sgd float32

var (
	_ OptimizerSpec = (*SGD)(nil)
	_ spanOptimizer = sgd(0)
)

// New implements OptimizerSpec.
func (s *SGD) New([]int) Optimizer { return sgd(-s.LearningRate) }

// Begin implements Optimizer.
func (sgd) Begin() {}

// Update implements Optimizer.
func (s sgd) Update(_, _ int, g float32) float32 { return float32(s) * g }

func (s sgd) updateSpan(_, _ int, g, delta []float32) {
	simd.Scale(delta, g, float32(s))
}

func (s sgd) updateAt(_ int, kept []int32, g, delta []float32) {
	for n, i := range kept {
		delta[n] = float32(s) * g[i]
	}
}
