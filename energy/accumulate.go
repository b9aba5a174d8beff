package energy

import "encoding/json"

// Accumulate is the account of what a rule keeps beside the weights, and changes more often than
// them: the accumulators of rules that save writes, the transient parts of a synaptic cache, the
// moments of an optimizer. None of it is in M0 or M1, but for transient parts that the network sees,
// whose changes are in both. In JSON it is null unless it is known.
type Accumulate struct {
	Updates int64   `json:"updates"` // numbers of that state that were changed, once for each change
	Amount  float64 `json:"amount"`  // Σ|Δχ| of what is in units of the weights, as accumulators are and moments are not
	Bits    int64   `json:"bits"`    // that it takes to hold it, the gradient of a batch included: the most at a time
	// Reads and Writes are its traffic, in numbers of 32 bits, where it is not in Memory. A
	// number that is written has been added to.
	Reads  int64 `json:"reads"`
	Writes int64 `json:"writes"`
	// GradientUpdates are additions of a presentation's gradient to that of its batch: a batch
	// is an accumulator, too. 0 where a step has one presentation.
	GradientUpdates int64 `json:"gradient_updates"`

	Known bool `json:"-"` // all of it was counted
}

// accumulateJSON is a known Accumulate in JSON.
type accumulateJSON Accumulate

// MarshalJSON implements json.Marshaler.
func (a Accumulate) MarshalJSON() ([]byte, error) {
	if !a.Known {
		return []byte("null"), nil
	}
	return json.Marshal(accumulateJSON(a))
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *Accumulate) UnmarshalJSON(text []byte) error {
	var known *accumulateJSON
	err := json.Unmarshal(text, &known)
	if *a = (Accumulate{}); known != nil {
		*a = Accumulate(*known)
		a.Known = true
	}
	return err
}

// OrNil returns a copy of the account, or nil if it is not known.
func (a Accumulate) OrNil() *Accumulate {
	if !a.Known {
		return nil
	}
	return &a
}

// beside adds the account of another layer in the same steps.
func (a *Accumulate) beside(b Accumulate) {
	a.Bits += b.Bits
	b.Bits = 0
	a.after(b)
}

// after adds the account of later steps; the sum is known if both are.
func (a *Accumulate) after(b Accumulate) {
	if a.Known = a.Known && b.Known; !a.Known {
		*a = Accumulate{}
		return
	}
	a.Updates += b.Updates
	a.Amount += b.Amount
	a.Bits = max(a.Bits, b.Bits)
	a.Reads += b.Reads
	a.Writes += b.Writes
	a.GradientUpdates += b.GradientUpdates
}

// batchGradient returns what a step added up to the gradient of its batch, over presentations, and
// over the positions that share weights.
func (y *Layer) batchGradient(s *Step, rows int64) Accumulate {
	a := Accumulate{Known: true}
	if y.Fixed || s.OneByOne || rows*int64(max(y.Positions, 1)) == 1 {
		return a
	}
	a.Bits = wordBits * int64(y.Parameters)
	if !y.Tied {
		a.GradientUpdates = s.Pairs
	}
	if biases := int64(y.Parameters) - y.weights(); biases > 0 {
		a.GradientUpdates += s.Errors
	}
	return a
}

// weights returns how many of the layer's synapses are weights, and not biases.
func (y *Layer) weights() int64 {
	switch {
	case y.Tied:
		return 0
	case y.Triangular:
		return int64(y.In) * int64(y.In-1) / 2
	}
	return int64(y.In) * int64(y.Out)
}

// wordBits is the size of a number of 32 bits.
const wordBits = 32

// ForgetAccumulate says why what changes beside the weights is not known in this run. Where a
// table charges for it, that has no price.
func (l *Ledger) ForgetAccumulate(reason string) {
	l.unknownAccumulate = reason
	l.total.Accumulate, l.last.Accumulate = Accumulate{}, Accumulate{}
	for i := range l.Layers {
		l.Layers[i].Update.Accumulate = Accumulate{}
	}
}
