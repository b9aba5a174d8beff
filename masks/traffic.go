package masks

// Traffic is how many numbers of 32 bits a rule reads and writes of what it remembers of
// synapses besides their weights: velocities, moments, permanent parts. A cache that
// reads or moves weights has that in it, too. The read and the write of a weight that
// changes by Δw are counted apart, and so is nothing that a network has once.
type Traffic struct{ Reads, Writes int64 }

// Add adds another traffic.
func (t *Traffic) Add(u Traffic) {
	t.Reads += u.Reads
	t.Writes += u.Writes
}

// Usage is what a step asked of a layer of synapses.
type Usage struct {
	Layer    int
	Synapses int64 // of the layer, weights and biases
	// Kept are those that all masks kept, of which the optimizer was asked; 0 in a step
	// without an update. It is not counted where the optimizer is Proportional or Sparse and
	// synapses transmit their weights: nobody then remembers anything of those kept.
	Kept   int64
	Update Change        // what was added to the weights, or to accumulators in their place
	Cached Consolidation // what the cache did
}

// Accounts are the stages of a rule that may remember something of synapses.
type Accounts struct {
	stages       []Accounted
	accumulating []Accumulating
	// Undeclared names the stages that do not say what they read and write, such as
	// "rule.optimizer momentum"; none: all do.
	Undeclared []string
	// Uncounted names the stages that keep something beside the weights and do not count how
	// it changes.
	Uncounted []string
}

// NewAccounts returns the accounts of a rule's optimizer, and of its cache and its
// synapses unless these are nil.
func (r *Rule) NewAccounts(o Optimizer, m Memory, t Transmission) (a Accounts) {
	a.enter("rule.optimizer "+Optimizers.Name(r.Optimizer), o)
	if m != nil {
		a.enter("rule.cache "+Caches.Name(r.Cache), m)
	}
	if t != nil {
		a.enter("rule.synapse "+SynapseKinds.Name(r.Synapse), t)
	}
	return a
}

// enter adds a stage.
func (a *Accounts) enter(name string, stage any) {
	if s, ok := stage.(Accumulating); ok {
		a.accumulating = append(a.accumulating, s)
	} else if remembers(stage) {
		a.Uncounted = append(a.Uncounted, name)
	}
	if _, ok := stage.(Accumulator); ok {
		return // its traffic is that of its accumulation
	}
	if s, ok := stage.(Accounted); ok {
		a.stages = append(a.stages, s)
	} else {
		a.Undeclared = append(a.Undeclared, name)
	}
}

// remembers reports whether a stage keeps something of synapses that changes: by its traffic in a step
// that asks everything of it, or because it does not say.
func remembers(stage any) bool {
	if _, ok := stage.(Memory); ok {
		return true
	}
	s, ok := stage.(Accounted)
	return !ok || s.Traffic(Usage{Synapses: 1, Kept: 1, Update: Change{M0: 1, M1: 1, Stored: 1}}).Writes > 0
}

// Traffic returns the traffic of a layer in a step, that of stages which are Undeclared
// left out.
func (a *Accounts) Traffic(u Usage) (t Traffic) {
	for _, s := range a.stages {
		t.Add(s.Traffic(u))
	}
	return t
}

// Accumulated returns what a step changed of the state beside the weights of a layer.
func (a *Accounts) Accumulated(u Usage) (sum Accumulation) {
	for _, s := range a.accumulating {
		sum.Add(s.Accumulated(u))
	}
	return sum
}

// Bits returns how many bits of such state there are of a layer.
func (a *Accounts) Bits(layer int) (bits int64) {
	for _, s := range a.accumulating {
		bits += s.Bits(layer)
	}
	return bits
}
