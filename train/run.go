// Package train runs a config: the loop that presents, back-propagates, updates and
// keeps the ledger. Hooks look on, and may end a run. Package rundir is what a run
// leaves, measure what is estimated of it besides the ledger.
package train

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ergon/configs"
	"ergon/datasets"
	"ergon/energy"
	"ergon/energy/meter"
	"ergon/graph"
	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/graph/engine"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/device"
	"ergon/masks/rules/stochastic"
	"ergon/train/measure"
)

// Run is a run in progress. Hooks may read it; only the loop changes it.
type Run struct {
	Config *configs.Config
	Data   *datasets.Data
	Model  graph.Model
	Engine engine.Engine
	Ledger *energy.Ledger

	Steps     int       // steps made
	Samples   int       // presentations made
	Updates   int       // steps in which a synapse changed
	OpenSteps int       // steps in which the gate let a presentation through
	Loss      float64   // of the last step, mean over its batch
	Started   time.Time // when Train began

	sampler   *datasets.Sampler
	updater   *cpu.Updater
	bits      func(layer int) int64  // of what the updater keeps beside the weights
	programs  map[int]*graph.Program // by batch size
	evaluator *evaluator             // of the test set
	validator *evaluator             // of what is held out; nil: nothing is
	gatherer  *gatherer
	observer  *measure.Observer
	gradients *measure.Gradients // not sampled on a GPU
	synapses  *measure.Synapses  // nil unless they are stochastic
	work      measure.Work       // of the steps on the host
	invariant *invariant         // nil unless some layers are normalised
	free      *freeEnergy        // nil unless free_energy.window is set
	activity  *measure.Activity  // of the last evaluation on the host
	answers   *measure.Answers   // of the last evaluation, none if it was on a GPU; nil: nothing has labels
	boltzmann *machine           // nil unless the model is a Boltzmann machine
	relaxed   graph.Rest         // of training steps, but for what the programs have counted since
	learnedBy learnedBy          // by which way, the weights of each layer
	fetch     func() error       // brings home what a GPU holds; nil: it holds nothing
	prices    []*energy.Table    // as they were when the run was made
	meter     *meter.Meter
	traffic   []masks.Traffic // of each layer in each step on a GPU, of the rule's memory; nil: not known
	power     float64         // mean squared length of an input of the training set; 0: the rule does not ask
	weights   [][]float32     // the model's own, array by array
	initial   [][]float32     // weights at the start, array by array
	lastBatch int             // presentations of the last step
	labels    []int32         // of the last step's presentations
	ahead     []int32         // examples of runAhead
	presented masks.Presentation
	updated   bool      // a synapse changed in the last step
	from      *Saved    // where it goes on; nil: it begins
	unlearned unlearned // losses that the rule has not seen
	lossSum   float64   // Σ loss over presentations since the last evaluation
	lossCount int
}

// New loads the data and builds network, engine and rule. Close the run when done.
func New(config *configs.Config) (*Run, error) {
	e, err := config.Engine.Open()
	if err != nil {
		return nil, schema.Under("engine", err)
	}
	r, err := NewOn(e, config)
	if err != nil {
		e.Close()
	}
	return r, err
}

// NewOn is New on an open engine, which several runs may share. To close one of the
// runs closes the engine.
func NewOn(e engine.Engine, config *configs.Config) (*Run, error) {
	data, err := config.Data.Load(config.Seed)
	if err != nil {
		return nil, schema.Under("data", err)
	}
	if data.Classes == 0 && config.Train.StopAt > 0 {
		return nil, schema.Under("train", schema.Fieldf("stop_at", "is an accuracy, and real-valued targets have none; set 0"))
	}
	if data.Classes == 0 && config.Train.Sustained() {
		return nil, schema.Under("train", schema.Fieldf("crossing", "sustained is a mean of accuracies, and real-valued targets have none; set first"))
	}
	model, err := graph.NewModel(config.Model, data.Shape, data.Train.Outputs(), config.Seed)
	if err != nil {
		return nil, schema.Under("model", err)
	}
	if err := checkConvolutions(config, model, e, data.Train.Len()); err != nil {
		return nil, err
	}
	if err := checkGenerative(config, model, e); err != nil {
		return nil, err
	}
	r := &Run{
		Config: config, Data: data, Model: model, Engine: e,
		programs: map[int]*graph.Program{}, weights: arrays(model),
	}
	return r, r.prepare()
}

// prepare builds what depends on model and engine.
func (r *Run) prepare() (err error) {
	c := r.Config
	if r.sampler, err = datasets.NewSampler(c.Train.Sampling, r.Data.Train.Len(), c.Train.Batch, c.Seed); err != nil {
		return err
	}
	if err := r.checkLastStep(); err != nil {
		return err
	}
	var accounts []energy.Layer
	for _, l := range r.Model.Layers() {
		accounts = append(accounts, energy.Layer{Name: l.Name, In: l.In, Out: l.Out, Parameters: l.Parameters(), Positions: l.Positions, Fixed: l.Fixed, Tied: l.Tied, Triangular: l.Triangular})
	}
	if c.Rule.UsesInputPower() {
		r.power = inputPower(r.Data.Train)
	}
	if r.updater, err = cpu.NewUpdater(c.Rule, r.network(), c.Seed, r.Engine.Pool()); err != nil {
		return err
	}
	r.bits = r.updater.AccumulatorBits
	r.Ledger = energy.NewLedger(accounts)
	r.accountMemory()
	r.forgetWork()
	r.Ledger.BinaryInput = isBinary(r.Data.Train) && !hiddenInputs(r.Model) && binarySamples(r.Model)
	if r.prices, err = energy.OpenTables(c.Energy.Prices); err != nil {
		return schema.Under("energy", err)
	}
	if r.meter, err = newMeter(r); err != nil {
		return err
	}
	if r.boltzmann, err = newMachine(r); err != nil {
		return err
	}
	if err = r.checkSigns(); err != nil {
		return err
	}
	r.updater.Attach(r.weights)
	r.updater.StartProjection()
	r.initial = snapshot(r.Model)
	r.invariant = newInvariant(r)
	r.activity, r.answers = measure.NewActivity(r.Model), measure.NewAnswers(r.Data.Classes)
	r.prepareGradients()
	if r.free, err = newFreeEnergy(r); err != nil {
		return err
	}
	if _, ok := engine.DeviceOf(r.Engine); ok {
		return device.Check(c.Rule, r.network(), c.Seed)
	}
	r.gatherer = newGatherer(r.Data.Train, r.Engine.Pool())
	r.observer = measure.NewObserver(r.Model.Layers(), r.Engine.Pool())
	r.prepareEstimators()
	return r.prepareEvaluators()
}

// accountMemory says in the ledger why the traffic of the rule's memory, or what changes of it, is not
// known, if it is not.
func (r *Run) accountMemory() {
	if names := r.updater.Uncounted(); len(names) > 0 {
		r.Ledger.ForgetAccumulate(fmt.Sprintf("changes of what %s remembers beside the weights are not known: the kind does not count them", strings.Join(names, " and ")))
	}
	if names := r.updater.Undeclared(); len(names) > 0 {
		r.Ledger.ForgetMemory(fmt.Sprintf("reads and writes of what %s remembers are not known: the kind does not say them", strings.Join(names, " and ")))
		return
	}
	if _, ok := engine.DeviceOf(r.Engine); !ok {
		return
	}
	var known bool
	if r.traffic, known = r.updater.SteadyTraffic(); !known {
		const reason = "reads and writes of what the rule remembers are not known: a GPU does not count the synapses that the masks keep; engine.device=cpu does"
		r.Ledger.ForgetMemory(reason)
		r.Ledger.ForgetAccumulate(reason)
	}
}

// prepareGradients makes the estimator of the gradients' noise.
func (r *Run) prepareGradients() {
	ahead := r.runAhead
	if r.updater.Transmission() != nil {
		ahead = nil // synapses do not transmit their weights
	}
	if isNormalized(r.Model) || r.boltzmann != nil {
		return // a presentation by itself has no gradient there
	}
	r.gradients = measure.NewGradients(r.Model, r.Config.Train.Batch, ahead)
}

// prepareEstimators makes the estimator that only some runs have.
func (r *Run) prepareEstimators() {
	if spec, ok := r.Config.Rule.Synapse.(*stochastic.Stochastic); ok {
		reliability := measure.Reliability{Rho: spec.Rho, Cost: spec.Cost, Homogeneous: spec.Homogeneous}
		r.synapses = measure.NewSynapses(reliability, r.Model, max(0, r.Limit()-spec.Average*r.sampler.StepsPerEpoch()))
	}
}

// hiddenInputs says whether hidden units are among those that the first layer of synapses
// comes from.
func hiddenInputs(m graph.Model) bool {
	first := m.Layers()[0]
	return first.Triangular && first.In > m.InputWidth()
}

// binarySamples says whether what a Boltzmann machine samples beside presentations is 0 or 1.
func binarySamples(m graph.Model) bool {
	restricted, ok := m.(*boltzmann.Model)
	return !ok || unit.Binary(restricted.Machine().VisibleUnits)
}

// isNormalized says whether a model normalises by the batch: the gradient is then of the
// batch as a whole, and not a mean over presentations.
func isNormalized(m graph.Model) bool {
	return slices.ContainsFunc(m.Layers(), (*graph.Layer).ScaleInvariant)
}

// runAhead runs the present weights on the n presentations after a step, and
// returns the program that did. It changes nothing of the run.
func (r *Run) runAhead(step, n int) (*graph.Program, error) {
	p, err := r.program(n)
	if err != nil {
		return nil, err
	}
	r.ahead = r.ahead[:0]
	for k := step + 1; len(r.ahead) < n; k++ {
		r.ahead = append(r.ahead, r.sampler.Batch(uint64(k))...)
	}
	r.Data.Train.Gather(r.ahead[:n], p.X, r.Model.InputWidth(), p.Target)
	return p, p.Run()
}

// network returns what the rule may know of the network.
func (r *Run) network() masks.Network {
	_, generative := r.Model.(graph.Generative)
	net := masks.Network{Classes: r.Data.Classes, InputPower: r.power, Generative: generative}
	for _, l := range r.Model.Layers() {
		net.Layers = append(net.Layers, masks.Layer{In: l.In, Out: l.Out, Bias: l.B != nil, Tied: l.Tied, Triangular: l.Triangular, Fixed: l.Fixed, ScaleInvariant: l.ScaleInvariant()})
	}
	net.Layers[0].Constant = r.Model.InputWidth() - r.Data.Train.Inputs()
	return net
}

// Close releases the engine.
func (r *Run) Close() { r.Engine.Close() }

// Epoch returns presentations made over training examples.
func (r *Run) Epoch() float64 { return float64(r.Samples) / float64(r.Data.Train.Len()) }

// program returns the training program for a batch size, compiled once.
func (r *Run) program(batch int) (*graph.Program, error) {
	if p := r.programs[batch]; p != nil {
		return p, nil
	}
	p, err := r.compile(batch)
	if err != nil {
		return nil, err
	}
	if !p.HasErrors() {
		return nil, errors.New("train: a model that uses weights more than once cannot be accounted for: its errors are not known layer by layer")
	}
	r.programs[batch] = p
	return p, nil
}

// compile compiles the training program for a batch size.
func (r *Run) compile(batch int) (*graph.Program, error) {
	if r.boltzmann != nil {
		return r.boltzmann.program(batch)
	}
	return graph.CompileTraining(r.Model, r.Engine, batch, r.backward())
}

// Minimal returns M0min and M1min of the weights as they are; of what is written of them, if an
// accumulator shows the network more than that.
func (r *Run) Minimal() (m energy.Minimal) {
	for i, present := range r.written() {
		m.Add(r.initial[i], present)
	}
	return m
}

// written returns the weights of which M0 and M1 are the changes, array by array.
func (r *Run) written() [][]float32 {
	if a, ok := r.updater.Memory().(masks.Accumulator); ok && a.Permanent() != nil {
		return a.Permanent()
	}
	return r.weights
}

// arrays lists a model's weights and biases.
func arrays(m graph.Model) (all [][]float32) {
	for _, l := range m.Layers() {
		if !l.Tied {
			all = append(all, l.W)
		}
		if l.B != nil {
			all = append(all, l.B)
		}
	}
	return all
}

// snapshot copies a model's weights and biases.
func snapshot(m graph.Model) (copies [][]float32) {
	for _, a := range arrays(m) {
		copies = append(copies, append([]float32(nil), a...))
	}
	return copies
}
