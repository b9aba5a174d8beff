package masks

import (
	"ergon/internal/parallel"
	"ergon/internal/schema"
)

// Synapse says what a synapse transmits in the forward pass. A kind registers itself
// in SynapseKinds.
type Synapse interface {
	// New makes the transmission of a network's synapses. Its parameters besides
	// the weights are learned by an optimizer of the same spec. It returns nil if
	// each synapse transmits its weight.
	New(net Network, optimizer OptimizerSpec, seed uint64, pool *parallel.Pool) (Transmission, error)
}

// Transmission computes what synapses transmit instead of their weights. Between
// Transmit and Restore the network's weights hold what is transmitted; at all other
// times they hold what is learned.
type Transmission interface {
	// Transmit replaces weights, array by array, by what is transmitted in a step.
	Transmit(weights [][]float32, step uint64)
	// TransmitTest is Transmit for evaluations. Its random numbers are
	// independent of those of training.
	TransmitTest(weights [][]float32, number uint64)
	// Restore puts back the weights that Transmit replaced.
	Restore(weights [][]float32)
	// Begin opens the update of a step. It points the Gradient of each array at the
	// gradient of the objective, penalties included, and does not modify the
	// gradients it was given.
	Begin(all []*Synapses)
	// Learn updates the parameters besides the weights, for the synapses kept of
	// chunk lo … hi-1 of an array, or for all of it. Calls for different chunks may
	// be concurrent.
	Learn(array, lo, hi int, kept []int32, all bool)
	// End closes the update.
	End()
	// Deviations returns the standard deviation of what each synapse transmits,
	// array by array, in units of the weights. The slices are valid until the next
	// step and must not be modified.
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

// NewTransmission makes the transmission of the rule's synapses; nil if they transmit
// their weights.
func (r *Rule) NewTransmission(net Network, seed uint64, pool *parallel.Pool) (Transmission, error) {
	t, err := r.Synapse.New(net, r.Optimizer, seed, pool)
	return t, schema.Under("rule.synapse", err)
}
