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
	placed         competitionRecord
}

// deviceContests are the competitions of all networks. Those of a network's next
// mask depend on who has won: they are of the next round.
type competitions struct {
	held    []*competition
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
	if last := len(all.held) - 1; last >= 0 && all.held[last].network == at.network {
		before := all.held[last]
		c.phase = before.phase
		if before.uses[0].mask != at.mask {
			c.phase++
		}
	}
	all.held = append(all.held, c)
	all.of[w.Competition] = c
}

// recordCompetition returns what kernels read of who has won.
func (u *Updater) recordCompetition(w masks.KeepTop) setRecord {
	c := u.competitions.of[w.Competition].placed
	if w.Kind == masks.OfUnits {
		return setRecord{kind: keepBetween, post: c.winners}
	}
	return setRecord{
		kind: keepReaching, threshold: c.threshold, flip: w.Flip, byWeight: c.byWeight, perUnit: oneIf(w.Kind == masks.PerUnit),
	}
}

// place makes room for what a contest keeps from kernel to kernel.
func (c *competition) place(u *Updater) (err error) {
	units := u.all[c.uses[0].array].Out
	c.placed = competitionRecord{
		kind: c.Kind, seats: uint32(c.K), left: uint32(c.K), least: c.Least, flip: c.Flip,
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
		c.placed.threshold, c.placed.bins = room(1), room(competitionBins)
	case masks.PerUnit:
		c.placed.threshold = room(units)
	case masks.OfUnits:
		c.placed.keys, c.placed.winners = room(units), room((units+31)/32)
		if !slices.ContainsFunc(c.uses, func(use setUse) bool { return use.before == 0 }) {
			c.placed.plastic = room(units) // else every unit has a synapse that may change
		}
	}
	return err
}
