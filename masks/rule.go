package masks

import "ergon/internal/schema"

// Rule is a learning rule, stage by stage, in the order of their work.
type Rule struct {
	Gate      Gate          `key:"gate" doc:"whether a presentation updates at all"`
	Error     Error         `key:"error" doc:"which back-propagated errors are kept"`
	Mask      []MaskSpec    `key:"mask" doc:"which synapses may change; several masks intersect"`
	Clip      Clip          `key:"clip" doc:"how far a synapse may change in a step, after mask and learning rate"`
	Optimizer OptimizerSpec `key:"optimizer" doc:"how gradients become updates"`
	Cache     Cache         `key:"cache" doc:"how transient changes are consolidated"`
}

// Default is plain gradient descent: no gate, every error, every synapse, no clip.
func Default() Rule {
	return Rule{
		Gate: NoGate{}, Error: FullError{}, Mask: []MaskSpec{&Full{}},
		Clip: NoClip{}, Optimizer: &SGD{LearningRate: 0.1}, Cache: NoCache{},
	}
}

// Gate decides whether a presentation changes synapses. A kind registers itself in Gates.
type Gate interface {
	// Always says that every presentation does: Opens need not be asked.
	Always() bool
	// Opens says whether a presentation with this output [O] and target [O] does.
	Opens(output, target []float32) bool
}

// Error decides which errors of hidden units are sent back. A kind registers itself in Errors.
type Error interface {
	// KeepsAll says that all are: Filter need not be called.
	KeepsAll() bool
	// Filter sets to zero those errors ∂loss/∂z [B,units] of a hidden layer
	// that are not, in place.
	Filter(errors []float32, units int)
}

// Cache decides when a transient change becomes permanent. So far at once.
type Cache interface{ cache() }

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

// NoCache makes every change permanent at once.
type NoCache struct{}

var (
	_ Gate  = NoGate{}
	_ Error = FullError{}
	_ Cache = NoCache{}
)

// Always implements Gate.
func (NoGate) Always() bool { return true }

// Opens implements Gate.
func (NoGate) Opens(_, _ []float32) bool { return true }

// KeepsAll implements Error.
func (FullError) KeepsAll() bool { return true }

// Filter implements Error.
func (FullError) Filter([]float32, int) {}

func (NoCache) cache() {}

func init() {
	Gates.Register("none", schema.Doc{Summary: "update on every presentation"}, func() Gate { return NoGate{} })
	Errors.Register("full", schema.Doc{Summary: "keep every back-propagated error"}, func() Error { return FullError{} })
	Caches.Register("none", schema.Doc{Summary: "every change is permanent at once"}, func() Cache { return NoCache{} })
}
