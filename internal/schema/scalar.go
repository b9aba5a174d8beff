package schema

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
)

// scalar decodes a bool, a number or a string.
func (d *decoder) scalar(tree any, dst reflect.Value, f *field, path string) {
	switch dst.Kind() {
	case reflect.Bool:
		given := reflect.ValueOf(valueOf(tree))
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
	if f != nil {
		tree = f.names.replace(tree)
	}
	given := valueOf(tree)
	var x float64
	var ok bool
	what := "a whole number"
	switch dst.Kind() {
	case reflect.Float64:
		what = "a number"
		if x, ok = toFloat(given); ok {
			dst.SetFloat(x)
		}
	case reflect.Uint64:
		var v uint64
		what = "a whole number from 0 to 2^64-1"
		if v, ok = toUint(given); ok {
			dst.SetUint(v)
		}
		x = float64(v)
	default:
		var v int64
		if v, ok = toInt(given); ok {
			ok = !dst.OverflowInt(v)
			dst.SetInt(v)
		}
		x = float64(v)
	}
	l, written := tree.(literal)
	if written && isNumber(l.Value) {
		if problem, hint := misread(l.Text, asFloat(l.Value)); problem != "" {
			d.fail(path, hint, "%s", problem)
			return
		}
	}
	switch {
	case !ok:
		d.notNumber(what, tree, f, path)
	case f != nil && !f.in.contains(x):
		d.fail(path, "", "%s is outside %s", show(tree), f.in.text)
	case d.single && dst.Kind() == reflect.Float64:
		d.checkSingle(tree, x, f, path)
	}
}

// notNumber reports what is no number, or not the one that is wanted.
func (d *decoder) notNumber(what string, tree any, f *field, path string) {
	hint := ""
	if text, ok := tree.(string); ok {
		switch {
		case f != nil && f.names.hint(text) != "":
			hint = f.names.hint(text)
		case tooLarge(text):
			hint = "it is larger than the largest number, 1.8e308"
		case strings.Contains(text, ","):
			hint = "one number is wanted, and no comma"
		}
	}
	d.fail(path, hint, "want %s, got %s", what, show(tree))
}

// checkSingle refuses a number that float32, in which a run computes, turns
// into another sort of number: zero, and it would have no effect, or infinity.
func (d *decoder) checkSingle(tree any, x float64, f *field, path string) {
	single := float64(float32(x))
	hint := ""
	switch {
	case single == 0 && x != 0:
		if f != nil && f.in.contains(0) {
			hint = "write 0 where that is meant"
		}
		d.fail(path, hint, "%s is 0 in float32, and nothing would come of it", show(tree))
	case math.IsInf(single, 0) && !math.IsInf(x, 0):
		if f != nil && f.in.contains(single) {
			hint = "write .inf where that is meant"
		}
		d.fail(path, hint, "%s is infinite in float32", show(tree))
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
			written, _ := writtenText(tree)
			hint = fmt.Sprintf("quote it: %q", written)
		}
		d.fail(path, hint, "want a string, got %s", show(tree))
		return
	}
	if choice && !slices.Contains(f.oneof, text) {
		d.fail(path, DidYouMean(text, f.oneof), "%s is not one of %s",
			quote(text), strings.Join(quoteEmpty(f.oneof), ", "))
		return
	}
	if f != nil {
		var err error
		if text, err = f.meaning(text); err != nil {
			d.fail(path, err.(*Error).Hint, "%s", err.(*Error).Problem)
			return
		}
	}
	dst.SetString(text)
}

// meaning returns what the text of a path or a name stands for.
func (f *field) meaning(text string) (string, error) {
	switch f.text {
	case pathText:
		return Path(text)
	case nameText:
		return Name(text)
	}
	return text, nil
}
