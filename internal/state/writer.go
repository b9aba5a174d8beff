package state

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// writer copies what it is shown into a snapshot.
type writer struct {
	seen map[string]bool
	s    *Snapshot
	err  error // the first
}

func (w *writer) enter(name string) {
	if w.seen[name] {
		w.fail("%s is the name of two memories", name)
	}
	w.seen[name] = true
}

func (w *writer) fail(format string, arguments ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, arguments...)
	}
}

func (w *writer) Float32s(name string, x []float32) {
	w.enter(name)
	w.s.Float32s[name] = slices.Clone(x)
}

func (w *writer) Float64s(name string, x []float64) {
	w.enter(name)
	w.s.Float64s[name] = slices.Clone(x)
}

// JSON also reads the value again: what JSON leaves out would else be lost silently, as
// unexported fields are.
func (w *writer) JSON(name string, value any) {
	w.enter(name)
	text, err := json.Marshal(value)
	if err != nil {
		w.fail("%s: %w", name, err)
		return
	}
	again, err := decode(text, value)
	switch {
	case err != nil:
		w.fail("%s: %w", name, err)
	case !reflect.DeepEqual(again.Interface(), reflect.ValueOf(value).Elem().Interface()):
		w.fail("%s: JSON does not give back the %T that it was given, but %s", name, reflect.ValueOf(value).Elem().Interface(), text)
	}
	w.s.Values[name] = text
}
