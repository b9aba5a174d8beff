package masks

import "ergon/internal/schema"

// OptimizerSpec describes an optimizer. A kind registers itself in Optimizers.
type OptimizerSpec interface {
	// New makes the optimizer for the arrays of a network ([Arrays], in their
	// order). Its random numbers come from streams whose names begin with name.
	// It fails where the settings do not fit the network. A network without layers
	// asks for an optimizer that will not be asked to remember.
	New(net Network, seed uint64, name string) (Optimizer, error)
}

// Optimizer turns gradients into updates. It is asked only about synapses that
// the masks keep; its memory of the others stays untouched.
type Optimizer interface {
	// Begin opens a step.
	Begin()
	// Update returns Δw of synapse i of an array, given its gradient, and
	// takes note of it. Calls for different synapses may be concurrent.
	Update(array, i int, g float32) float32
}

// NewOptimizer makes the rule's optimizer of a network. It draws from streams
// named "bath/…", as the heat bath of Langevin does.
func (r *Rule) NewOptimizer(net Network, seed uint64) (Optimizer, error) {
	o, err := r.Optimizer.New(net, seed, "bath")
	return o, schema.Under("rule.optimizer", err)
}

// Zeros returns one zero array for each size.
func Zeros(sizes []int) [][]float32 {
	all := make([][]float32, len(sizes))
	for i, n := range sizes {
		all[i] = make([]float32, n)
	}
	return all
}

// UpdateSpan writes the optimizer's updates of synapses lo … lo+len(delta)-1, whose
// gradients are g.
func UpdateSpan(o Optimizer, array, lo int, g, delta []float32) {
	if fast, ok := o.(Vectorized); ok {
		fast.UpdateSpan(array, lo, g, delta)
		return
	}
	for i := range delta {
		delta[i] = o.Update(array, lo+i, g[i])
	}
}

// UpdateAt writes the optimizer's updates of the synapses kept; g is the whole array's.
func UpdateAt(o Optimizer, array int, kept []int32, g, delta []float32) {
	if fast, ok := o.(Vectorized); ok {
		fast.UpdateAt(array, kept, g, delta)
		return
	}
	for n, i := range kept {
		delta[n] = o.Update(array, int(i), g[i])
	}
}
