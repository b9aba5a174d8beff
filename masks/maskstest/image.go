package maskstest

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
)

// image returns the bits of everything that x holds, by its path: numbers, strings, arrays
// of numbers, the lengths of others. It leaves out fields named scratch, which a step
// writes before it reads them, and what structs of internal packages hold, which are tools.
func image(x any) (map[string][]uint64, error) {
	all, tool := map[string][]uint64{}, ""
	err := walk(x, func(path string, v reflect.Value) {
		inTool := tool != "" && strings.HasPrefix(path, tool)
		if v.Kind() == reflect.Struct && strings.HasPrefix(v.Type().PkgPath(), "ergon/internal/") && !inTool {
			tool = path + "."
		}
		if inTool || isScratch(path) {
			return
		}
		switch kind := v.Kind(); {
		case kind == reflect.String:
			for _, b := range []byte(v.String()) {
				all[path] = append(all[path], uint64(b))
			}
		case isNumber(kind):
			all[path] = []uint64{bitsOf(v)}
		case (kind == reflect.Slice || kind == reflect.Array) && isNumber(v.Type().Elem().Kind()):
			bits := make([]uint64, v.Len())
			for i := range bits {
				bits[i] = bitsOf(v.Index(i))
			}
			all[path] = bits
		case kind == reflect.Slice || kind == reflect.Map:
			all["number of "+path] = []uint64{uint64(v.Len())}
		}
	})
	return all, err
}

// bitsOf returns the bits of a number or a boolean.
func bitsOf(v reflect.Value) uint64 {
	switch {
	case v.CanFloat():
		return math.Float64bits(v.Float())
	case v.CanInt():
		return uint64(v.Int())
	case v.CanUint():
		return v.Uint()
	case v.CanComplex():
		return math.Float64bits(real(v.Complex())) ^ math.Float64bits(imag(v.Complex()))<<1
	case v.Bool():
		return 1
	}
	return 0
}

// isScratch reports whether a path leads through a field named scratch.
func isScratch(path string) bool {
	return slices.Contains(strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' }), "scratch")
}

// change returns where two images differ first, in alphabetical order; "" nowhere.
func change(before, after map[string][]uint64) string {
	paths := slices.Concat(slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after)))
	slices.Sort(paths)
	for _, path := range paths {
		a, b := before[path], after[path]
		if len(a) != len(b) {
			return fmt.Sprintf("%s has %d numbers and %d", path, len(a), len(b))
		}
		for i := range a {
			if a[i] != b[i] {
				return fmt.Sprintf("number %d of %s has the bits %#x and %#x", i, path, a[i], b[i])
			}
		}
	}
	return ""
}
