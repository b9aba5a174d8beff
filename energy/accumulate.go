package energy

// Accumulate is the account of what a rule keeps beside the weights, and changes more often than
// them: the accumulators of rules that save writes, the transient parts of a synaptic cache, the
// moments of an optimizer. None of it is in M0 or M1.
type Accumulate struct {
	Updates int64   `json:"updates"` // numbers of that state that were changed, once for each change
	Amount  float64 `json:"amount"`  // Σ|Δχ| of what is in units of the weights, as accumulators are and moments are not
	Bits    int64   `json:"bits"`    // that it takes to hold it, the gradient of a batch included: the most at a time
	// Reads and Writes are its traffic, in numbers of 32 bits, where it is not in Memory.
	Reads  int64 `json:"reads"`
	Writes int64 `json:"writes"`
	// GradientUpdates are additions of a presentation's gradient to that of its batch: a batch
	// is an accumulator, too. 0 where a step has one presentation.
	GradientUpdates int64 `json:"gradient_updates"`
}

// beside adds the account of another layer in the same steps.
func (a *Accumulate) beside(b Accumulate) {
	a.Bits += b.Bits
	b.Bits = 0
	a.after(b)
}

// after adds the account of later steps.
func (a *Accumulate) after(b Accumulate) {
	a.Updates += b.Updates
	a.Amount += b.Amount
	a.Bits = max(a.Bits, b.Bits)
	a.Reads += b.Reads
	a.Writes += b.Writes
	a.GradientUpdates += b.GradientUpdates
}
