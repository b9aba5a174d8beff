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
	defer func() { w.energies = w.energies[:0] }()
	if err := w.trajectory.Add(w.energies, w.present); err != nil {
		return err
	}
	return w.Add(w.energies, w.present)
}

// report is the work since the start; nil before the first update. ΔF is by Jarzynski's
// equality.
func (w *chainWork) report() *rundir.ChainWork {
	if w.Updates() == 0 {
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
