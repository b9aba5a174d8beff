package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// reader overwrites what it is shown by what a snapshot remembers.
type reader struct {
	s    *Snapshot
	seen map[string]bool
	err  error // the first; nothing is overwritten after it
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
	saved, err := decode(text, value)
	if err != nil {
		r.err = fmt.Errorf("%s: %w", name, err)
		return
	}
	reflect.ValueOf(value).Elem().Set(saved)
}

// knows tells whether a piece is remembered.
func (r *reader) knows(name string) bool {
	_, array := r.s.Float32s[name]
	_, wide := r.s.Float64s[name]
	_, value := r.s.Values[name]
	return array || wide || value
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

// decode decodes a value of the type that pointer points at. Decoding into the value
// itself would keep what the text does not mention.
func decode(text json.RawMessage, pointer any) (value reflect.Value, err error) {
	fresh := reflect.New(reflect.TypeOf(pointer).Elem())
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err = d.Decode(fresh.Interface()); err == nil && !errors.Is(d.Decode(new(json.RawMessage)), io.EOF) {
		err = errors.New("more than one value")
	}
	return fresh.Elem(), err
}
