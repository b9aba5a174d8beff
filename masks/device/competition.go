package device

import (
	"slices"

	"ergon/internal/gpu"
	"ergon/masks"
)

// competition is a contest of a network on the device.
type competition struct {
	masks.KeepTop
	network, phase int
	uses           []setUse // of the arrays that take part, a layer's weights before its biases
	record         competitionRecord
}

// deviceContests are the competitions of all networks. Those of a network's next
// mask depend on who has won: they are of the next round.
type competitions struct {
	list    []*competition
	of      map[any]*competition
	phases  []phase
	records gpu.Pointer // of held, in its order
	columns gpu.Pointer // groups of units whose own contests one block decides
	groups  int         // how many
}

// reserveCompetition lets an array take part in a competition.
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

// recordCompetition returns what kernels read of who has won.
func (u *Updater) recordCompetition(w masks.KeepTop) setRecord {
	c := u.competitions.of[w.Competition].record
	if w.Kind == masks.OfUnits {
		return setRecord{kind: keepBetween, post: c.winners}
	}
	return setRecord{
		kind: keepReaching, threshold: c.threshold, flip: w.Flip, byWeight: c.byWeight, perUnit: oneIf(w.Kind == masks.PerUnit),
	}
}

// build makes room for what a contest keeps from kernel to kernel.
func (c *competition) build(u *Updater) (err error) {
	units := u.all[c.uses[0].array].Out
	c.record = competitionRecord{
		kind: c.Kind, k: uint32(c.K), left: uint32(c.K), least: c.Least, flip: c.Flip,
		byWeight: oneIf(c.By == "weight"), byError: oneIf(c.By == "error"), units: uint32(units),
	}
	room := func(n int) (at gpu.Pointer) {
		if err == nil {
			at, err = allocCopy(&u.memory, make([]uint32, n))
		}
		return at
	}
	switch c.Kind {
	case masks.OfSynapses:
		c.record.threshold, c.record.bins = room(1), room(competitionBins)
	case masks.PerUnit:
		c.record.threshold = room(units)
	case masks.OfUnits:
		c.record.keys, c.record.winners = room(units), room((units+31)/32)
		if !slices.ContainsFunc(c.uses, func(use setUse) bool { return use.before == 0 }) {
			c.record.plastic = room(units) // else every unit has a synapse that may change
		}
	}
	return err
}
