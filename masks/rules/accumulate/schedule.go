package accumulate

import (
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
)

// schedule says which rows of each array a transfer looks at, and when.
type schedule struct {
	every, rows int // presentations between transfers; rows of a transfer, 0: all
	elapsed     int // presentations since the last transfer
	transfers   int // made
}

// pass lets presentations pass, and reports whether a transfer is due. Many that pass at once
// are one transfer.
func (s *schedule) pass(presentations int) bool {
	s.elapsed += presentations
	if s.elapsed < s.every {
		return false
	}
	s.elapsed %= s.every
	s.transfers++
	return true
}

// spans returns the synapses of an array that the transfer begun looks at: [lo,hi) and, where
// rows begin again at the first, [0,rest).
func (s *schedule) spans(a *masks.Synapses) (lo, hi, rest int) {
	if s.rows == 0 || s.rows >= a.In {
		return 0, a.In * a.Out, 0
	}
	first := int(uint64(s.transfers-1) * uint64(s.rows) % uint64(a.In))
	last := first + s.rows
	return first * a.Out, min(last, a.In) * a.Out, max(last-a.In, 0) * a.Out
}

// includes reports whether the transfer begun looks at synapse i of an array.
func (s *schedule) includes(a *masks.Synapses, i int) bool {
	lo, hi, rest := s.spans(a)
	return lo <= i && i < hi || i < rest
}

// looked returns how many synapses of an array the transfer begun looks at.
func (s *schedule) looked(a *masks.Synapses) int64 {
	if s.rows == 0 || s.rows >= a.In {
		return int64(a.Size())
	}
	lo, hi, rest := s.spans(a)
	return int64(a.Among(lo, hi) + a.Among(0, rest))
}

// State implements state.Stateful.
func (s *schedule) State(v state.Visitor) {
	v.JSON("elapsed", &s.elapsed)
	v.JSON("transfers", &s.transfers)
}

// localityOf returns the Locality of a cache by itself whose transfers look at so many rows.
func localityOf(rows int) (masks.Locality, error) {
	if rows > 0 {
		return 0, schema.Fieldf("rows", "is %d, and when a synapse is looked at depends on its place among the rows; set 0, for all of them", rows)
	}
	return masks.Alone, nil
}
