package cpu

import "ergon/masks"

// LearnedBy returns how much of the gradient of an array the last step formed. Those of biases are
// always in memory.
func (u *Updater) LearnedBy(array int) masks.Way { return u.arrays[array].learnedBy }

// Because returns why all of the gradient of an array was formed in the last step; "" if it was not.
func (u *Updater) Because(array int) string {
	a := &u.arrays[array]
	switch {
	case a.learnedBy != masks.FromAll:
		return ""
	case !u.lazy:
		return u.forced()
	case a.x == nil:
		return "it was there before the rule looked: its noise was measured, or it is no product of activities and errors"
	case u.clipsNorm():
		return "rule.clip bounds the length of the update, which is known when all of it is"
	case a.keepsBlock():
		return "the rows and columns that rule.mask keeps are most of it"
	}
	return "rule.mask keeps single synapses, or compares their gradients"
}

// keepsBlock reports whether one mask restricts the array, to some rows and columns.
func (a *array) keepsBlock() bool {
	_, ok := a.unitBlock()
	return ok
}

// formed says how much of the array's gradient its way, or a mask before it, has formed.
func (a *array) formed() masks.Way {
	if !a.Factored() {
		return masks.FromAll
	}
	switch a.way.(type) {
	case streamed:
		return masks.FromBlocks
	case submatrixWay:
		return masks.FromPart
	}
	return masks.FromFactors
}
