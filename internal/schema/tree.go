package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// asMapping copies a mapping of any Go type with its keys in lower case, since
// settings ignore case. twice are the keys that then coincide; ok is false if
// v is no mapping.
func asMapping(v any) (m map[string]any, twice []string, ok bool) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Map {
		return nil, nil, false
	}
	m = make(map[string]any, rv.Len())
	for it := rv.MapRange(); it.Next(); {
		key := strings.ToLower(fmt.Sprint(it.Key().Interface()))
		if _, seen := m[key]; seen {
			twice = append(twice, key)
		}
		m[key] = it.Value().Interface()
	}
	slices.Sort(twice)
	return m, slices.Compact(twice), true
}

// asList returns a list of any Go type; ok is false if v is no list.
func asList(v any) (list []any, ok bool) {
	if list, ok := v.([]any); ok {
		return list, true
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice && rv.Kind() != reflect.Array {
		return nil, false
	}
	list = make([]any, rv.Len())
	for i := range list {
		list[i] = rv.Index(i).Interface()
	}
	return list, true
}

// show names a value in a message: a list, the string "abc", 1.5.
func show(v any) string {
	rv := reflect.ValueOf(v)
	switch k := rv.Kind(); {
	case !rv.IsValid():
		return "nothing"
	case k == reflect.Map:
		return "a mapping"
	case k == reflect.Slice || k == reflect.Array:
		return "a list"
	case k == reflect.String:
		return "the string " + quote(rv.String())
	}
	if l, ok := v.(literal); ok {
		if _, isDate := l.Value.(time.Time); isDate {
			return "the date " + l.Text
		}
		return l.Text
	}
	if text, ok := scalarText(v); ok {
		return text
	}
	if _, ok := v.(time.Time); ok {
		return "a date"
	}
	return fmt.Sprintf("a value of type %T", v)
}

// quote quotes a string for a message and cuts it to a readable length.
func quote(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return strconv.Quote(s)
}

// writtenText is a scalar as it was written, where that is known; ok is false if v
// is no scalar.
func writtenText(v any) (text string, ok bool) {
	if l, isLiteral := v.(literal); isLiteral {
		return l.Text, true
	}
	return scalarText(v)
}

// scalarText is the text of a bool, a number or a string; ok is false if v is
// none of them. That of a bool is true or false, however it was written.
func scalarText(v any) (text string, ok bool) {
	if l, isLiteral := v.(literal); isLiteral {
		if _, isBool := l.Value.(bool); !isBool {
			return l.Text, true
		}
		v = l.Value
	}
	rv := reflect.ValueOf(v)
	switch {
	case !rv.IsValid():
		return "", false
	case rv.Kind() == reflect.Bool:
		return strconv.FormatBool(rv.Bool()), true
	case rv.Kind() == reflect.String:
		return rv.String(), true
	case rv.CanInt():
		return strconv.FormatInt(rv.Int(), 10), true
	case rv.CanUint():
		return strconv.FormatUint(rv.Uint(), 10), true
	case rv.CanFloat():
		return strconv.FormatFloat(rv.Float(), 'g', -1, 64), true
	}
	return "", false
}

// plural returns "1 element", "2 elements".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
