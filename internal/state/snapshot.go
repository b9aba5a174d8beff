package state

import (
	"bytes"
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

// Save copies what a part remembers. The error is about a value that JSON does not hold,
// as NaN.
func Save(part Stateful) (*Snapshot, error) {
	w := &writer{s: &Snapshot{map[string][]float32{}, map[string][]float64{}, map[string]json.RawMessage{}}}
	part.State(w)
	return w.s, w.err
}

// Restore gives a part, which must be made anew from the same settings, what a snapshot
// remembers. It is an error if either knows a name or a size that the other does not;
// the part is then of no use.
func (s *Snapshot) Restore(part Stateful) error {
	r := &reader{s: s, seen: map[string]bool{}}
	part.State(r)
	if r.err != nil {
		return r.err
	}
	for _, name := range slices.Sorted(maps.Keys(s.names())) {
		if !r.seen[name] {
			return fmt.Errorf("%s is remembered, and nothing here has such a memory", name)
		}
	}
	return nil
}

func (s *Snapshot) names() map[string]bool {
	all := map[string]bool{}
	for name := range s.Float32s {
		all[name] = true
	}
	for name := range s.Float64s {
		all[name] = true
	}
	for name := range s.Values {
		all[name] = true
	}
	return all
}

type writer struct {
	s   *Snapshot
	err error
}

func (w *writer) fresh(name string) {
	if w.s.names()[name] && w.err == nil {
		w.err = fmt.Errorf("%s is the name of two memories", name)
	}
}

func (w *writer) Float32s(name string, x []float32) {
	w.fresh(name)
	w.s.Float32s[name] = slices.Clone(x)
}

func (w *writer) Float64s(name string, x []float64) {
	w.fresh(name)
	w.s.Float64s[name] = slices.Clone(x)
}

func (w *writer) JSON(name string, value any) {
	w.fresh(name)
	text, err := json.Marshal(value)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", name, err)
	}
	w.s.Values[name] = text
}

type reader struct {
	s    *Snapshot
	seen map[string]bool
	err  error
}

func (r *reader) Float32s(name string, x []float32) {
	saved, ok := r.s.Float32s[name]
	if r.fits(name, ok, len(saved), len(x)) {
		copy(x, saved)
	}
}

func (r *reader) Float64s(name string, x []float64) {
	saved, ok := r.s.Float64s[name]
	if r.fits(name, ok, len(saved), len(x)) {
		copy(x, saved)
	}
}

func (r *reader) JSON(name string, value any) {
	text, ok := r.s.Values[name]
	if !r.fits(name, ok, 0, 0) {
		return
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(value); err != nil {
		r.err = fmt.Errorf("%s: %w", name, err)
	}
}

// fits tells whether a piece is remembered in the size that is wanted.
func (r *reader) fits(name string, ok bool, saved, wanted int) bool {
	switch {
	case r.err != nil:
		return false
	case !ok:
		r.err = fmt.Errorf("%s is not remembered", name)
	case r.seen[name]:
		r.err = fmt.Errorf("%s is the name of two memories", name)
	case saved != wanted:
		r.err = fmt.Errorf("%s has %d numbers, and %d are remembered", name, wanted, saved)
	}
	r.seen[name] = true
	return r.err == nil
}
