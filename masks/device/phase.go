package device

import (
	"cmp"
	"slices"

	"ergon/internal/gpu"
	"ergon/masks"
)

// phase holds competitions that can run at the same time: phase n has those of the
// n-th competing mask of each network.
type phase struct {
	entries gpu.Pointer             // [networks][arrays]
	kinds   [masks.OfUnits + 1]span // the competitions of each kind
	marked  bool                    // earlier masks may freeze every synapse onto a unit, so units must be marked
	by      [2]bool                 // units compete by activity, by error
}

// span is competitions first … end-1.
type span struct{ first, end int }

// competitionColumns is COLUMNS of contest.cu: the units that one block decides in
// competitions per unit.
const competitionColumns = 32

// buildCompetitions allocates the competitions and sorts them into phases.
func (u *Updater) buildCompetitions() (err error) {
	all := &u.competitions
	if len(all.list) == 0 {
		return nil
	}
	slices.SortStableFunc(all.list, func(a, b *competition) int {
		return cmp.Or(cmp.Compare(a.phase, b.phase), cmp.Compare(a.Kind, b.Kind))
	})
	records := make([]competitionRecord, len(all.list))
	for i, c := range all.list {
		if err := c.build(u); err != nil {
			return err
		}
		records[i] = c.record
	}
	if all.records, err = allocCopy(&u.memory, records); err != nil {
		return err
	}
	for first := 0; first < len(all.list); {
		end := first
		for end < len(all.list) && all.list[end].phase == all.list[first].phase {
			end++
		}
		if err := u.buildPhase(span{first, end}); err != nil {
			return err
		}
		first = end
	}
	return u.buildColumns()
}

// buildPhase makes the phase of a span of competitions.
func (u *Updater) buildPhase(s span) (err error) {
	var r phase
	entries := make([]entryRecord, len(u.rules)*len(u.all))
	for i, c := range u.competitions.list[s.first:s.end] {
		number := s.first + i
		kind := &r.kinds[c.Kind]
		if kind.end == 0 {
			kind.first = number
		}
		kind.end = number + 1
		r.marked = r.marked || c.record.plastic != 0
		if c.Kind == masks.OfUnits {
			r.by[c.record.byError] = true
		}
		for _, use := range c.uses {
			entries[use.network*len(u.all)+use.array] = entryRecord{uint32(number + 1), uint32(use.before)}
		}
	}
	r.entries, err = allocCopy(&u.memory, entries)
	u.competitions.phases = append(u.competitions.phases, r)
	return err
}

// buildColumns uploads the groups of units that one block decides in competitions per
// unit.
func (u *Updater) buildColumns() (err error) {
	var groups []chunkRecord
	for a, s := range u.all {
		for first := 0; first < s.Out && !s.Bias; first += competitionColumns {
			groups = append(groups, chunkRecord{uint32(a), uint32(first)})
		}
	}
	u.competitions.groups = len(groups)
	u.competitions.columns, err = allocCopy(&u.memory, groups)
	return err
}
