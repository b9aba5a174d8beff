package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// scalar decodes a bool, a number or a string.
func (d *decoder) scalar(tree any, dst reflect.Value, f *field, path string) {
	switch dst.Kind() {
	case reflect.Bool:
		given := reflect.ValueOf(tree)
		if given.Kind() != reflect.Bool {
			d.want("true or false", tree, path)
			return
		}
		dst.SetBool(given.Bool())
	case reflect.String:
		d.text(tree, dst, f, path)
	case reflect.Int, reflect.Int64, reflect.Uint64, reflect.Float64:
		d.number(tree, dst, f, path)
	default:
		panic(panicFieldType)
	}
}

// number decodes a number and checks it against its interval.
func (d *decoder) number(tree any, dst reflect.Value, f *field, path string) {
	var x float64
	switch dst.Kind() {
	case reflect.Float64:
		v, ok := toFloat(tree)
		if !ok {
			d.want("a number", tree, path)
			return
		}
		dst.SetFloat(v)
		x = v
	case reflect.Uint64:
		v, ok := toUint(tree)
		if !ok {
			d.want("a whole number from 0 to 2^64-1", tree, path)
			return
		}
		dst.SetUint(v)
		x = float64(v)
	default:
		v, ok := toInt(tree)
		if !ok || dst.OverflowInt(v) {
			d.want("a whole number", tree, path)
			return
		}
		dst.SetInt(v)
		x = float64(v)
	}
	if f != nil && !f.in.contains(x) {
		d.fail(path, "", "%s is outside %s", show(tree), f.in.text)
	}
}

// text decodes a string. Where only certain strings are allowed, a bool or a
// number means its text: nothing is lost, and oneof:"true|false|unit" can be
// given unquoted. Elsewhere it does not, since 1.10 would become 1.1.
func (d *decoder) text(tree any, dst reflect.Value, f *field, path string) {
	choice := f != nil && f.oneof != nil
	text, ok := scalarText(tree)
	if !ok || !choice && reflect.ValueOf(tree).Kind() != reflect.String {
		hint := ""
		if ok {
			hint = fmt.Sprintf("quote it: %q", text)
		}
		d.fail(path, hint, "want a string, got %s", show(tree))
		return
	}
	if choice && !slices.Contains(f.oneof, text) {
		d.fail(path, DidYouMean(text, f.oneof), "%s is not one of %s",
			quote(text), strings.Join(quoteEmpty(f.oneof), ", "))
		return
	}
	dst.SetString(text)
}
