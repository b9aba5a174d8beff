// Package schematest takes kinds through their settings, so that a test that follows a
// registry does not stop at the defaults.
package schematest

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"ergon/internal/schema"
)

// Variant is a kind at its defaults, or with one setting changed.
type Variant[T any] struct {
	Kind  string // as the settings name it
	Name  string // of a subtest: the kind, or one like leaky_relu.slope=0.5
	Value T
}

// IsDefault says whether no setting is changed.
func (v Variant[T]) IsDefault() bool { return v.Name == v.Kind }

// Variants returns every kind of a union at its defaults and, for each of its settings,
// with one other value of those that its tags allow. All are decoded and validated. A
// setting for which no other value is found fails the test.
func Variants[T any](t testing.TB, u *schema.Union[T]) (all []Variant[T]) {
	t.Helper()
	for _, kind := range u.Kinds() {
		all = append(all, Of(t, u, kind, nil)...)
	}
	return all
}

// Of does the same for one kind, whose values start from the settings base instead of
// the defaults. Keys of structs within are dotted, as in [schema.Field].
func Of[T any](t testing.TB, u *schema.Union[T], kind schema.Kind, base map[string]any) []Variant[T] {
	t.Helper()
	value, err := decode(u, kind.Name, base)
	if err != nil {
		t.Errorf("%s: %v", kind.Name, err)
		return nil
	}
	all := []Variant[T]{{kind.Name, kind.Name, value}}
	for _, f := range kind.Fields {
		if v, ok := other(u, kind.Name, f, base, value); ok {
			all = append(all, v)
		} else {
			t.Errorf("%s: found no other value of %s (%s, default %s) that is allowed %q", kind.Name, f.Key, f.Type, f.Default, f.Allowed)
		}
	}
	return all
}

// other changes one setting.
func other[T any](u *schema.Union[T], kind string, f schema.Field, base map[string]any, held T) (Variant[T], bool) {
	for _, c := range candidates(f, f.Type) {
		settings := map[string]any{f.Key: c}
		for key, v := range base {
			if key != f.Key {
				settings[key] = v
			}
		}
		value, err := decode(u, kind, settings)
		if err == nil && !reflect.DeepEqual(value, held) {
			return Variant[T]{kind, fmt.Sprintf("%s.%s=%v", kind, f.Key, c), value}, true
		}
	}
	return Variant[T]{}, false
}

// decode makes a value of a kind as a user's settings would.
func decode[T any](u *schema.Union[T], kind string, settings map[string]any) (T, error) {
	var s struct {
		Value T `key:"value"`
	}
	s.Value, _ = u.New(kind)
	tree := map[string]any{}
	for key, v := range settings {
		at := tree
		for outer, inner, nested := strings.Cut(key, "."); nested; outer, inner, nested = strings.Cut(key, ".") {
			if at[outer] == nil {
				at[outer] = map[string]any{}
			}
			at, key = at[outer].(map[string]any), inner
		}
		at[key] = v
	}
	err := schema.Decode(map[string]any{"value": tree}, &s, nil)
	return s.Value, err
}

// candidates are values of a type that a setting may have, the most telling first. Some
// may be its default, or not be allowed.
func candidates(f schema.Field, typ string) (all []any) {
	if element, isList := strings.CutPrefix(typ, "list of "); isList {
		for _, c := range candidates(f, element) {
			all = append(all, []any{c})
		}
		return all
	}
	switch typ {
	case "bool":
		return []any{true, false}
	case "float":
		for _, x := range numbers(f) {
			all = append(all, x)
		}
	case "int":
		for _, x := range numbers(f) {
			if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
				all = append(all, int(x))
			}
		}
	default: // a string or a union, which a bare word stands for
		if f.Allowed == "" {
			return nil
		}
		for _, word := range strings.Split(f.Allowed, " | ") {
			all = append(all, strings.ReplaceAll(word, `""`, ""))
		}
	}
	return all
}

// numbers lie in the middle of a finite interval, about the default, at the ends. Of an
// integer, which may be a size, those about the default come first.
func numbers(f schema.Field) (all []float64) {
	var ends []float64
	lower, upper, _ := strings.Cut(strings.Trim(f.Allowed, "()[]"), ",")
	low, err1 := strconv.ParseFloat(lower, 64)
	high, err2 := strconv.ParseFloat(upper, 64)
	if err1 == nil && err2 == nil {
		ends = []float64{low, high}
		if f.Type != "int" && !math.IsInf(high-low, 0) {
			all = append(all, low+(high-low)/2, low+(high-low)/4)
		}
	}
	d, err := strconv.ParseFloat(f.Default, 64)
	if err != nil || math.IsInf(d, 0) { // of a list, or .inf
		d = 1
	}
	for _, x := range append([]float64{2 * d, d / 2, d + 1, d - 1, d + 2}, ends...) {
		if !math.IsInf(x, 0) {
			all = append(all, x)
		}
	}
	return all
}
