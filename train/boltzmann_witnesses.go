package train

import (
	"ergon/graph"
	"ergon/graph/op"
	"ergon/internal/philox"
	"ergon/internal/state"
)

// witnesses are chains beside those that learning sees. Jarzynski's equality is about chains
// that the protocol does not know. Those that drive learning are known to it: each update
// raises the free energies of their very states, on average by η tr Σ/C of C chains with
// covariance Σ of ∂F/∂θ, and ln Z by their work is too low by that in every step. Witnesses are
// sampled the same way and have no say. They are a measurement, and not in the account.
type witnesses struct {
	chains []float32 // [M,V]
	draws  graph.Draws
	plain  *graph.Sweep // all but the last sweep of a step
	last   *graph.Sweep // tells free energies after it, and the first of a step those before it
	*chainWork
}

// newWitnesses draws n witnesses of the initial weights.
func newWitnesses(m *machine, n int) (w *witnesses, err error) {
	seed, start := m.run.Config.Seed, philox.New(m.run.Config.Seed, "witness/start")
	w = &witnesses{
		chains: make([]float32, n*m.model.InputWidth()), chainWork: newChainWork(n),
		draws: graph.Draws{Visible: philox.New(seed, "witness/visible"), Hidden: philox.New(seed, "witness/hidden")},
	}
	if w.plain, err = graph.CompileSweep(m.restricted, m.run.Engine, w.chains, &w.draws, graph.MeasuredBefore); err != nil {
		return nil, err
	}
	if w.last, err = graph.CompileSweep(m.restricted, m.run.Engine, w.chains, &w.draws, graph.MeasuredBoth); err != nil {
		return nil, err
	}
	m.restricted.DrawVisible(w.chains, start, 0)
	for s := range uint64(burnIn) {
		w.draws.Step = 1<<63 + s
		if err := w.plain.Run(); err != nil {
			return nil, err
		}
		w.plain.Advance()
	}
	return w, nil
}

// relax makes the sweeps of a step, the same number as the chains', and notes the work of the
// update before them.
func (w *witnesses) relax(step, sweeps int) error {
	if w == nil {
		return nil
	}
	for k := range sweeps {
		s := w.plain
		if k == sweeps-1 {
			s = w.last
		}
		w.draws.Step = uint64(step)*uint64(sweeps) + uint64(k)
		if err := s.Run(); err != nil {
			return err
		}
		if k == 0 {
			if err := w.after(op.Float32s(s.Before.Value())); err != nil {
				return err
			}
		}
		s.Advance()
	}
	w.before(op.Float32s(w.last.After.Value()))
	return nil
}

// State implements state.Stateful. nil has no state.
func (w *witnesses) State(v state.Visitor) {
	if w == nil {
		return
	}
	v.Float32s("chains", w.chains)
	state.Under(v, "work", w.chainWork)
}
