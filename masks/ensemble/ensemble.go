// Package ensemble has synapses without a network: one array of them, which a rule learns from gradients
// that somebody else has drawn. It is what a local rule ([masks.Local]) does to single synapses, by the
// code that trains networks.
package ensemble

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/state"
	"ergon/masks"
	"ergon/masks/cpu"
)

// Ensemble is n synapses onto one unit, without biases, and what the rule remembers of them. A step is one
// presentation to the rule. An Ensemble works on the caller's core.
type Ensemble struct {
	rule      masks.Rule
	seed      uint64
	updater   *cpu.Updater
	parameter parameter
	list      []G.ValueGrad // parameter
}

// parameter is the array as a solver sees it.
type parameter struct{ value, gradient *tensor.Dense } // [n,1]

// Value implements gorgonia.ValueGrad.
func (p parameter) Value() G.Value { return p.value }

// Grad implements gorgonia.ValueGrad.
func (p parameter) Grad() (G.Value, error) { return p.gradient, nil }

// New returns n synapses of weight 0 that a rule learns. Its random numbers are those of the seed and of the
// synapse's number, whatever n. The bound of a clip by norm is per root of n: of the root mean square of
// Δw. It fails if the rule is not local, or not right.
func New(rule *masks.Rule, n int, seed uint64) (*Ensemble, error) {
	if _, err := rule.Locality(); err != nil {
		return nil, err
	}
	e := &Ensemble{rule: *rule, seed: seed}
	net := masks.Network{Layers: []masks.Layer{{In: n, Out: 1}}}
	if limits, err := rule.Clip.Limits(net); err == nil && !math.IsInf(limits.Norm, 1) {
		e.rule.Clip = perRoot{rule.Clip}
	}
	var err error
	if e.updater, err = cpu.NewUpdater(e.rule, net, seed, nil); err != nil {
		return nil, err
	}
	e.parameter = parameter{dense(n), dense(n)}
	e.list = []G.ValueGrad{e.parameter}
	return e, nil
}

func dense(n int) *tensor.Dense { return tensor.New(tensor.WithShape(n, 1), tensor.Of(tensor.Float32)) }

// perRoot is a Clip whose bound on the length of the update is per root of the number of synapses.
type perRoot struct{ masks.Clip }

// Limits implements masks.Clip.
func (c perRoot) Limits(net masks.Network) (masks.Limits, error) {
	limits, err := c.Clip.Limits(net)
	limits.Norm *= math.Sqrt(float64(net.Layers[0].Weights()))
	return limits, err
}

// Weights returns the weights [n], what a network would compute with. It is not a copy; before the first
// step they may be set.
func (e *Ensemble) Weights() []float32 { return e.parameter.value.Float32s() }

// Gradient returns the gradient [n] of the next step, for the caller to set.
func (e *Ensemble) Gradient() []float32 { return e.parameter.gradient.Float32s() }

// Step makes a step of the rule.
func (e *Ensemble) Step() error { return e.updater.Step(e.list) }

// Bytes returns about how many bytes of memory a synapse takes: weight and gradient, how often it was written, what
// masks and the update note of it, and twice what the rule remembers.
func (e *Ensemble) Bytes() int {
	const plain = 32
	return plain + 2*int(e.updater.AccumulatorBits(0)/8)/len(e.Weights())
}

// Fork returns a copy, of the same random numbers in the steps to come.
func (e *Ensemble) Fork() (*Ensemble, error) {
	remembered, err := state.Save(e.updater)
	if err != nil {
		return nil, err
	}
	twin := &Ensemble{rule: e.rule, seed: e.seed, parameter: parameter{dense(len(e.Weights())), dense(len(e.Weights()))}}
	twin.list = []G.ValueGrad{twin.parameter}
	net := masks.Network{Layers: []masks.Layer{{In: len(e.Weights()), Out: 1}}}
	if twin.updater, err = cpu.NewUpdater(e.rule, net, e.seed, nil); err != nil {
		return nil, err
	}
	copy(twin.Weights(), e.Weights())
	twin.updater.Attach([][]float32{twin.Weights()})
	if err := remembered.Restore(twin.updater); err != nil {
		return nil, fmt.Errorf("ensemble: a rule does not remember what it has saved: %w", err)
	}
	return twin, nil
}
