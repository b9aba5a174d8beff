package device

import (
	"slices"

	"ergon/internal/gpu"
	"ergon/masks"
)

// competition is a competition of one network on the device.
type competition struct {
	masks.KeepTop
	network, phase int
	uses           []setUse // of the arrays that take part, a layer's weights before its biases
	record         competitionRecord
}

// competitions are those of all networks. A network's competitions for a later mask
// depend on the winners of the earlier ones, so they are in a later phase.
type competitions struct {
	list    []*competition
	of      map[any]*competition // by masks.KeepTop.Competition
	phases  []phase
	records gpu.Pointer // of list, in its order
	columns gpu.Pointer // groups of competitionColumns units, for competitions per unit
	groups  int         // number of them
}

// reserveCompetition adds an array to a competition, a new one if it is the first.
func (u *Updater) reserveCompetition(w masks.KeepTop, at setUse) {
	all := &u.competitions
	if c := all.of[w.Competition]; c != nil {
		c.uses = append(c.uses, at)
		return
	}
	c := &competition{KeepTop: w, network: at.network, uses: []setUse{at}}
	if last := len(all.list) - 1; last >= 0 && all.list[last].network == at.network {
		before := all.list[last]
		c.phase = before.phase
		if before.uses[0].mask != at.mask {
			c.phase++
		}
	}
	all.list = append(all.list, c)
	all.of[w.Competition] = c
}

// recordCompetition returns the set of a competition's winners, as kernels read it.
func (u *Updater) recordCompetition(w masks.KeepTop) setRecord {
	c := u.competitions.of[w.Competition].record
	if w.Kind == masks.OfUnits {
		return setRecord{kind: keepBetween, post: c.winners}
	}
	return setRecord{
		kind: keepReaching, threshold: c.threshold, flip: w.Flip, byWeight: c.byWeight, perUnit: oneIf(w.Kind == masks.PerUnit),
	}
}

// build allocates what a competition keeps from kernel to kernel.
func (c *competition) build(u *Updater) (err error) {
	units := u.all[c.uses[0].array].Out
	c.record = competitionRecord{
		kind: c.Kind, k: uint32(c.K), left: uint32(c.K), least: c.Least, flip: c.Flip,
		byWeight: oneIf(c.By == "weight"), byError: oneIf(c.By == "error"), units: uint32(units),
	}
	words := func(n int) (at gpu.Pointer) {
		if err == nil {
			at, err = allocCopy(&u.memory, make([]uint32, n))
		}
		return at
	}
	switch c.Kind {
	case masks.OfSynapses:
		c.record.threshold, c.record.bins = words(1), words(competitionBins)
	case masks.PerUnit:
		c.record.threshold = words(units)
	case masks.OfUnits:
		c.record.keys, c.record.winners = words(units), words((units+31)/32)
		if !slices.ContainsFunc(c.uses, func(use setUse) bool { return use.before == 0 }) {
			c.record.plastic = words(units) // else every unit has a synapse that may change
		}
	}
	return err
}
