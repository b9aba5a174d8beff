package state

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Snapshot is a memory at one moment, a copy.
type Snapshot struct {
	Float32s map[string][]float32
	Float64s map[string][]float64
	Values   map[string]json.RawMessage
}

// Save copies what a part remembers; nothing of a part that is not Stateful. The error is
// about a value that JSON does not hold, as NaN.
func Save(part any) (*Snapshot, error) {
	w := &writer{map[string]bool{}, &Snapshot{map[string][]float32{}, map[string][]float64{}, map[string]json.RawMessage{}}, nil}
	if s, ok := part.(Stateful); ok {
		s.State(w)
	}
	return w.s, w.err
}

// Restore gives a part, which must be made from the same settings, what a snapshot
// remembers, whatever the part remembered before. It is an error if either knows a name or
// a size that the other does not; the part is then of no use.
func (s *Snapshot) Restore(part any) error {
	r := &reader{s: s, seen: map[string]bool{}}
	if p, ok := part.(Stateful); ok {
		p.State(r)
	}
	if r.err != nil {
		return r.err
	}
	for _, name := range s.names() {
		if !r.seen[name] {
			return fmt.Errorf("%s is remembered, and nothing here has such a memory", name)
		}
	}
	return nil
}

// names lists what is remembered, in alphabetical order.
func (s *Snapshot) names() []string {
	all := slices.Collect(maps.Keys(s.Float32s))
	all = slices.AppendSeq(all, maps.Keys(s.Float64s))
	all = slices.AppendSeq(all, maps.Keys(s.Values))
	slices.Sort(all)
	return all
}
