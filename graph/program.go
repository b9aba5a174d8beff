package graph

import (
	"errors"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/graph/engine"
	"ergon/graph/op"
	"ergon/graph/ops"
)

// Program is a model's graph for one batch size, compiled for an engine. Fill
// X and Target, Run, and read the results; they are valid until the next Run.
// Programs of the same model share its weights. A Program serves one goroutine.
type Program struct {
	Batch   int
	X       []float32 // [B,InputWidth]; columns beyond the data's are preset to 1
	Target  []float32 // [B,O]; nil: nothing is a target
	rows    int       // of a Boltzmann machine's matrices; 0: Batch
	machine G.VM
	images  []images         // that each layer's kernels move over; nil: no layer is a convolution
	live    []*ops.LiveUnits // of each layer; nil where its errors cannot be limited

	averages []average // that a batch moves
	*differentiated
}

// Compile builds a model's graph for a batch size and compiles it, without a
// backward pass: for looking.
func Compile(m Model, e engine.Engine, batch int) (*Program, error) {
	return compile(m, e, batch, Backward{}, false)
}

// CompileTraining is Compile with a backward pass, which the rule limits.
func CompileTraining(m Model, e engine.Engine, batch int, rule Backward) (*Program, error) {
	return compile(m, e, batch, rule, true)
}

func compile(m Model, e engine.Engine, batch int, rule Backward, training bool) (*Program, error) {
	building.Lock()
	defer building.Unlock()
	d, err := build(m, batch, rule, training)
	if err != nil {
		return nil, err
	}
	p := &Program{Batch: batch, differentiated: d, images: d.findImages()}
	if err := p.bind(m); err != nil {
		return nil, err
	}
	if p.machine, err = e.Machine(p.Graph); err != nil {
		return nil, err
	}
	p.defers(p.machine)
	p.live = p.findLive()
	return p, nil
}

// bind gives every input of the graph its storage. The tensors are this
// program's own (Gorgonia transposes shared ones in place); what they point at
// is the model's.
func (p *Program) bind(m Model) error {
	p.X = make([]float32, p.Expression.X.Shape().TotalSize())
	for i := range p.X {
		p.X[i] = 1
	}
	bound := []error{let(p.Expression.X, p.X)}
	if p.Y != nil {
		p.Target = make([]float32, p.Y.Shape().TotalSize())
		bound = append(bound, let(p.Y, p.Target))
	}
	bound = append(bound, p.Arrays.bind(m.Layers()))
	for l, layer := range m.Layers() {
		if p.Moments != nil && p.Moments[l] != nil && op.FormulaOf(p.Moments[l]) == nil {
			bound = append(bound, let(p.Moments[l], layer.Averages))
		}
	}
	p.averages = p.findAverages(m)
	return errors.Join(bound...)
}

func let(n *G.Node, data []float32) error { return G.Let(n, op.Float32Value(data, n.Shape())) }

// Run computes the loss, the activities and, in a training program, the errors
// and gradients. It fails where hidden units do not come to rest and the model calls
// that an error. It does not fail where the loss is not finite: the caller sees that.
func (p *Program) Run() error {
	p.machine.Reset()
	if err := p.machine.RunAll(); err != nil {
		return err
	}
	if err := p.Relaxation.err(); err != nil && !math.IsNaN(p.LossValue()) && !math.IsInf(p.LossValue(), 0) {
		return err
	}
	return nil
}

// Open returns how many presentations of the last Run the gate let through.
// Where it is 0, errors are those of an earlier Run or zero, gradients mean nothing,
// and nothing is to be learned.
func (p *Program) Open() int {
	if p.Expression.Open == nil {
		return p.Batch
	}
	open := 0
	for _, o := range op.Float32s(p.Expression.Open.Value()) {
		open += int(o)
	}
	return open
}

// IsOpen says whether the gate let presentation b of the last Run through.
func (p *Program) IsOpen(b int) bool {
	return p.Expression.Open == nil || op.Float32s(p.Expression.Open.Value())[b] != 0
}

// Close releases the machine.
func (p *Program) Close() error { return p.machine.Close() }

// LossValue returns the loss of the last Run, the mean over the batch.
func (p *Program) LossValue() float64 { return float64(op.Float32s(p.Loss.Value())[0]) }

// Layers returns the number of layers of synapses.
func (p *Program) Layers() int { return len(p.W) }

// Presynaptic returns the inputs [B·Rows,In] of layer l: X, the activity below or, for a
// convolution, the patches that its kernels see. Patches that Run has left out are laid
// out here, by all workers.
func (p *Program) Presynaptic(l int) []float32 {
	if p.Inputs != nil && p.Inputs[l] != p.Expression.X {
		if p.implicit != nil && p.implicit[l] != nil {
			p.implicit[l].Materialize()
		}
		return op.Float32s(p.Inputs[l].Value())
	}
	if l == 0 {
		return p.X
	}
	return p.Postsynaptic(l - 1)
}

// Postsynaptic returns the activity [B·Rows,Out] of the units of layer l.
func (p *Program) Postsynaptic(l int) []float32 { return op.Float32s(p.Activity[l].Value()) }

// Output returns the activity [B,O] of the last layer.
func (p *Program) Output() []float32 { return p.Postsynaptic(p.Layers() - 1) }

// HasErrors says whether Error can be asked for every layer: in a training
// program whose layers each use their weights once.
func (p *Program) HasErrors() bool {
	return len(p.errors) == p.Layers() && !slices.Contains(p.errors, nil)
}

// Error returns the error ∂loss/∂z [B·Rows,Out] of the summed inputs z of layer l.
func (p *Program) Error(l int) []float32 { return op.Float32s(p.errors[l].Value()) }

// Parameters returns each parameter with its gradient for a gorgonia.Solver:
// for each layer the weights and, if the layer has them, the biases. It is
// empty unless the program is for training.
func (p *Program) Parameters() []G.ValueGrad { return p.parameters }
