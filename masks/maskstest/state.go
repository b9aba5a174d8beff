package maskstest

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"ergon/internal/parallel"
	"ergon/masks"
)

// What a kind remembers has to be plain data, its own or the project's, so that
// it can be written down and read back: numbers, strings, booleans, and slices,
// arrays, maps, structs and pointers of them. A generator of random numbers, a
// channel or a file is none. Functions, and what a kind is handed, are no memory.

// walk calls visit with every value that x holds, and returns an error at the
// first that is not plain. own is the package of the kind.
func walk(x any, visit func(path string, v reflect.Value)) error {
	v := reflect.ValueOf(x)
	w := walker{own: packageOf(v.Type()), visit: visit, seen: map[uintptr]bool{}}
	return w.value(v, v.Type().String())
}

// handed are the types of what a kind is handed and does not own.
var handed = []reflect.Type{reflect.TypeFor[*parallel.Pool](), reflect.TypeFor[*masks.Synapses]()}

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
		if v.IsNil() || slices.Contains(handed, v.Type()) || w.seen[v.Pointer()] {
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

// remembered returns, by its place, every list of n numbers that x holds: what it
// remembers of the synapses of an array of n.
func remembered(x any, n int) (map[string][]uint64, error) {
	all := map[string][]uint64{}
	err := walk(x, func(path string, v reflect.Value) {
		if v.Kind() != reflect.Slice || v.Len() != n {
			return
		}
		bits := make([]uint64, n)
		for i := range bits {
			switch e := v.Index(i); {
			case e.CanFloat():
				bits[i] = math.Float64bits(e.Float())
			case e.CanInt():
				bits[i] = uint64(e.Int())
			case e.CanUint():
				bits[i] = e.Uint()
			default:
				return
			}
		}
		all[path] = bits
	})
	return all, err
}
