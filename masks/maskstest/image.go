package maskstest

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
)

// image returns everything that x holds, by its path: numbers, strings, lengths. It leaves
// out fields named scratch, which a step writes before it reads them, and what structs of
// internal packages hold, which are tools.
func image(x any) (map[string]string, error) {
	all, tool := map[string]string{}, ""
	err := walk(x, func(path string, v reflect.Value) {
		inTool := tool != "" && strings.HasPrefix(path, tool)
		if v.Kind() == reflect.Struct && strings.HasPrefix(v.Type().PkgPath(), "ergon/internal/") && !inTool {
			tool = path + "."
		}
		switch {
		case inTool || isScratch(path):
		case v.Kind() == reflect.String || v.Kind() == reflect.Bool || isNumber(v.Kind()):
			all[path] = exactly(v)
		case v.Kind() == reflect.Slice || v.Kind() == reflect.Map:
			all["number of "+path] = fmt.Sprint(v.Len())
			fallthrough
		case v.Kind() == reflect.Array:
			if v.Kind() == reflect.Map || !isNumber(v.Type().Elem().Kind()) {
				return
			}
			for i := range v.Len() {
				all[fmt.Sprintf("%s[%d]", path, i)] = exactly(v.Index(i))
			}
		}
	})
	return all, err
}

// isScratch reports whether a path leads through a field named scratch.
func isScratch(path string) bool {
	return slices.Contains(strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' }), "scratch")
}

// exactly writes a value so that others are written otherwise: -0 and 0, any NaN.
func exactly(v reflect.Value) string {
	if v.CanFloat() {
		return fmt.Sprintf("%v (%#x)", v, math.Float64bits(v.Float()))
	}
	return fmt.Sprint(v)
}

// change returns where two images differ first, in alphabetical order; "" nowhere.
func change(before, after map[string]string) string {
	paths := slices.Concat(slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after)))
	slices.Sort(paths)
	for _, path := range paths {
		if before[path] != after[path] {
			return fmt.Sprintf("%s is %q and %q", path, before[path], after[path])
		}
	}
	return ""
}
