package sparse

// stretch is the list of some groups of columns of a chunk.
type stretch struct {
	column, groups int
	width          int // columns of a group that there are
	counts, places []uint16
	values         []float32
}

// behind returns the stretch without its first groups, which have so many entries.
func (s stretch) behind(groups, entries int) stretch {
	s.groups -= groups
	s.counts, s.places, s.values = s.counts[groups:], s.places[entries:], s.values[entries:]
	return s
}

// stretch returns the list of a stripe of a chunk.
func (l *lists) stretch(at, i int) stretch {
	lo, hi := l.bounds(i)
	region := at*l.stripes + i
	return stretch{
		column: lo * l.group, groups: hi - lo, width: l.group,
		counts: l.counts[region*l.stripe:], places: l.places[region*l.room:], values: l.values[region*l.room*l.group:],
	}
}

// stretches returns the list of a stripe of a chunk, that of a last group that is
// incomplete by itself. Either may have no groups.
func (l *lists) stretches(at, i int) [2]stretch {
	s, last := l.stretch(at, i), stretch{}
	if incomplete := l.columns % l.group; incomplete > 0 && i == l.stripes-1 {
		entries := 0
		for _, n := range s.counts[:s.groups-1] {
			entries += int(n)
		}
		last = s.behind(s.groups-1, entries)
		last.column, last.width = l.columns-incomplete, incomplete
		s.groups--
	}
	return [2]stretch{s, last}
}
