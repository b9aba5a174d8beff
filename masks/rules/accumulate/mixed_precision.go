package accumulate

import (
	"ergon/internal/parallel"
	"ergon/internal/schema"
	"ergon/masks"
)

// MixedPrecision adds updates up in a digital matrix χ, of the size of the weights, and
// writes a weight by multiples of the step ε of its device (Nandakumar et al. 2020):
//
//	χ ← χ + ΔJ                              every step
//	n = trunc(χ/ε), w ← w + nε, χ ← χ - nε  every TransferEvery presentations, for the next Rows rows
//
// A row holds the synapses from one unit, biases are one row. The network computes with w. With
// Visible it computes with w + χ; what is written is then w, the permanent part of a weight, as in
// the synaptic cache of Li & van Rossum 2020. Residue "written" writes all of a χ with |χ| ≥ ε, so that
// nothing is left: visible, this is their cache with threshold ε, without decay or cost, to the bit.
//
// With Levels the gradient is the product of activities x and errors δ that are rounded: to
// multiples of q = max|x|/⌊Levels/2⌋, x to q⌊x/q + u⌋ with u uniform in [0,1), presentation by presentation.
// The mean of a rounded number is the number.
//
// With ε = 0 everything is written at once, and the rule is the plain one to the bit.
type MixedPrecision struct {
	Device
	TransferEvery int    `key:"transfer_every" doc:"presentations between two transfers" in:"[1,1000000000]"`
	Rows          int    `key:"rows" doc:"rows of each array, the synapses from one unit each, that a transfer looks at, the next ones each time; 0: all" in:"[0,1000000000]"`
	Visible       bool   `key:"visible" doc:"whether the network computes with w + χ; false: with what is written, w"`
	Residue       string `key:"residue" doc:"kept: multiples of ε are written, the rest stays in χ; written: a χ that reaches ε is written as it is" oneof:"kept|written"`
	Levels        int    `key:"levels" doc:"numbers that an activity, and an error, can have in what χ takes besides 0, of both signs alike, up to the largest of its presentation; rounded at random; 0: all" in:"[0,1000000]" identity:"nonzero"`
}

var (
	_ masks.Cache       = (*MixedPrecision)(nil)
	_ masks.WrittenOut  = (*MixedPrecision)(nil)
	_ masks.RuleChecker = (*MixedPrecision)(nil)
)

func init() {
	masks.Caches.Register("mixed_precision", schema.Doc{
		Summary: "updates add up in a digital matrix; where it reaches the step of the device, the weight is written",
		Source:  "Nandakumar et al. 2020, Front. Neurosci. 14:406, arXiv 2001.11773",
		Definition: "Every step χ ← χ + Δw. Every transfer_every presentations, for the next rows: n = trunc(χ/epsilon), w ← w + n·epsilon, χ ← χ - n·epsilon. " +
			"The network computes with w; with visible, with w + χ. With residue written, n·epsilon is all of a χ of |χ| ≥ epsilon. M0 and M1 are of what is written; the changes of χ are counted as accumulate. " +
			"With levels, activities and errors are rounded first, x to q⌊x/q + u⌋ with q = max|x|/⌊levels/2⌋ of a presentation and u uniform in [0,1).",
	}, func() masks.Cache {
		return &MixedPrecision{Device: Device{Epsilon: 0.02}, TransferEvery: 1, Residue: "kept"}
	})
}

// Validate implements schema's check of fields against each other.
func (c *MixedPrecision) Validate() error {
	switch {
	case c.Levels == 1:
		return schema.Fieldf("levels", "is 1, and a number has two signs and 0; set 2 or more, or 0 for all numbers")
	case c.Levels > 0 && c.Epsilon == 0:
		return schema.Fieldf("levels", "rounds what the accumulator takes, and with epsilon 0 there is none; set epsilon")
	case c.Epsilon == 0 && (c.TransferEvery > 1 || c.Rows > 0 || c.Visible || c.Residue == "written"):
		return schema.Fieldf("epsilon", "is 0, which writes every update at once, and the other settings say how an accumulator is written; set epsilon, or leave them out")
	}
	return nil
}

// CheckRule implements RuleChecker.
func (c *MixedPrecision) CheckRule(r *masks.Rule, net masks.Network) error {
	if c.Levels > 0 {
		if err := needsFactors(r, net, "rule.cache.levels"); err != nil {
			return err
		}
	}
	return notProjected(r, "mixed_precision")
}

// Price implements Cache: Σ|nε|.
func (*MixedPrecision) Price(x masks.Consolidation) float64 { return x.M1 }

// New implements Cache.
func (c *MixedPrecision) New(all []*masks.Synapses, pool *parallel.Pool) masks.Memory {
	switch {
	case c.Epsilon == 0:
		return nil
	case c.Visible:
		return newVisible(c, all, pool)
	}
	return newHidden(c, all, pool)
}

// locality is that of the rule, whatever the network computes with.
func (c *MixedPrecision) locality() (masks.Locality, error) {
	if c.Levels > 0 {
		return 0, schema.Fieldf("levels", "rounds activities and errors, which a synapse without a network does not have; set 0")
	}
	return localityOf(c.Rows)
}
