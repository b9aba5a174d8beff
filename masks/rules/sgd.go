package rules

import (
	"math"

	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// SGD is Δw = -η_n g. The rate may fall with the number n of open steps made before:
// η_n = η/(1 + n/half) (Robbins & Monro 1951). A step is open if the gate lets any of its
// presentations through, whether a synapse then changes or not.
//
// A relative rate is in units of the largest that is stable for a linear unit: η/(1 + ⟨|x|²⟩) for
// inputs x, whose mean squared length is over the training set, and a constant input of 1. It does not
// depend on the scale, or the number, of the inputs.
type SGD struct {
	LearningRate float64 `key:"lr" doc:"learning rate η" in:"[0,inf)"`
	Half         float64 `key:"half" doc:"open steps, those that the gate lets learn, after which the rate is half of lr: η/(1 + n/half) after n; 0: it stays" in:"[0,inf)"`
	HalveEvery   int     `key:"halve_every" doc:"open steps after which the rate is halved, again and again: lr·2^-⌊n/halve_every⌋ after n; 0: it is not" in:"[0,1000000000]" identity:"nonzero"`
	Rate         string  `key:"rate" doc:"absolute: the rate is lr; relative: it is lr/(1 + ⟨|x|²⟩), of the mean squared length of an input of the training set, without constant inputs" oneof:"absolute|relative" identity:"nonzero"`

	Schedule masks.Schedule `key:"schedule" doc:"how the rate, falling or not, follows the training loss besides" identity:"nonzero"`
}

// RateAfter returns the rate of the open step after n others, in a network whose inputs have a
// mean squared length of power.
func (s *SGD) RateAfter(n int, power float64) float64 {
	rate := s.LearningRate
	if s.Half > 0 {
		rate /= 1 + float64(n)/s.Half
	}
	if s.HalveEvery > 0 {
		rate *= math.Exp2(-float64(n / s.HalveEvery))
	}
	if s.Rate == "relative" {
		rate /= 1 + power
	}
	return rate
}

func init() {
	masks.Optimizers.Register("sgd", schema.Doc{Summary: "Δw = -lr·g", Definition: "g is the gradient of the mean loss of the step's batch, a shorter last one included."}, func() masks.OptimizerSpec {
		return &SGD{LearningRate: 0.1, Rate: "absolute", Schedule: masks.NoSchedule{}}
	})
}

// descent is an SGD with the number of open steps made.
type descent struct {
	*SGD
	power  float64 // mean squared length of an input
	steps  int
	factor float32 // -η_n
}

// sgd is a descent whose rates are known in advance.
type sgd struct{ descent }

var (
	_ masks.OptimizerSpec   = (*SGD)(nil)
	_ masks.Local           = (*sgd)(nil)
	_ masks.InputScaled     = (*SGD)(nil)
	_ masks.Proportional    = (*sgd)(nil)
	_ masks.Revocable       = (*sgd)(nil)
	_ masks.Vectorized      = (*sgd)(nil)
	_ masks.DeviceOptimizer = (*sgd)(nil)
	_ masks.Accounted       = (*sgd)(nil)
	_ state.Stateful        = (*sgd)(nil)
)

// UsesInputPower implements InputScaled.
func (s *SGD) UsesInputPower() bool { return s.Rate == "relative" }

// Locality implements Local: a relative rate depends on the inputs.
func (s *sgd) Locality() (masks.Locality, error) {
	if s.Rate == "relative" {
		return 0, schema.Fieldf("rate", "relative is in units of the inputs of a network; set absolute")
	}
	return masks.Alone, nil
}

// New implements OptimizerSpec.
func (s *SGD) New(net masks.Network, _ uint64, _ string) (masks.Optimizer, error) {
	d := descent{SGD: s, power: net.InputPower}
	if s.Schedule != nil {
		if f := s.Schedule.New(); f != nil {
			return newScheduled(d, f, net)
		}
	}
	return &sgd{d}, nil
}

// Begin implements Optimizer.
func (s *descent) Begin() {
	s.factor = -float32(s.RateAfter(s.steps, s.power))
	s.steps++
}

// Revoke implements Revocable.
func (s *descent) Revoke() { s.steps-- }

// Update implements Optimizer.
func (s *descent) Update(_, _ int, g float32) float32 { return s.factor * g }

// Factor implements Proportional.
func (s *descent) Factor() float32 { return s.factor }

// Traffic implements Accounted: nothing is remembered of a synapse.
func (*descent) Traffic(masks.Usage) (none masks.Traffic) { return none }

// Memories implements Remembering.
func (*descent) Memories() (none [][][]float32) { return none }

// UpdateSpan implements Vectorized.
func (s *descent) UpdateSpan(_, _ int, g, delta []float32) {
	simd.Scale(delta, g, s.factor)
}

// UpdateAt implements Vectorized.
func (s *descent) UpdateAt(_ int, _ []int32, g, delta []float32) {
	simd.Scale(delta, g, s.factor)
}

// State implements state.Stateful.
func (s *descent) State(v state.Visitor) { v.JSON("steps", &s.steps) }

// DeviceForm implements DeviceOptimizer.
func (*sgd) DeviceForm() masks.OptimizerForm { return masks.OptimizerForm{Kind: masks.BySGD} }

// Rates implements DeviceOptimizer.
func (s *sgd) Rates() (rate, scale float32) { return -s.factor, 0 }
