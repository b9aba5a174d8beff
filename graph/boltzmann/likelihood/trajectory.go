package likelihood

import (
	"math"

	"ergon/internal/state"
)

// Trajectory follows ln Z along training by one step of importance sampling for each update,
//
//	ln Z(t+1) - ln Z(t) = ln ⟨e^(F_t - F_{t+1})⟩ over the chains at t
//
// (trajectory annealed importance sampling). Its weights do not degenerate, as those of Work do. In
// return it takes the chains for samples of the machine at t. They are of an earlier one, so that
// it is too low, by as much as their lag dissipates, which falls as the updates become slower.
type Trajectory struct {
	// influence is what each chain contributes to the error, Σ_t (e^x_c/⟨e^x⟩ - 1): a chain
	// remembers, so errors of neighbouring updates are not independent; those of chains are.
	influence []float64
	lnRatio   float64
	updates   int
}

var _ state.Stateful = (*Trajectory)(nil)

// NewTrajectory returns the trajectory of so many chains, before the first update.
func NewTrajectory(chains int) *Trajectory { return &Trajectory{influence: make([]float64, chains)} }

// Add adds an update: the free energies of the chains' states under the machine before and after it.
func (t *Trajectory) Add(before, after []float64) error {
	if err := checkChains(len(t.influence), before, after); err != nil {
		return err
	}
	x := make([]float64, len(before))
	for c := range x {
		x[c] = before[c] - after[c]
	}
	t.updates++
	t.lnRatio += logMean(x)
	for c, w := range relative(x) {
		t.influence[c] += w - 1
	}
	return nil
}

// Updates returns how many were added.
func (t *Trajectory) Updates() int { return t.updates }

// LnRatio returns ln(Z_T/Z_0) and its standard error over chains, without the bias.
func (t *Trajectory) LnRatio() (value, standardError float64) {
	n, square := float64(len(t.influence)), 0.0
	for _, i := range t.influence {
		square += i * i
	}
	return t.lnRatio, math.Sqrt(square / (n - 1) / n)
}

// State implements state.Stateful.
func (t *Trajectory) State(v state.Visitor) {
	v.Float64s("influence", t.influence)
	v.JSON("updates", &t.updates)
	state.Float64(v, "ln_ratio", &t.lnRatio)
}
