package graph

import (
	"errors"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/engine"
	"ergon/graph/op"
	"ergon/graph/ops"
	"ergon/internal/philox"
)

// Generative is a Model of the distribution of its inputs, a Boltzmann machine. It learns
// from what distinguishes presentations from states of its own. Build is not for it.
type Generative interface {
	Model
	// Start sets what depends on the data: visible biases and offsets, given the means of
	// the inputs over the training set.
	Start(mean []float32)
	// Negative says where the states come from.
	Negative() Negative
	// BuildContrast builds the graph that it learns in, for batch presentations and so many
	// chains, if it has any. The loss is the mean free energy of presentations less that of
	// the model, whose gradient is that of the negative log-likelihood.
	BuildContrast(batch, chains int, dtype tensor.Dtype) (*Expression, error)
	// BuildReflection builds the graph that looks at so many examples.
	BuildReflection(batch int, dtype tensor.Dtype) (*ReflectionExpression, error)
}

// Sampled is a Generative model that samples itself, in chains of states of its visible
// units.
type Sampled interface {
	Generative
	// BuildSweep builds a sweep of block Gibbs sampling, for so many chains, with the free
	// energies that are asked for.
	BuildSweep(chains int, dtype tensor.Dtype, draws *Draws, measured Measured) (*SweepExpression, error)
}

// Centred is a Generative model that may learn by centred gradients.
type Centred interface {
	Generative
	// Offsets returns the offsets of visible and hidden units, the model's own; nil: it is
	// not centred. Recentre moves them towards the batch that a program has run.
	Offsets() (visible, hidden []float32)
	Recentre(p *Program)
}

// Exact is a Generative model that sums over all its states. Its inputs are 0 or 1.
type Exact interface {
	Generative
	// LnZ returns ln Σ e^-E over all states, in float64.
	LnZ() float64
}

// GenerativeSpec is a Spec of Generative models.
type GenerativeSpec interface {
	Spec
	Generates()
}

// Negative says where the states come from that a Boltzmann machine compares presentations
// with.
type Negative string

// The ways.
const (
	Persistent  Negative = "pcd"   // chains that go on from step to step
	Contrastive Negative = "cd"    // chains that begin at the presentations of the step
	Restarted   Negative = "rdm"   // chains that begin at random in every step
	Enumerated  Negative = "exact" // all states, with their probabilities
)

// Draws says which random numbers a sampling node takes: those of this step of the stream.
// Whoever runs the graph sets Step.
type Draws struct {
	Visible, Hidden philox.Stream
	Step            uint64
}

// SweepExpression is the graph of a sweep: hidden units given the visible ones, then visible
// units given these.
type SweepExpression struct {
	Graph   *G.ExprGraph
	Visible *G.Node // [C,V] before the sweep
	Arrays

	Hidden, Sampled *G.Node // [C,H] and, after the sweep, [C,V]
	Before, After   *G.Node // [C] free energies of Visible and of Sampled; nil: not measured
}

// Measured says which free energies a sweep computes.
type Measured int

// The choices. Those of the states that a sweep begins at cost no product of matrices.
const (
	Unmeasured Measured = iota
	MeasuredBefore
	MeasuredBoth
)

// ReflectionExpression is the graph of what a machine makes of examples.
type ReflectionExpression struct {
	Graph *G.ExprGraph
	X     *G.Node // [B,V]
	Arrays
	Fields       *G.Node // [B,H] of the hidden units; nil: these feel each other, and fields are not given by X
	FreeEnergies *G.Node // [B]
	Reflected    *G.Node // [B,V] means of the visible units, given means of the hidden ones
	// PseudoLikelihoods are Σ ln p(v_i | all others) [B]; nil: they are not in the graph.
	PseudoLikelihoods *G.Node
}

// CompileContrast compiles the graph that a Boltzmann machine learns in. The program's
// chains are the given ones [C,V]; none if it sums over all states by itself.
func CompileContrast(m Generative, e engine.Engine, batch int, chains []float32) (*Program, error) {
	building.Lock()
	defer building.Unlock()
	expression, err := m.BuildContrast(batch, len(chains)/m.InputWidth(), tensor.Float32)
	if err != nil {
		return nil, err
	}
	d := &differentiated{Expression: expression}
	if err := d.differentiate(); err != nil {
		return nil, err
	}
	p := &Program{Batch: batch, rows: d.FreeEnergies.Shape().TotalSize(), differentiated: d, images: d.findImages(), live: make([]*ops.LiveUnits, len(d.errors))}
	bound := []error{p.bind(m)}
	if p.Chains != nil {
		bound = append(bound, let(p.Chains, chains))
	}
	if centred, ok := m.(Centred); ok && p.VisibleOffset != nil {
		visible, hidden := centred.Offsets()
		bound = append(bound, let(p.VisibleOffset, visible), let(p.HiddenOffset, hidden))
	}
	if err := errors.Join(bound...); err != nil {
		return nil, err
	}
	if p.machine, err = e.Machine(p.Graph); err != nil {
		return nil, err
	}
	p.defers(p.machine)
	return p, nil
}

// Rows returns how many rows the matrices of a program have, those of presentations first:
// a Boltzmann machine's own states are rows, too.
func (p *Program) Rows() int {
	return max(p.rows, p.Batch)
}

// Presented returns how many of the rows are presentations or samples. States that are
// enumerated are neither: nothing but a computer goes through them.
func (p *Program) Presented() int {
	if p.Enumerated {
		return p.Batch
	}
	return p.Rows()
}

// FreeEnergy returns the free energies of presentations and states in the last Run, in nats.
func (p *Program) FreeEnergy() []float32 { return op.Float32s(p.FreeEnergies.Value()) }

// Sweep is a sweep of block Gibbs sampling, compiled for an engine. It serves one goroutine.
type Sweep struct {
	*SweepExpression
	machine G.VM
	chains  []float32
}

// CompileSweep compiles a sweep of the given chains [C,V].
func CompileSweep(m Sampled, e engine.Engine, chains []float32, draws *Draws, measured Measured) (*Sweep, error) {
	building.Lock()
	defer building.Unlock()
	expression, err := m.BuildSweep(len(chains)/m.InputWidth(), tensor.Float32, draws, measured)
	if err != nil {
		return nil, err
	}
	s := &Sweep{SweepExpression: expression, chains: chains}
	if err := errors.Join(let(s.Visible, chains), s.bind(m.Layers())); err != nil {
		return nil, err
	}
	s.machine, err = e.Machine(s.Graph)
	return s, err
}

// Run makes the sweep, from the chains as they are; Sampled is then the state to go on with.
func (s *Sweep) Run() error {
	s.machine.Reset()
	return s.machine.RunAll()
}

// Advance makes the states that were sampled those of the chains.
func (s *Sweep) Advance() { copy(s.chains, op.Float32s(s.Sampled.Value())) }

// Reflection is what a machine makes of examples, compiled for an engine: fill X, Run, read.
// It serves one goroutine.
type Reflection struct {
	Batch   int
	X       []float32 // [B,V]
	nodes   *ReflectionExpression
	machine G.VM
}

// CompileReflection compiles the look at so many examples.
func CompileReflection(m Generative, e engine.Engine, batch int) (*Reflection, error) {
	building.Lock()
	defer building.Unlock()
	nodes, err := m.BuildReflection(batch, tensor.Float32)
	if err != nil {
		return nil, err
	}
	r := &Reflection{Batch: batch, X: make([]float32, batch*m.InputWidth()), nodes: nodes}
	if err := errors.Join(let(nodes.X, r.X), nodes.bind(m.Layers())); err != nil {
		return nil, err
	}
	r.machine, err = e.Machine(nodes.Graph)
	return r, err
}

// Run looks at the examples in X.
func (r *Reflection) Run() error {
	r.machine.Reset()
	return r.machine.RunAll()
}

// Fields returns the fields [B,H] of the hidden units in the last Run; nil if these feel each
// other.
func (r *Reflection) Fields() []float32 {
	if r.nodes.Fields == nil {
		return nil
	}
	return op.Float32s(r.nodes.Fields.Value())
}

// PseudoLikelihoods returns Σ ln p(v_i | all others) [B] of the examples in the last Run, in
// nats; nil if the graph does not tell.
func (r *Reflection) PseudoLikelihoods() []float32 {
	if r.nodes.PseudoLikelihoods == nil {
		return nil
	}
	return op.Float32s(r.nodes.PseudoLikelihoods.Value())
}

// FreeEnergies returns F [B] of the examples in the last Run, in nats.
func (r *Reflection) FreeEnergies() []float32 { return op.Float32s(r.nodes.FreeEnergies.Value()) }

// Reflected returns [B,V] what the machine makes of the examples.
func (r *Reflection) Reflected() []float32 { return op.Float32s(r.nodes.Reflected.Value()) }
