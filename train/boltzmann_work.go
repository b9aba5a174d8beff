package train

import "ergon/internal/state"

// work is the work that updates do on persistent chains: each changes the free energy of a
// chain's state, w += F_{t+1}(v) - F_t(v), before the sweep that relaxes it again. By
// Jarzynski's equality ⟨e^-w⟩ = Z_T/Z_0.
type work struct {
	energies []float32 // F_t(v) of the chains [C] before the last update; none: nothing was learned yet
	done     []float64 // w of each chain [C]
	updates  int
}

// before notes free energies under the weights that are about to change.
func (w *work) before(energies []float32) {
	w.energies = append(w.energies[:0], energies...)
}

// after adds what the update has done to them.
func (w *work) after(energies []float32) {
	if len(w.energies) == 0 {
		return
	}
	if w.done == nil {
		w.done = make([]float64, len(energies))
	}
	for c, f := range energies {
		w.done[c] += float64(f) - float64(w.energies[c])
	}
	w.energies = w.energies[:0]
	w.updates++
}

// State implements state.Stateful.
func (w *work) State(v state.Visitor) {
	v.JSON("energies", &w.energies)
	v.JSON("done", &w.done)
	v.JSON("updates", &w.updates)
}
