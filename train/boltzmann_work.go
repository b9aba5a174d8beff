package train

import (
	"ergon/graph/boltzmann/likelihood"
	"ergon/internal/finite"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// chainWork is the work that updates do on chains. Each update changes the free energies of
// the chains' states, w += F_{t+1}(v) - F_t(v); then a sweep lets them relax.
type chainWork struct {
	*likelihood.Work
	trajectory *likelihood.Trajectory
	energies   []float64 // F_t(v) of the chains [C] before the last update
	known      bool      // whether they are: something was learned since the last sweep
	present    []float64 // scratch
}

func newChainWork(chains int) *chainWork {
	return &chainWork{Work: likelihood.NewWork(chains), trajectory: likelihood.NewTrajectory(chains), energies: make([]float64, chains), present: make([]float64, chains)}
}

// before notes free energies under the weights that are about to change.
func (w *chainWork) before(energies []float32) {
	for c, f := range energies {
		w.energies[c] = float64(f)
	}
	w.known = true
}

// after adds what the update has done to them.
func (w *chainWork) after(energies []float32) error {
	if !w.known {
		return nil
	}
	for c, f := range energies {
		w.present[c] = float64(f)
	}
	return w.add(w.present)
}

// add adds the work of the last update, given free energies after it.
func (w *chainWork) add(present []float64) error {
	w.known = false
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
	if err := snapshot.Restore(all); err != nil || !all.known {
		return all, err
	}
	machine := m.restricted.Machine()
	present, err := likelihood.FreeEnergies(m.run.Engine.Pool(), &machine, chains)
	if err != nil {
		return nil, err
	}
	return all, all.add(present)
}

// report is the work since the start; nil before the first update, and where the machine has
// diverged. It does not know ΔF.
func (w *chainWork) report() *rundir.ChainWork {
	if w == nil || w.Updates() == 0 || !finite.Is(w.Mean()) {
		return nil
	}
	return &rundir.ChainWork{Mean: w.Mean(), Updates: w.Updates()}
}

// equality is report with ΔF by Jarzynski's equality, which holds for witnesses only.
func (w *chainWork) equality() *rundir.ChainWork {
	report := w.report()
	if report == nil {
		return nil
	}
	ratio, standardError := w.LnRatio()
	effective := w.Effective()
	report.Free(-ratio, standardError, "jarzynski")
	*report.Dissipated, report.Effective = w.Dissipated(), &effective
	return report
}

// State implements state.Stateful.
func (w *chainWork) State(v state.Visitor) {
	v.Float64s("energies", w.energies) // not JSON, which has no numbers for those of a machine that diverges
	v.JSON("known", &w.known)
	state.Under(v, "sum", w.Work)
	state.Under(v, "trajectory", w.trajectory)
}
