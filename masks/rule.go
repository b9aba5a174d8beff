package masks

import "ergon/internal/schema"

// Rule is a learning rule, stage by stage, in the order of their work; Synapse
// comes before them all, in the forward pass.
type Rule struct {
	Gate      Gate          `key:"gate" doc:"whether a presentation updates at all"`
	Error     Error         `key:"error" doc:"which back-propagated errors are kept"`
	Mask      []MaskSpec    `key:"mask" doc:"which synapses may change; several masks intersect"`
	Clip      Clip          `key:"clip" doc:"how far a synapse may change in a step, after mask and learning rate"`
	Optimizer OptimizerSpec `key:"optimizer" doc:"how gradients become updates"`
	Cache     Cache         `key:"cache" doc:"how transient changes are consolidated"`
	Synapse   Synapse       `key:"synapse" doc:"what a synapse transmits in the forward pass"`
}

// Default is plain gradient descent: no gate, every error, every synapse, no clip.
func Default() Rule {
	return Rule{
		Gate: NoGate{}, Error: FullError{}, Mask: []MaskSpec{&Full{}},
		Clip: NoClip{}, Optimizer: &SGD{LearningRate: 0.1}, Cache: NoCache{},
		Synapse: Deterministic{},
	}
}

// Limits checks gate, error filter and clip against the network, and returns the clip's limits.
func (r *Rule) Limits(net Network) (Limits, error) {
	if err := r.Gate.Check(net); err != nil {
		return Limits{}, schema.Under("rule.gate", err)
	}
	if err := r.Error.Check(net); err != nil {
		return Limits{}, schema.Under("rule.error", err)
	}
	limits, err := r.Clip.Limits(net)
	return limits, schema.Under("rule.clip", err)
}

// Gate decides whether a presentation changes synapses. A kind registers itself in Gates.
type Gate interface {
	// Check reports a network for which the gate makes no sense.
	Check(net Network) error
	// Always says that every presentation does: Opens need not be asked.
	Always() bool
	// Opens says whether a presentation with this output [O] and target [O] does.
	Opens(output, target []float32) bool
}

// Error decides which errors of hidden units are sent back. A kind registers itself in Errors.
type Error interface {
	// Check reports a network for which the filter makes no sense.
	Check(net Network) error
	// KeepsAll says that all are: Filter need not be called.
	KeepsAll() bool
	// Filter sets to zero those errors ∂loss/∂z [B,units] of a hidden layer
	// that are not, in place.
	Filter(errors []float32, units int)
}

// The stages of a rule and the kinds each accepts.
var (
	Gates      = schema.NewUnion[Gate]("kind", "gate")
	Errors     = schema.NewUnion[Error]("kind", "error")
	Masks      = schema.NewUnion[MaskSpec]("kind", "mask")
	Clips      = schema.NewUnion[Clip]("kind", "clip")
	Optimizers = schema.NewUnion[OptimizerSpec]("kind", "optimizer")
	Caches     = schema.NewUnion[Cache]("kind", "cache")
)

// NoGate updates on every presentation.
type NoGate struct{}

// FullError keeps every back-propagated error.
type FullError struct{}

var (
	_ Gate  = NoGate{}
	_ Error = FullError{}
)

// Check implements Gate.
func (NoGate) Check(Network) error { return nil }

// Always implements Gate.
func (NoGate) Always() bool { return true }

// Opens implements Gate.
func (NoGate) Opens(_, _ []float32) bool { return true }

// Check implements Error.
func (FullError) Check(Network) error { return nil }

// KeepsAll implements Error.
func (FullError) KeepsAll() bool { return true }

// Filter implements Error.
func (FullError) Filter([]float32, int) {}

func init() {
	Gates.Register("none", schema.Doc{Summary: "update on every presentation"}, func() Gate { return NoGate{} })
	Errors.Register("full", schema.Doc{Summary: "keep every back-propagated error"}, func() Error { return FullError{} })
}
