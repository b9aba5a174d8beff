package freeenergy

import (
	"fmt"
	"math"

	"ergon/train/rundir"
)

// Settings say how temperatures are told from states.
type Settings struct {
	Smooth float64 `json:"smooth"` // half-width in ln η over which U and S are averaged; 0: not at all
	Slack  float64 `json:"slack"`  // of U, in units of the loss, by which a state may miss the least F
}

// Run is one run: a seed at a learning rate.
type Run struct {
	Seed     uint64
	Measured *rundir.FreeEnergy // nil: see Why
	// Why says, where something did, what keeps the run from being used: it diverged, has not
	// begun, or has measured nothing.
	Why string
	// Ended: what the run measured, or did not, is a result. A rate at which one of the runs has
	// no state is not used, while one that is still to be run keeps out its seed alone.
	Ended bool
}

// Rate has the runs at a learning rate.
type Rate struct {
	LR   float64 // as the grid sets it
	Runs []Run
}

// kind is what entropies must share to differ by no constant.
type kind struct{ dimension, neighbours, weights, steps int }

func (k kind) String() string {
	return fmt.Sprintf("%d weights of %d steps, %d neighbours, %d dimensions", k.weights, k.steps, k.neighbours, k.dimension)
}

// kind returns that of a run's last window, which it must have.
func (r *Run) kind() kind {
	return kind{r.Measured.Dimension, r.Measured.Neighbours, r.last().Weights, r.last().Steps}
}

// last returns the window with which the run ends.
func (r *Run) last() *rundir.FreeEnergyWindow {
	return &r.Measured.Windows[len(r.Measured.Windows)-1]
}

// problem says why a run has no state; empty: it has one.
func (r *Run) problem() string {
	switch {
	case r.Why != "":
		return r.Why
	case r.Measured == nil || len(r.Measured.Windows) == 0:
		return "measured no U and S (free_energy.window)"
	case !isFinite(r.last().Energy):
		return "the energy is not finite"
	case r.last().Entropy == nil || !isFinite(*r.last().Entropy):
		return "the entropy is not known: weights did not move"
	}
	return ""
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// known returns a number, nil where it is NaN or infinite, as JSON has neither.
func known(x float64) *float64 {
	if !isFinite(x) {
		return nil
	}
	return &x
}

// valueOf returns a number that may not be known, NaN where it is not.
func valueOf(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
