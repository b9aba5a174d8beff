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
	New(net Network, optimizer OptimizerSpec, seed uint64, pool *parallel.Pool) (Transmission, error)
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
func (Deterministic) New(Network, OptimizerSpec, uint64, *parallel.Pool) (Transmission, error) {
	return nil, nil
}

// NewTransmission makes what the rule's synapses transmit with; nil if that is their weights.
func (r *Rule) NewTransmission(net Network, seed uint64, pool *parallel.Pool) (Transmission, error) {
	t, err := r.Synapse.New(net, r.Optimizer, seed, pool)
	return t, schema.Under("rule.synapse", err)
}
