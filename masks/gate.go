package masks

import "ergon/internal/schema"

// Gate decides whether a presentation changes synapses. A kind registers itself in Gates.
type Gate interface {
	// Check returns an error if the gate makes no sense for the network.
	Check(net Network) error
	// Always reports whether every presentation changes synapses: Opens need not be called.
	Always() bool
	// Opens reports whether a presentation with this output [O] and target [O]
	// changes synapses.
	Opens(output, target []float32) bool
}

// NoGate updates on every presentation.
type NoGate struct{}

var (
	_ Gate  = NoGate{}
	_ Local = NoGate{}
)

func init() {
	Gates.Register("none", schema.Doc{Summary: "update on every presentation"}, func() Gate { return NoGate{} })
}

// Check implements Gate.
func (NoGate) Check(Network) error { return nil }

// Always implements Gate.
func (NoGate) Always() bool { return true }

// Opens implements Gate.
func (NoGate) Opens(_, _ []float32) bool { return true }

// Locality implements Local.
func (NoGate) Locality() (Locality, error) { return Alone, nil }
