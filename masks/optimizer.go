package masks

// OptimizerSpec describes an optimizer. A kind registers itself in Optimizers.
type OptimizerSpec interface {
	// New makes the optimizer for arrays of the given sizes.
	New(sizes []int) Optimizer
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

// randomOptimizer is an Optimizer that draws random numbers.
type randomOptimizer interface {
	// seed says under which seed, and for which arrays.
	seed(all []*Synapses, seed uint64)
}

// newOptimizer makes the rule's optimizer of all arrays.
func (r *Rule) newOptimizer(all []*Synapses, seed uint64) Optimizer {
	var sizes []int
	for _, s := range all {
		sizes = append(sizes, s.In*s.Out)
	}
	o := r.Optimizer.New(sizes)
	if random, ok := o.(randomOptimizer); ok {
		random.seed(all, seed)
	}
	return o
}

// Vectorized is an Optimizer with loops of its own, equal in every bit to
// calls of Update.
type Vectorized interface {
	// UpdateSpan writes Δw of synapses lo … lo+len(delta)-1; g is theirs.
	UpdateSpan(array, lo int, g, delta []float32)
	// UpdateAt writes Δw of the synapses kept; g is the whole array's.
	UpdateAt(array int, kept []int32, g, delta []float32)
}

// ProposeSpan writes the optimizer's updates of synapses lo … lo+len(delta)-1.
func ProposeSpan(o Optimizer, array, lo int, g, delta []float32) {
	if fast, ok := o.(Vectorized); ok {
		fast.UpdateSpan(array, lo, g, delta)
		return
	}
	for i := range delta {
		delta[i] = o.Update(array, lo+i, g[i])
	}
}

// ProposeAt writes the optimizer's updates of the synapses kept.
func ProposeAt(o Optimizer, array int, kept []int32, g, delta []float32) {
	if fast, ok := o.(Vectorized); ok {
		fast.UpdateAt(array, kept, g, delta)
		return
	}
	for n, i := range kept {
		delta[n] = o.Update(array, int(i), g[i])
	}
}
