package masks

import (
	"ergon/internal/parallel"
	"ergon/internal/schema"
)

// Synapse says what a synapse transmits. A kind registers itself in SynapseKinds.
type Synapse interface {
	// New makes the transmission of a network's synapses, whose parameters
	// besides the weights are learned by optimizers like that of the weights;
	// nil transmits each weight as it is.
	New(all []*Synapses, optimizer OptimizerSpec, seed uint64, pool *parallel.Pool) (Transmission, error)
}

// Transmission is what a network's synapses do that transmit something else
// than their weights. Between Transmit and Restore the weights of the network
// are what is transmitted; at all other times they are what is learned.
type Transmission interface {
	// Transmit replaces weights, array by array, by what is transmitted in a step.
	Transmit(weights [][]float32, step uint64)
	// TransmitTest is Transmit outside of training. No number of it is a step's.
	TransmitTest(weights [][]float32, number uint64)
	// Restore puts back the weights of before.
	Restore(weights [][]float32)
	// Begin opens an update by a step's gradients. It points all's gradients at
	// those of the objective, and leaves alone the gradients it was given.
	Begin(all []*Synapses)
	// Learn updates what there is to learn besides the weights of the synapses
	// kept, or all, of a chunk lo … hi-1 of an array. Calls for different
	// chunks may be concurrent.
	Learn(array, lo, hi int, kept []int32, all bool)
	// End closes the update.
	End()
	// Deviations returns the standard deviation of what each synapse transmits,
	// array by array. They are the transmission's own, to be read between steps.
	Deviations() [][]float32
}

// SynapseKinds are the kinds that rule.synapse accepts.
var SynapseKinds = schema.NewUnion[Synapse]("kind", "synapse")

// Deterministic synapses transmit their weights.
type Deterministic struct{}

var _ Synapse = Deterministic{}

func init() {
	SynapseKinds.Register("deterministic", schema.Doc{Summary: "a synapse transmits its weight"}, func() Synapse { return Deterministic{} })
}

// New implements Synapse.
func (Deterministic) New([]*Synapses, OptimizerSpec, uint64, *parallel.Pool) (Transmission, error) {
	return nil, nil
}

// Transmit replaces weights, array by array, by what the synapses transmit in
// the coming step. Restore must follow, before Step.
func (u *Updater) Transmit(weights [][]float32) {
	if u.transmission != nil {
		u.transmission.Transmit(weights, u.step)
	}
}

// Transmission returns what the synapses do besides transmitting their weights,
// or nil if that is nothing.
func (u *Updater) Transmission() Transmission { return u.transmission }

// Restore puts back the weights that Transmit has replaced.
func (u *Updater) Restore(weights [][]float32) {
	if u.transmission != nil {
		u.transmission.Restore(weights)
	}
}

// transmission makes what the rule's synapses transmit with.
func (r *Rule) transmission(all []*Synapses, seed uint64, pool *parallel.Pool) (Transmission, error) {
	t, err := r.Synapse.New(all, r.Optimizer, seed, pool)
	if _, random := r.Optimizer.New(nil).(randomOptimizer); random && t != nil && err == nil {
		err = schema.Fieldf("kind", "learns by rule.optimizer, whose noise %s is meant for weights; take deterministic", Optimizers.Name(r.Optimizer))
	}
	return t, schema.Under("rule.synapse", err)
}

// learn lets the synapses of an array learn that a mask, written out, keeps.
func learn(t Transmission, array int, mask []bool) {
	for lo := 0; lo < len(mask); lo += ChunkSize {
		hi, kept := min(lo+ChunkSize, len(mask)), []int32(nil)
		for i := lo; i < hi; i++ {
			if mask[i] {
				kept = append(kept, int32(i))
			}
		}
		t.Learn(array, lo, hi, kept, false)
	}
}
