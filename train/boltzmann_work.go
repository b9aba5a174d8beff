package train

import (
	"ergon/graph/boltzmann/likelihood"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// chainWork is the work that updates do on chains. Each update changes the free energies of
// the chains' states, w += F_{t+1}(v) - F_t(v); then a sweep lets them relax.
type chainWork struct {
	*likelihood.Work
	trajectory *likelihood.Trajectory
	energies   []float64 // F_t(v) of the chains [C] before the last update; none: nothing was learned yet
	present    []float64 // scratch
}

func newChainWork(chains int) *chainWork {
	return &chainWork{Work: likelihood.NewWork(chains), trajectory: likelihood.NewTrajectory(chains), present: make([]float64, chains)}
}

// before notes free energies under the weights that are about to change.
func (w *chainWork) before(energies []float32) {
	w.energies = w.energies[:0]
	for _, f := range energies {
		w.energies = append(w.energies, float64(f))
	}
}

// after adds what the update has done to them.
func (w *chainWork) after(energies []float32) error {
	if len(w.energies) == 0 {
		return nil
	}
	for c, f := range energies {
		w.present[c] = float64(f)
	}
	return w.add(w.present)
}

// add adds the work of the last update, given free energies after it.
func (w *chainWork) add(present []float64) error {
	defer func() { w.energies = w.energies[:0] }()
	if err := w.trajectory.Add(w.energies, present); err != nil {
		return err
	}
	return w.Add(w.energies, present)
}

// complete returns the work of all updates up to now: a copy, with that of the last one, which
// is else told by the next sweep.
func (w *chainWork) complete(m *machine, chains []float32) (*chainWork, error) {
	if w == nil {
		return nil, nil
	}
	snapshot, err := state.Save(w)
	if err != nil {
		return nil, err
	}
	all := newChainWork(len(w.present))
	if err := snapshot.Restore(all); err != nil || len(all.energies) == 0 {
		return all, err
	}
	machine := m.restricted.Machine()
	present, err := likelihood.FreeEnergies(m.run.Engine.Pool(), &machine, chains)
	if err != nil {
		return nil, err
	}
	return all, all.add(present)
}

// report is the work since the start; nil before the first update. ΔF is by Jarzynski's
// equality.
func (w *chainWork) report() *rundir.ChainWork {
	if w == nil || w.Updates() == 0 {
		return nil
	}
	ratio, standardError := w.LnRatio()
	effective := w.Effective()
	return &rundir.ChainWork{
		Mean: w.Mean(), DeltaF: -ratio, By: "jarzynski", Error: standardError, Dissipated: w.Dissipated(),
		Updates: w.Updates(), Effective: &effective,
	}
}

// State implements state.Stateful.
func (w *chainWork) State(v state.Visitor) {
	v.JSON("energies", &w.energies)
	state.Under(v, "sum", w.Work)
	state.Under(v, "trajectory", w.trajectory)
}
