package train

import (
	"fmt"

	"ergon/energy"
	"ergon/graph"
	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/likelihood"
	"ergon/graph/op"
	"ergon/internal/philox"
	"ergon/internal/simd"
	"ergon/internal/state"
)

// machine is what a run of a Boltzmann machine has besides others': chains of samples, which
// presentations are compared with. A nil machine does nothing.
type machine struct {
	run        *Run
	mean       []float32 // of the training inputs [V]
	model      graph.Generative
	restricted *boltzmann.Model // the model; nil: it is none that can be sampled, but sums over all its states
	chains     []float32        // [C,V]
	gibbs      int              // sweeps in a step

	draws     graph.Draws
	restart   philox.Stream      // of chains that begin at random
	sweeps    map[int]*sweepPair // by number of chains
	sampling  energy.Sampling    // of the step in progress
	work      *chainWork         // on the chains
	witnesses *witnesses         // nil: there are none

	lnZ0             *likelihood.Estimate // of the initial weights; nil: nobody has asked yet
	test, validation *reflector           // validation is nil: nothing is held out
	frames           *frames              // nil: there are no chains
	portrait         *graph.Reflection    // of the chains that are shown
}

// sweepPair are a sweep that tells the free energies of the states it begins at, and one that
// does not.
type sweepPair struct{ measured, plain *graph.Sweep }

// newMachine makes the chains of a run whose model is a Boltzmann machine; nil if it is none.
func newMachine(r *Run) (*machine, error) {
	model, ok := r.Model.(graph.Generative)
	if !ok {
		return nil, nil
	}
	if err := checkInputs(r.Data, model); err != nil {
		return nil, err
	}
	m := &machine{
		run: r, model: model, gibbs: max(1, r.Config.Train.Gibbs), sweeps: map[int]*sweepPair{},
		draws:   graph.Draws{Visible: philox.New(r.Config.Seed, "gibbs/visible"), Hidden: philox.New(r.Config.Seed, "gibbs/hidden")},
		restart: philox.New(r.Config.Seed, "gibbs/restart"),
	}
	m.restricted, _ = model.(*boltzmann.Model)
	m.mean = meanInputs(r.Data.Train)
	model.Start(m.mean)
	if model.Negative() == graph.Enumerated {
		if m.restricted != nil {
			m.chains = boltzmann.States(model.InputWidth())
		}
		return m, nil
	}
	chains := r.Config.Train.Chains
	if chains == 0 {
		chains = min(r.Config.Train.Batch, r.Data.Train.Len())
	}
	m.chains, m.work = make([]float32, chains*model.InputWidth()), newChainWork(chains)
	return m, m.begin()
}

// burnIn is how many sweeps chains make before they count as samples of the initial machine,
// whose small weights they hardly feel.
const burnIn = 20

// begin draws the first states of persistent chains, and the witnesses.
func (m *machine) begin() (err error) {
	if n := m.run.Config.Likelihood.Witnessing(); n > 0 {
		if m.witnesses, err = newWitnesses(m, n); err != nil {
			return err
		}
	}
	if m.model.Negative() != graph.Persistent {
		return nil
	}
	m.restricted.DrawVisible(m.chains, m.restart, 0)
	for s := range uint64(burnIn) {
		m.draws.Step = 1<<63 + s
		if err := m.sweep(m.chains, false); err != nil {
			return err
		}
	}
	return nil
}

// count returns the number of chains.
func (m *machine) count() int { return len(m.chains) / m.model.InputWidth() }

// enumerates says whether the machine sums over all states. A nil machine does not.
func (m *machine) enumerates() bool { return m != nil && m.model.Negative() == graph.Enumerated }

// used returns the chains that a step with so many presentations uses.
func (m *machine) used(batch int) []float32 {
	if m.model.Negative() == graph.Contrastive {
		return m.chains[:batch*m.model.InputWidth()]
	}
	return m.chains
}

// program compiles the graph that the machine learns in.
func (m *machine) program(batch int) (*graph.Program, error) {
	return graph.CompileContrast(m.model, m.run.Engine, batch, m.used(batch))
}

// sample makes the sweeps of a step, which is about to learn from p.
func (m *machine) sample(p *graph.Program) error {
	if m == nil {
		return nil
	}
	m.sampling = energy.Sampling{}
	chains := m.used(p.Batch)
	switch m.model.Negative() {
	case graph.Enumerated:
		return nil
	case graph.Contrastive:
		copy(chains, p.X)
	case graph.Restarted:
		m.restricted.DrawUniform(chains, m.restart, uint64(m.run.Steps)+1)
	}
	for s := range m.gibbs {
		m.draws.Step = uint64(m.run.Steps)*uint64(m.gibbs) + uint64(s)
		if err := m.sweep(chains, s == 0); err != nil {
			return fmt.Errorf("sampling: %w", err)
		}
	}
	return m.witnesses.relax(m.run.Steps, m.gibbs)
}

// sweep makes a sweep of some chains. The first of a step tells what the update before it
// has done to their free energies.
func (m *machine) sweep(chains []float32, first bool) error {
	first = first && m.model.Negative() == graph.Persistent
	s, err := m.compiled(chains, first)
	if err != nil {
		return err
	}
	m.account(chains)
	if err := s.Run(); err != nil {
		return err
	}
	if first {
		if err := m.work.after(op.Float32s(s.Before.Value())); err != nil {
			return err
		}
	}
	hidden := op.Float32s(s.Hidden.Value())
	m.sampling.ActiveHidden += m.active(hidden)
	m.sampling.MACsEffective += m.active(hidden) * int64(m.model.InputWidth())
	s.Advance()
	m.sampling.ActiveVisible += m.active(chains)
	return nil
}

// account counts what a sweep of some chains takes, but for the hidden units.
func (m *machine) account(chains []float32) {
	V, H := int64(m.model.InputWidth()), int64(m.model.Layers()[0].Out)
	n := int64(len(chains)) / V
	m.sampling.Sweeps += n
	m.sampling.MACs += 2 * n * V * H
	m.sampling.MACsEffective += m.active(chains) * H
	m.sampling.WeightReads += 2*V*H + V + H
}

func (m *machine) active(x []float32) int64 { return int64(simd.Nonzero(x)) }

// compiled returns a sweep of so many chains.
func (m *machine) compiled(chains []float32, measured bool) (s *graph.Sweep, err error) {
	pair := m.sweeps[len(chains)]
	if pair == nil {
		pair = new(sweepPair)
		m.sweeps[len(chains)] = pair
	}
	which, energies := &pair.plain, graph.Unmeasured
	if measured {
		which, energies = &pair.measured, graph.MeasuredBefore
	}
	if *which == nil {
		*which, err = graph.CompileSweep(m.restricted, m.run.Engine, chains, &m.draws, energies)
	}
	return *which, err
}

// learned notes what belongs to the end of a step: free energies of the chains before the
// update, and offsets after it.
func (m *machine) learned(p *graph.Program) {
	if m == nil {
		return
	}
	if m.model.Negative() == graph.Persistent {
		m.work.before(p.FreeEnergy()[p.Batch:])
	}
	if c, ok := m.model.(graph.Centred); ok {
		c.Recentre(p)
	}
}

// observe completes the account of a step.
func (m *machine) observe(account []energy.Step) {
	if m != nil && m.model.Negative() != graph.Enumerated {
		account[0].Sampling = &m.sampling
	}
}

// State implements state.Stateful. Chains that begin anew in every step are state as far as they
// are shown: an evaluation may be due, or the run end, before there are others.
func (m *machine) State(v state.Visitor) {
	if m == nil {
		return
	}
	if c, ok := m.model.(graph.Centred); ok {
		if visible, hidden := c.Offsets(); visible != nil {
			v.Float32s("offsets/visible", visible)
			v.Float32s("offsets/hidden", hidden)
		}
	}
	if m.model.Negative() == graph.Persistent {
		v.Float32s("chains", m.chains)
		state.Under(v, "work", m.work)
	} else if m.frames != nil {
		v.Float32s("chains", m.shown())
	}
	state.Under(v, "frames", m.frames)
	state.Under(v, "witnesses", m.witnesses)
}
