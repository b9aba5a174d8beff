package maskstest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"ergon/internal/parallel"
	"ergon/masks"
)

// The memory of a kind must be plain data, so that a checkpoint can save and restore it:
// numbers, strings, booleans, and slices, arrays, maps, structs and pointers of them, of
// types of the kind's package or this module. Random generators, channels and files are
// not. Functions, and arguments that a kind was given, do not count as memory.

// walk calls visit with every value that x holds, and returns an error at the first that
// is not plain data.
func walk(x any, visit func(path string, v reflect.Value)) error {
	v := reflect.ValueOf(x)
	if !v.IsValid() { // nil
		return nil
	}
	w := walker{own: packageOf(v.Type()), visit: visit, seen: map[uintptr]bool{}}
	return w.value(v, v.Type().String())
}

// foreign are the types of arguments that a kind keeps but does not own.
var foreign = []reflect.Type{reflect.TypeFor[*parallel.Pool](), reflect.TypeFor[*masks.Synapses]()}

type walker struct {
	own   string
	visit func(path string, v reflect.Value)
	seen  map[uintptr]bool
}

func packageOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath()
}

func (w *walker) value(v reflect.Value, path string) error {
	if p := v.Type().PkgPath(); p != "" && p != w.own && !strings.HasPrefix(p, "ergon/") {
		return fmt.Errorf("%s is a %s, which is not plain data", path, v.Type())
	}
	w.visit(path, v)
	switch v.Kind() {
	case reflect.Chan, reflect.UnsafePointer, reflect.Uintptr:
		return fmt.Errorf("%s is a %s, which is not plain data", path, v.Type())
	case reflect.Pointer:
		if v.IsNil() || slices.Contains(foreign, v.Type()) || w.seen[v.Pointer()] {
			return nil
		}
		w.seen[v.Pointer()] = true
		return w.value(v.Elem(), path)
	case reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return w.value(v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			if err := w.value(v.Field(i), path+"."+v.Type().Field(i).Name); err != nil {
				return err
			}
		}
	case reflect.Slice, reflect.Array:
		if e := v.Type().Elem(); e.PkgPath() == "" && isNumber(e.Kind()) {
			return nil
		}
		for i := range v.Len() {
			if err := w.value(v.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if err := w.value(v.MapIndex(key), fmt.Sprintf("%s[%v]", path, key)); err != nil {
				return err
			}
		}
	}
	return nil
}

// isNumber reports whether values of a kind are numbers or booleans, which are plain.
func isNumber(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Complex128 && k != reflect.Uintptr
}

// remembered returns every slice of n numbers that x holds, by its path: its memory of the
// synapses of an array of n. Fields named scratch are none.
func remembered(x any, n int) (map[string][]uint64, error) {
	all := map[string][]uint64{}
	err := walk(x, func(path string, v reflect.Value) {
		if v.Kind() != reflect.Slice || v.Len() != n || isScratch(path) {
			return
		}
		if !isNumber(v.Type().Elem().Kind()) {
			return
		}
		bits := make([]uint64, n)
		for i := range bits {
			bits[i] = bitsOf(v.Index(i))
		}
		all[path] = bits
	})
	return all, err
}
