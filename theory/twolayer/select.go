package twolayer

import (
	"math/bits"

	"ergon/internal/schema"
	"ergon/theory/committee"
)

// selects says whether the mask looks at the step.
func (w *TwoLayer) selects() bool { return committee.Selections[w.Mask] != nil }

// mask returns the mask of the settings. In a competition of n synapses ⌊pn⌋ win, and that
// share is predicted.
func (w *TwoLayer) mask() committee.Mask {
	if w.selects() {
		return committee.Selections[w.Mask](w.share(), w.Threshold)
	}
	return committee.Masks[w.Mask](w.P)
}

// share is that of the winners among the synapses that compete.
func (w *TwoLayer) share() float64 {
	n := w.N
	if w.Mask == "top_layer" {
		n *= w.K
	}
	return float64(int(w.P*float64(n)+1e-9)) / float64(n)
}

// checkSelection refuses what masks that look at the step do not know.
func (w *TwoLayer) checkSelection() error {
	if !w.selects() {
		return nil
	}
	_, cuts := w.mask().(committee.Cutting)
	switch {
	case w.Mask != "threshold" && w.share() == 0:
		return schema.Fieldf("p", "%g of n = %d synapses are none; give more of either", w.P, w.N)
	case w.Rescale:
		return schema.Fieldf("rescale", "mask=%s chooses the updates by size, and p is not the share of them that passes; set false, and a larger eta", w.Mask)
	case w.SecondRate > 0:
		return schema.Fieldf("eta_v", "with mask=%s the second layer stays: its k synapses are too few to compete; set 0", w.Mask)
	case cuts && w.Cubature&(w.Cubature-1) != 0:
		return schema.Fieldf("cubature", "%d is not a power of 2; take %d", w.Cubature, 1<<(bits.Len(uint(w.Cubature))-1))
	case cuts && w.Decay > 0:
		return schema.Fieldf("weight_decay", "with mask=%s it would reach different shares of the units' synapses; set 0", w.Mask)
	case cuts && w.Activation == "relu":
		return schema.Fieldf("activation", "relu has no averages with mask=%s, whose cuts jump with its slope; take erf or linear, or mask=top_neuron", w.Mask)
	case cuts && w.K+w.M > committee.MostFields:
		return schema.Fieldf("k", "k+m = %d fields, more than the %d that mask=%s averages over", w.K+w.M, committee.MostFields, w.Mask)
	}
	return nil
}
