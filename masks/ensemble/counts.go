package ensemble

import "ergon/masks"

// Counts is what a step did, per synapse, as the ledger of a run counts it.
type Counts struct {
	M0, M1 float64 // of the update; of an accumulator, of what it wrote
	// PermanentM0 and PermanentM1 are what was made permanent. They are M0 and M1 unless a cache keeps
	// transient parts that the network sees, whose changes are in M0 and M1.
	PermanentM0, PermanentM1 float64
	// Accumulated is how many numbers beside the weights were changed.
	Accumulated float64
}

// Add adds a share of other counts.
func (c *Counts) Add(d Counts, share float64) {
	c.M0 += share * d.M0
	c.M1 += share * d.M1
	c.PermanentM0 += share * d.PermanentM0
	c.PermanentM1 += share * d.PermanentM1
	c.Accumulated += share * d.Accumulated
}

// Counts returns what the last step did.
func (e *Ensemble) Counts() Counts {
	n := float64(len(e.Weights()))
	change := e.updater.Changes()[0]
	c := Counts{M0: float64(change.M0) / n, M1: change.M1 / n, Accumulated: float64(e.updater.Accumulations()[0].Updates) / n}
	c.PermanentM0, c.PermanentM1 = c.M0, c.M1
	if e.Transient() {
		permanent := e.updater.Memory().Consolidations()[0]
		c.PermanentM0, c.PermanentM1 = float64(permanent.M0)/n, permanent.M1/n
	}
	return c
}

// Transient reports whether a cache keeps transient parts of weights, which a network sees.
func (e *Ensemble) Transient() bool {
	memory := e.updater.Memory()
	_, accumulates := memory.(masks.Accumulator)
	return memory != nil && !accumulates
}

// Accumulates reports whether the rule keeps something beside the weights.
func (e *Ensemble) Accumulates() bool { return e.updater.AccumulatorBits(0) > 0 }
