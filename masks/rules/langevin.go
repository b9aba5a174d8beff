package rules

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// Langevin is gradient descent at a temperature, Δw = -η g + √(2 kT η) ξ with
// ξ ~ N(0, 1) for each synapse and open step. This is overdamped motion with mobility η
// per step; its stationary distribution at constant T is exp(-L/kT) (Tkachenko 2025,
// eqs. 11 and 12). Thermal noise is as strong as the noise of mini-batches at the
// threshold kT* = η tr Σ/(2 N B), where Σ is the covariance of the gradients of single
// presentations (eq. 14). A step is open if the gate lets any of its presentations
// through; in others the bath does nothing, and a masked synapse does not move.
type Langevin struct {
	LearningRate float64 `key:"lr" doc:"learning rate η, the mobility times the duration of a step" in:"[0,inf)"`
	Temperature  float64 `key:"temperature" doc:"kT in units of the loss, or of threshold where that is given; 0 is sgd" in:"[0,inf)"`
	Threshold    float64 `key:"threshold" doc:"kT* in units of the loss, of which temperature and end are multiples; 0: they are no multiples. A run with the same lr and batch measures it: energy.bounds.gradients_last.kt_threshold_batch in its summary" in:"[0,inf)"`
	Cooling      float64 `key:"cooling" doc:"open steps, those that the gate lets learn, in which the temperature goes to end, evenly; 0: it stays" in:"[0,inf)"`
	End          float64 `key:"end" doc:"temperature after cooling" in:"[0,inf)"`
}

func init() {
	masks.Optimizers.Register("langevin", schema.Doc{
		Summary: "Δw = -lr·g + √(2·kT·lr)·ξ, gradient descent with thermal noise", Source: "Tkachenko 2025, arXiv 2503.09980",
	}, func() masks.OptimizerSpec { return &Langevin{LearningRate: 0.1} })
}

// Validate implements schema's check of fields against each other.
func (l *Langevin) Validate() error {
	if l.End > 0 && l.Cooling == 0 {
		return schema.Fieldf("end", "is reached by cooling, which is 0; set cooling, or temperature")
	}
	return nil
}

// kT returns the temperature of open step n, from 0, in units of the loss.
func (l *Langevin) kT(n int) float64 {
	t := l.Temperature
	if l.Cooling > 0 {
		t += (l.End - t) * min(float64(n)/l.Cooling, 1)
	}
	if l.Threshold > 0 {
		t *= l.Threshold
	}
	return t
}

// langevin is a Langevin with its heat bath.
type langevin struct {
	*Langevin
	baths     []philox.Stream // of each array
	steps     uint64          // open ones
	factor    float32         // -η
	amplitude float32         // √(2 kT η)
}

var (
	_ masks.OptimizerSpec = (*Langevin)(nil)
	_ masks.Vectorized    = (*langevin)(nil)
	_ masks.Remembering   = (*langevin)(nil)
	_ masks.Local         = (*langevin)(nil)
	_ masks.Revocable     = (*langevin)(nil)
	_ masks.RuleChecker   = (*Langevin)(nil)
	_ masks.Accounted     = (*langevin)(nil)
	_ state.Stateful      = (*langevin)(nil)
)

// New implements OptimizerSpec. ξ is a function of the numbers of open step and synapse,
// from the array's stream "name/layer/L/weights" or "…/biases".
func (l *Langevin) New(net masks.Network, seed uint64, name string) (masks.Optimizer, error) {
	o := &langevin{Langevin: l}
	for _, s := range masks.Arrays(net.Layers) {
		o.baths = append(o.baths, philox.New(seed, name+"/"+s.Name()))
	}
	return o, nil
}

// CheckRule implements RuleChecker: stochastic synapses use an optimizer of the same
// kind for their σ, which must not get thermal noise.
func (l *Langevin) CheckRule(r *masks.Rule, _ masks.Network) error {
	if _, ok := r.Synapse.(masks.Deterministic); ok {
		return nil
	}
	return schema.Fieldf("rule.synapse.kind", "learns by rule.optimizer, whose noise %s is meant for weights; take deterministic", masks.Optimizers.Name(l))
}

// Begin implements Optimizer.
func (l *langevin) Begin() {
	l.factor = -float32(l.LearningRate)
	l.amplitude = float32(math.Sqrt(2 * l.kT(int(l.steps)) * l.LearningRate))
	l.steps++
}

// Revoke implements Revocable.
func (l *langevin) Revoke() { l.steps-- }

// Update implements Optimizer.
func (l *langevin) Update(array, i int, g float32) float32 {
	var delta [1]float32
	l.UpdateSpan(array, i, []float32{g}, delta[:])
	return delta[0]
}

// UpdateSpan implements Vectorized.
func (l *langevin) UpdateSpan(array, lo int, g, delta []float32) {
	if l.amplitude == 0 {
		simd.Scale(delta, g, l.factor)
		return
	}
	l.baths[array].Normals(l.steps, uint64(lo), delta)
	simd.ScaledSum(delta, g, l.factor, l.amplitude)
}

// UpdateAt implements Vectorized.
func (l *langevin) UpdateAt(array int, kept []int32, g, delta []float32) {
	if l.amplitude != 0 {
		l.baths[array].NormalsAt(l.steps, kept, delta)
	}
	for n := range kept {
		delta[n] = l.update(g[n], delta[n])
	}
}

// Memories implements Remembering.
func (*langevin) Memories() (none [][][]float32) { return none }

// Traffic implements Accounted: nothing is remembered of a synapse, as ξ is drawn.
func (*langevin) Traffic(masks.Usage) (none masks.Traffic) { return none }

// State implements state.Stateful.
func (l *langevin) State(v state.Visitor) { v.JSON("steps", &l.steps) }

// update returns Δw. Without noise it has the bits of SGD, the sign of a zero included.
// The conversions forbid fused multiply-add.
func (l *langevin) update(g, xi float32) float32 {
	if l.amplitude == 0 {
		return l.factor * g
	}
	return float32(l.factor*g) + float32(l.amplitude*xi)
}

// Locality implements Local.
func (*langevin) Locality() (masks.Locality, error) { return masks.Alone, nil }
