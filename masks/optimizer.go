package masks

import "ergon/internal/schema"

// OptimizerSpec describes an optimizer. A kind registers itself in Optimizers.
type OptimizerSpec interface {
	// New makes the optimizer for the arrays of a network ([Arrays], in that
	// order). Its random numbers come from streams whose names begin with name.
	// It fails if the settings do not fit the network. With a network without
	// layers, Update is never called.
	New(net Network, seed uint64, name string) (Optimizer, error)
}

// Optimizer turns gradients into updates. It is called only for synapses that the
// masks keep; its memory of the others stays untouched.
type Optimizer interface {
	// Begin opens a step.
	Begin()
	// Update returns Δw of synapse i of an array, given its gradient g, and updates
	// the optimizer's memory of it. Calls for different synapses may be concurrent.
	Update(array, i int, g float32) float32
}

// InputScaled is an OptimizerSpec whose rate may be in units of the network's inputs.
type InputScaled interface {
	OptimizerSpec
	// UsesInputPower reports whether New needs Network.InputPower.
	UsesInputPower() bool
}

// UsesInputPower reports whether the rule's optimizer needs Network.InputPower.
func (r *Rule) UsesInputPower() bool {
	o, ok := r.Optimizer.(InputScaled)
	return ok && o.UsesInputPower()
}

// NewOptimizer makes the rule's optimizer for a network. Its random streams are
// named "bath/…", after the heat bath of Langevin dynamics.
func (r *Rule) NewOptimizer(net Network, seed uint64) (Optimizer, error) {
	o, err := r.Optimizer.New(net, seed, "bath")
	return o, schema.Under("rule.optimizer", err)
}

// UpdateSpan writes the optimizer's Δw of synapses lo … lo+len(delta)-1 to delta;
// g[i] is the gradient of synapse lo+i.
func UpdateSpan(o Optimizer, array, lo int, g, delta []float32) {
	if fast, ok := o.(Vectorized); ok {
		fast.UpdateSpan(array, lo, g, delta)
		return
	}
	for i := range delta {
		delta[i] = o.Update(array, lo+i, g[i])
	}
}

// UpdateAt writes the optimizer's Δw of synapse kept[n], whose gradient is g[n], to
// delta[n].
func UpdateAt(o Optimizer, array int, kept []int32, g, delta []float32) {
	if fast, ok := o.(Vectorized); ok {
		fast.UpdateAt(array, kept, g, delta)
		return
	}
	for n, i := range kept {
		delta[n] = o.Update(array, int(i), g[n])
	}
}
