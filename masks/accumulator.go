package masks

// Accumulator is the Memory of a cache whose changes the network does not see before they
// are written: a step adds its update to accumulators, in place of the weights, and
// Consolidate then writes weights from them. M0 and M1 of a step are what it wrote; the
// update itself is counted as an Accumulation.
//
// Such a memory has no transient part of its weights: Permanent returns the weights
// themselves, and Transient and Decayed of its consolidations are 0.
type Accumulator interface {
	Memory
	Accumulating
	// Accumulators returns what the update is added to in place of the weights, array by
	// array; nil: the weights themselves, since the settings accumulate nothing.
	Accumulators() [][]float32
}

// Accumulating is the Memory of a cache, an Optimizer or a Transmission that keeps state beside the
// weights and counts its changes.
//
// Offered by every built-in kind with a memory; without it what changes beside the weights of a run is
// not known.
type Accumulating interface {
	// Accumulated returns what the step just made changed of the state beside the weights
	// of a layer.
	Accumulated(u Usage) Accumulation
	// Bits returns how many bits of such state it keeps of a layer.
	Bits(layer int) int64
}

// FactorLearner is an Accumulator that learns from the presentations of a step, from the activity
// before each synapse and the error behind it, and not from the rule's update: Learn replaces the
// update. Its Accumulators are what it keeps of the presentations, whatever their sizes.
//
// Offered by low_rank.
type FactorLearner interface {
	Accumulator
	// Learn takes the presentations of a step. factor is that of the optimizer, Δw = factor·g.
	// It fails if the step lacks activities or errors.
	Learn(step *Step, factor float32) error
}

// GradientFormer is a Memory whose rule has gradients of its own: those of factors that were rounded.
//
// Offered by mixed_precision.
type GradientFormer interface {
	Memory
	// FormsGradients reports whether it does, with its settings.
	FormsGradients() bool
	// FormGradients points the Gradient of each array at what the masks and the optimizer of the
	// step are to see. It fails if the step lacks activities or errors.
	FormGradients(step *Step) error
}

// Seeded is the Memory of a cache that draws random numbers.
type Seeded interface {
	Memory
	// Seed chooses the streams of random numbers. It is called once, before Start.
	Seed(seed uint64)
}

// Accumulation counts what a step changed of the state that a rule keeps beside the weights
// of a layer: accumulators, transient parts, tags, moments. None of it is in M0 or M1, but for
// transient parts that the network sees: changes of these are in both.
type Accumulation struct {
	Updates int64   // numbers that were changed, once for each change
	Amount  float64 // Σ|Δχ| of those that are in units of the weights
	// Reads and Writes are the traffic of that state, in numbers of 32 bits, where it is
	// not in the Traffic of the kind.
	Reads, Writes int64
}

// Add adds another accumulation's counts.
func (a *Accumulation) Add(b Accumulation) {
	a.Updates += b.Updates
	a.Amount += b.Amount
	a.Reads += b.Reads
	a.Writes += b.Writes
}

// TargetOf returns what a step adds the update of an array to: accumulators, if the memory
// has some, or else the weights.
func TargetOf(m Memory, s *Synapses) []float32 {
	if a, ok := m.(Accumulator); ok {
		if accumulators := a.Accumulators(); accumulators != nil {
			return accumulators[s.Index]
		}
	}
	return s.Weights
}

// Written returns what a step changed of the weights of a layer: the update, or, if a
// memory accumulates that, what it wrote.
func Written(m Memory, layer int, update Change) Change {
	if a, ok := m.(Accumulator); ok && a.Accumulators() != nil {
		c := m.Consolidations()[layer]
		return Change{M0: c.M0, M1: c.M1, Stored: c.Stored}
	}
	return update
}

// FormerOf returns the memory if it forms the gradients of its rule, or else nil.
func FormerOf(m Memory) GradientFormer {
	if f, ok := m.(GradientFormer); ok && f.FormsGradients() {
		return f
	}
	return nil
}

// WordBits is the size of a float32 of a rule's memory.
const WordBits = 32

// BitsOf returns the bits of so many float32 for each synapse of a layer.
func BitsOf(all []*Synapses, layer, words int) (bits int64) {
	for _, s := range all {
		if s.Layer == layer {
			bits += int64(words) * WordBits * int64(s.Size())
		}
	}
	return bits
}
